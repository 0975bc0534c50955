import datetime as dt

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.identity import normalise_phone
from communities.models import User
from communities.places import keys_to_print, may_at
from records.days import DayField
from records.lifecycle import Refused
from records.policy import visible_or_404
from records.privacy import BASIC, CONTACT, SECRET
from records.scoping import Scope
from records.secrets import blind_index, masked
from records.staff_admin import FixedInline, StaffAdmin, StaffInline
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from records.step_up import ask_again
from records.text import CodeField
from records.trail import log_act
from records.wording import listed
from volunteers.admin.acts import act_page, choices_field
from volunteers.admin.vetting import vetting_page
from volunteers.kinds import HelperKind
from volunteers.models import Pairing, RecordCheck, Thanks, Volunteer


class StandingFilter(ChoiceParameterFilter):
    title = _("clearance")
    parameter_name = "check"
    options = {
        "valid": (_("valid"), lambda rows: rows.filter(cleared_until__gte=timezone.localdate())),
        "soon": (_("ends within 30 days"), lambda rows: rows.filter(cleared_until__range=_next_days(30))),
        "unlasting": (
            _("record check missing or ends within 30 days"),
            lambda rows: rows.without_lasting_check(timezone.localdate()),
        ),
        "renew": (_("something to renew"), lambda rows: rows.filter(left_on=None, remind_on__lte=timezone.localdate())),
        "lapsed": (
            _("lapsed, with a child"),
            lambda rows: rows.uncleared_on(timezone.localdate()).accompanying_on(timezone.localdate()),
        ),
        "none": (_("none or ended"), lambda rows: rows.uncleared_on(timezone.localdate())),
    }


class KindFilter(ChoiceParameterFilter):
    title = _("can help as")
    parameter_name = "kind"
    options = {
        value: (label, lambda rows, value=value: rows.filter(kinds__contains=[value]))
        for value, label in HelperKind.choices
    }


class ServiceFilter(ChoiceParameterFilter):
    title = _("service")
    parameter_name = "service"
    options = {
        "here": (_("in service"), lambda rows: rows.in_service_on(timezone.localdate())),
        "paired": (
            _("in service, with a child"),
            lambda rows: rows.in_service_on(timezone.localdate()).holding_places(),
        ),
        "free": (_("has a free place"), lambda rows: rows.filter(pk__in=Volunteer.objects.available().values("pk"))),
        "left": (_("has left"), lambda rows: rows.filter(left_on__lte=timezone.localdate())),
    }


SECRETS = [("phone", "phone_shown"), ("id_number", "id_number_shown")]


def _next_days(days):
    today = timezone.localdate()
    return today, today + dt.timedelta(days=days)


class RecordCheckInline(StaffInline):
    """Checks are added, never changed: a wrong one is followed by a right one."""

    model = RecordCheck
    fields = ["checked_on", "result", "reference", "valid_until", "recorded_by_name"]
    readonly_fields = ["recorded_by_name"]
    show_change_link = False
    max_num = 30

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("recorded_by")

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("recorded by"))
    def recorded_by_name(self, check):
        return check.recorded_by.name if check.recorded_by else self.get_empty_value_display()


class PairingsOfHelper(FixedInline):
    model = Pairing
    fields = ["child_name", "kind", "status", "starts_on", "ends_on", "next_due_on"]
    readonly_fields = ["child_name", "status", "starts_on", "ends_on", "next_due_on"]
    verbose_name_plural = _("pairings")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("child")

    @admin.display(description=_("child"))
    def child_name(self, pairing):
        return pairing.child.name


class LeaveForm(forms.Form):
    left_on = DayField(label=_("Left on"), initial=timezone.localdate)


class AccountForm(forms.Form):
    username = CodeField(label=_("Sign-in name"), max_length=60)


