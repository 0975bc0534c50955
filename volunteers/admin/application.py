"""Offers to help, as staff read them: talk with the person, then accept or refuse."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.identity import normalise_phone
from records.days import DayField
from records.privacy import BASIC, CONTACT
from records.secrets import blind_index
from records.staff_admin import StaffAdmin
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from records.text import CleanCharField
from records.wording import comma, listed
from volunteers.admin.acts import act_page
from volunteers.kinds import FREE_AT
from volunteers.models import HelperApplication, Volunteer

LISTS = ["kinds", "topics", "subjects", "languages", "hobbies", "free_at"]


class OpenFilter(ChoiceParameterFilter):
    title = _("status")
    parameter_name = "state"
    options = {
        "open": (_("to be decided"), lambda rows: rows.waiting()),
        **{
            value: (label, lambda rows, value=value: rows.filter(status=value))
            for value, label in HelperApplication.Status.choices
        },
    }


class InterviewForm(forms.Form):
    on = DayField(label=_("Talked with on"), initial=timezone.localdate)
    note = CleanCharField(label=_("From the interview"), max_length=300, required=False)


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=HelperApplication.Reason)
    note = CleanCharField(label=_("In words"), max_length=200, required=False)


def _words_of(field):
    """A column that shows the words of a list of choices."""
    choices = dict(HelperApplication._meta.get_field(field).base_field.choices) if field != "free_at" else dict(FREE_AT)

    @admin.display(description=HelperApplication._meta.get_field(field).verbose_name)
    def shown(self, application):
        named = listed(choices.get(value, value) for value in getattr(application, field))
        return named or self.empty_value_display

    return shown


@admin.register(HelperApplication, site=staff_site)
class HelperApplicationAdmin(StaffAdmin):
    list_display = ["number", "name", "kinds_shown", "received_at", "status"]
    list_filter = [OpenFilter]
    search_fields = ["number", "name"]
    search_help_text = _("Number, name or whole phone number")
    ordering = ["-received_at", "pk"]
    fieldsets = [
        (None, {"fields": [("number", "status", "received_at"), "known_already"]}),
        (
            _("Who"),
            {"fields": [("name", "sex", "birth_date"), ("phone_in_full", "address", "school_class"), "motivation"]},
        ),
        (_("Helping"), {"fields": [*(f"{name}_shown" for name in LISTS), ("capacity", "reach_km")]}),
        (_("Decision"), {"fields": [("interviewed_on", "interview_note"), ("closed_on", "reason", "reason_note")]}),
    ]
    readonly_fields = [
        *["number", "status", "received_at", "known_already", "name", "sex", "birth_date", "phone_in_full", "address"],
        *["school_class", "motivation", *(f"{name}_shown" for name in LISTS), "capacity", "reach_km"],
        *["interviewed_on", "interview_note", "closed_on", "reason", "reason_note"],
    ]
    column_facts = {"phone_in_full": CONTACT, "known_already": BASIC}
    actions = ["note_interview", "accept", "refuse", "withdraw"]
    change_form_template = "volunteers/application_change_form.html"
    records_reads = True
    kinds_shown = _words_of("kinds")
    topics_shown = _words_of("topics")
    subjects_shown = _words_of("subjects")
    languages_shown = _words_of("languages")
    hobbies_shown = _words_of("hobbies")
    free_at_shown = _words_of("free_at")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name == "volunteers_helperapplication_changelist":
            rows = rows.defer("phone", "id_number", "address")  # not opened for a list
        return rows

    def has_change_permission(self, request, obj=None):
        """The acts need it for the list; nothing of an application is typed over."""
        return obj is None and super().has_change_permission(request)

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        if phone := normalise_phone(search_term):
            found = found | queryset.filter(phone_hash=blind_index(phone, "phone"))
        return found, distinct

    @admin.display(description=_("phone"))
    def phone_in_full(self, application):
        """Shown in full, for the one thing to do with an application is to call; the look is on the trail."""
        return application.phone or self.empty_value_display

    @admin.display(description=_("known already"))
    def known_already(self, application):
        helpers, others = application.lookalikes()
        address = "admin:volunteers_volunteer_change"
        known = [(_url(address, helper), gettext("helper: %(name)s") % {"name": helper.name}) for helper in helpers[:5]]
        address = "admin:volunteers_helperapplication_change"
        known += [
            (_url(address, other), gettext("application %(number)s") % {"number": other.number}) for other in others[:5]
        ]
        if not known:
            return gettext("no, neither this phone nor this ID number")
        return format_html_join(comma(), '<a href="{}">{}</a>', known)

    @admin.action(description=_("Note the interview…"), permissions=["change"])
    def note_interview(self, request, applications):
        return self._act(
            request,
            applications,
            action="note_interview",
            title=_("Note the interview"),
            form_class=InterviewForm,
            explain=_("What you spoke of, how the person came across, what they should know before they begin."),
            perform=lambda one, answers: one.note_interview(**answers, by=request.user),
        )

    @admin.action(description=_("Accept as a helper…"), permissions=["change"])
    def accept(self, request, applications):
        return self._act(
            request,
            applications,
            action="accept",
            title=_("Accept as a helper"),
            explain=_(
                "The person comes on the list of helpers. Children's data stay closed until all that is asked is met."
            ),
            perform=lambda one, answers: one.accept(by=request.user),
        )

    @admin.action(description=_("Refuse…"), permissions=["change"])
    def refuse(self, request, applications):
        return self._act(
            request,
            applications,
            action="refuse",
            title=_("Refuse the application"),
            form_class=RefuseForm,
            explain=_("Tell the person in kind words. Their data are removed after 180 days."),
            perform=lambda one, answers: one.refuse(**answers, by=request.user),
        )

    @admin.action(description=_("The person withdraws…"), permissions=["change"])
    def withdraw(self, request, applications):
        return self._act(
            request,
            applications,
            action="withdraw",
            title=_("The person withdraws"),
            explain=_("Their data are removed after 180 days."),
            perform=lambda one, answers: one.withdraw(by=request.user),
        )

    def _act(self, request, applications, **details):
        return act_page(self, request, applications, words_for=lambda one: f"{one.name} {one.number}", **details)

    def render_change_form(self, request, context, *args, **kwargs):
        one = kwargs.get("obj")
        if one is not None and super().has_change_permission(request, one):
            context["acts"] = _acts_of(one)
        if one is not None and one.helper_id and Volunteer.objects.visible_to(request.user).filter(pk=one.helper_id):
            context["helper_url"] = _url("admin:volunteers_volunteer_change", one.helper)
        return super().render_change_form(request, context, *args, **kwargs)


def _acts_of(one):
    if one.status not in HelperApplication.OPEN:
        return []
    first = (
        ("note_interview", _("Note the interview…"), "primary")
        if one.status == HelperApplication.Status.RECEIVED
        else ("accept", _("Accept as a helper…"), "primary")
    )
    return [first, ("refuse", _("Refuse…"), ""), ("withdraw", _("The person withdraws…"), "quiet")]


def _url(address, row):
    return reverse(address, args=[row.pk])