@admin.register(Volunteer, site=staff_site)
class VolunteerAdmin(StaffAdmin):
    list_display = ["name", "kinds_shown", "phone_shown", "children_shown", "check_shown"]
    list_filter = [ServiceFilter, KindFilter, StandingFilter]
    search_fields = ["name"]
    search_help_text = _("Name or whole phone number")
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": [("name", "sex", "birth_date"), *SECRETS, "address", "school_class"]}),
        (_("Helping"), {"fields": ["kinds", "topics", "subjects", "languages", "hobbies", ("capacity", "reach_km")]}),
        (_("Free on"), {"fields": ["free_at", "motivation", "joined_on", "note"]}),
        (_("Standing"), {"fields": [("cleared_until", "left_on", "account_shown")]}),
    ]
    readonly_fields = ["phone_shown", "id_number_shown", "cleared_until", "left_on", "account_shown"]
    column_facts = {"phone_shown": CONTACT, "id_number_shown": SECRET, "account_shown": BASIC}
    inlines = [RecordCheckInline, PairingsOfHelper]
    actions = ["leave_service", "take_back_leaving", "connect_account"]
    change_list_template = "volunteers/volunteer_change_list.html"
    change_form_template = "volunteers/volunteer_change_form.html"

    def changelist_view(self, request, extra_context=None):
        keys = {"print_keys": keys_to_print(request.user, Volunteer)}
        return super().changelist_view(request, {**(extra_context or {}), **keys})

    def get_queryset(self, request):
        rows = super().get_queryset(request).with_places()
        if request.resolver_match.url_name == "volunteers_volunteer_changelist":
            rows = rows.defer("phone", "id_number")  # not opened for a list
        return rows

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        if phone := normalise_phone(search_term):
            found = found | queryset.filter(phone_hash=blind_index(phone, "phone"))
        return found, distinct

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField):
            return choices_field(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Other kinds of helping can ask for more: counted anew at once."""
        super().save_model(request, obj, form, change)
        if "kinds" in form.changed_data:
            obj.recount_clearance()

    def save_formset(self, request, form, formset, change):
        """New checks go through the verb, which also opens or closes the way."""
        if formset.model is not RecordCheck:
            return super().save_formset(request, form, formset, change)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for added in formset.extra_forms:
            if added.has_changed() and added.is_valid():
                facts = {n: added.cleaned_data[n] for n in ("checked_on", "result", "reference", "valid_until")}
                check = form.instance.record_check(by=request.user, **facts)
                formset.new_objects.append(check)

    @admin.display(description=_("can help as"))
    def kinds_shown(self, helper):
        return listed(HelperKind(kind).label for kind in helper.kinds)

    @admin.display(description=_("phone"))
    def phone_shown(self, helper):
        return masked(helper.phone_last4)

    @admin.display(description=_("ID number"))
    def id_number_shown(self, helper):
        return masked(helper.id_number_last4)

    @admin.display(description=_("children"), ordering="children_now")
    def children_shown(self, helper):
        return gettext("%(now)s of %(most)s") % {"now": helper.children_now, "most": helper.capacity}

    @admin.display(description=_("clearance"), ordering="cleared_until")
    def check_shown(self, helper):
        if helper.cleared_until is None:
            return gettext("none")
        valid = helper.is_cleared_on(timezone.localdate())
        words = gettext("valid until %(day)s") if valid else gettext("ended %(day)s")
        return words % {"day": date_format(helper.cleared_until, "SHORT_DATE_FORMAT")}

    @admin.display(description=_("account"))
    def account_shown(self, helper):
        return helper.user.username if helper.user_id else self.empty_value_display

    @admin.action(description=_("Leave the service…"), permissions=["change"])
    def leave_service(self, request, helpers):
        return act_page(
            self,
            request,
            helpers,
            action="leave_service",
            title=_("Leave the service"),
            form_class=LeaveForm,
            words_for=lambda helper: helper.name,
            explain=_("All pairings of the helper must have ended. From that day on the portal is closed to them."),
            perform=lambda helper, answers: helper.leave(on=answers["left_on"], by=request.user),
        )

    @admin.action(description=_("Did not leave after all…"), permissions=["change"])
    def take_back_leaving(self, request, helpers):
        return act_page(
            self,
            request,
            helpers,
            action="take_back_leaving",
            title=_("Did not leave after all"),
            words_for=lambda helper: helper.name,
            explain=_("As if the leaving had never been noted. Put the helper into teams and groups again yourself."),
            perform=lambda helper, _answers: helper.take_back_leaving(by=request.user),
        )

    @admin.action(description=_("Connect an account…"), permissions=["change"])
    def connect_account(self, request, helpers):
        ask_again(request)
        return act_page(
            self,
            request,
            helpers,
            action="connect_account",
            title=_("Connect an account"),
            form_class=AccountForm,
            words_for=lambda helper: helper.name,
            explain=_("The administrator has made an account with the role of volunteer; type its sign-in name."),
            perform=lambda helper, answers: helper.give_account(
                _account_named(answers["username"], request.user), by=request.user
            ),
        )

    # The phone, shown once and written down --------------------------------------------------------------------------

    def get_urls(self):
        show = path("<int:pk>/phone/", self.admin_site.admin_view(self.show_phone), name="volunteers_volunteer_phone")
        page = path("<int:pk>/vetting/", self.admin_site.admin_view(self.vetting), name="volunteers_volunteer_vetting")
        return [show, page, *super().get_urls()]

    def vetting(self, request, pk):
        return vetting_page(self, request, pk)

    def show_phone(self, request, pk):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("volunteers.reveal_volunteer") or not request.user.sees(CONTACT):
            raise PermissionDenied
        helper = visible_or_404(Volunteer.objects, request.user, "reveal", pk=pk)
        ask_again(request)
        log_act(request.user, "revealed", helper, fields=["phone"])
        context = {
            **self.admin_site.each_context(request),
            "title": helper.name,
            "helper": helper,
            "opts": self.opts,
            "back": reverse("admin:volunteers_volunteer_change", args=[pk]),
        }
        return TemplateResponse(request, "volunteers/phone.html", context)

    def render_change_form(self, request, context, *args, **kwargs):
        helper = kwargs.get("obj")
        context["may_thank"] = helper is not None and may_at(request.user, "add", Thanks, helper.community_id)
        context["can_reveal"] = (
            helper is not None
            and request.user.sees(CONTACT)
            and may_at(request.user, "reveal", Volunteer, helper.community_id)
        )
        if helper is not None and self.has_change_permission(request, helper):
            context["acts"] = [
                *([] if helper.user_id else [("connect_account", _("Connect an account…"))]),
                ("take_back_leaving", _("Did not leave after all…"))
                if helper.left_on
                else ("leave_service", _("Leave the service…")),
            ]
        return super().render_change_form(request, context, *args, **kwargs)


def _account_named(username, user):
    """An account posted as volunteer inside the divisions of `user`; anything else is not found."""
    account = User.objects.filter(username=username, is_active=True).first()
    scope = Scope.of(*user.codes_for(Volunteer, "change"))
    posted = account is not None and any(
        p.role == "volunteer" and p.division_id in scope for p in account.current_postings
    )
    if not posted:
        raise Refused(gettext("There is no volunteer's account of that name in your community."))
    return account
