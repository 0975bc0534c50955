from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.places import keys_to_print, may_at
from records.privacy import BASIC
from records.scoping import Scope
from records.staff_admin import FixedInline, StaffAdmin, own_choices
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from records.text import clean_key
from records.wording import listed
from volunteers.admin.acts import act_page
from volunteers.admin.pairing_forms import ActivateForm, AgreeForm, EndForm, HearForm, PauseForm, concerns_of
from volunteers.kinds import HelperKind
from volunteers.matching.refusing import without_barred, words_against
from volunteers.models import CloseOut, ContactDuty, Deputy, Duty, Pairing, Pause, Volunteer


class HelperChoice(forms.ModelChoiceField):
    """Only helpers who may be given a child today; says what each can do and how many places are taken."""

    def label_from_instance(self, helper):
        kinds = listed(HelperKind(kind).label for kind in helper.kinds)
        taken = gettext("%(now)s of %(most)s children") % {"now": helper.children_now, "most": helper.capacity}
        return f"{helper.name} · {kinds} · {taken}"


class ChildChoice(forms.ModelChoiceField):
    def label_from_instance(self, child):
        return f"{child.name} · {child.number}"


class OwedFilter(ChoiceParameterFilter):
    title = _("five ones")
    parameter_name = "owed"
    options = {
        "overdue": (_("overdue"), lambda rows: rows.overdue()),
        "open": (_("something to do"), lambda rows: rows.filter(status="active", next_due_on__isnull=False)),
        "none": (_("all done"), lambda rows: rows.filter(status="active", next_due_on=None)),
    }


class CloseOutFilter(ChoiceParameterFilter):
    title = _("close-out")
    parameter_name = "closing"
    options = {
        "open": (_("still open"), lambda rows: rows.filter(close_out__in=CloseOut.objects.still_open())),
        "done": (_("completed"), lambda rows: rows.filter(close_out__done_on__isnull=False)),
    }


class DeputiesOfPairing(FixedInline):
    model = Deputy
    fields = ["deputy_name", "from_day", "until_day", "ended_on", "guardian"]
    readonly_fields = ["deputy_name", "from_day", "until_day", "ended_on", "guardian"]
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("volunteer")

    @admin.display(description=_("deputy"))
    def deputy_name(self, deputy):
        return deputy.volunteer.name


class DutiesOfPairing(FixedInline):
    model = Duty
    fields = ["due_on", "status_shown", "done_on", "excuse"]
    readonly_fields = ["status_shown", "done_on", "excuse"]
    show_change_link = False
    ordering = ["-due_on", "pk"]

    @admin.display(description=_("status"))
    def status_shown(self, duty):
        return duty.status.label


class PausesOfPairing(FixedInline):
    model = Pause
    fields = ["starts_on", "until", "resumed_on", "note"]
    show_change_link = False


class ContactsOfPairing(FixedInline):
    model = ContactDuty
    fields = ["made_on", "fulfils"]
    readonly_fields = ["fulfils"]
    show_change_link = False
    max_num = 0

    @admin.display(description=_("fulfils a duty"), boolean=True)
    def fulfils(self, line):
        return line.duty_id is not None


@admin.register(Pairing, site=staff_site)
class PairingAdmin(StaffAdmin):
    """Proposed here, then moved on by acts; nothing of a pairing is ever typed over."""

    list_display = ["child_name", "helper_name", "kind", "status", "next_due_on", "missing_shown"]
    list_filter = ["status", "kind", OwedFilter, CloseOutFilter]
    search_fields = ["child__name", "child__number", "volunteer__name"]
    search_help_text = _("Name of the child or the helper, or file number")
    list_select_related = ["child", "volunteer"]
    ordering = ["-proposed_on", "-pk"]
    fieldsets = [(None, {"fields": ["child", "volunteer", "kind"]})]
    sheet = [
        (None, {"fields": [("child_name", "helper_name", "kind"), ("status", "next_due_on", "missing_shown")]}),
        (
            _("Course"),
            {"fields": [("proposed_on", "card_signed_on"), ("starts_on", "ends_on"), "end_reason", "end_note"]},
        ),
        (_("Heard"), {"fields": [("guardian_agreed", "guardian_agreed_on"), ("child_opinion", "child_words")]}),
    ]
    readonly_fields = [
        *["child_name", "helper_name", "missing_shown", "status", "next_due_on", "proposed_on", "card_signed_on"],
        *["starts_on", "ends_on", "end_reason", "end_note"],
        *["guardian_agreed", "guardian_agreed_on", "child_opinion", "child_words"],
    ]
    column_facts = {"child_name": BASIC, "helper_name": BASIC}
    inlines = [DeputiesOfPairing, PausesOfPairing, DutiesOfPairing, ContactsOfPairing]
    actions = ["hear", "agree", "activate", "pause", "resume", "end"]
    community_from = "child"
    change_list_template = "volunteers/pairing_change_list.html"
    change_form_template = "volunteers/pairing_change_form.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name == "volunteers_pairing_changelist":
            names = ["child__name", "child__number", "volunteer__name", "volunteer__community", "child__community"]
            columns = ["kind", "status", "next_due_on", "missing", "proposed_on", "community", "district", "version"]
            rows = rows.select_related("child", "volunteer").only("child", "volunteer", *names, *columns)
        return rows

    def changelist_view(self, request, extra_context=None):
        keys = {"print_keys": keys_to_print(request.user, Pairing)}
        return super().changelist_view(request, {**(extra_context or {}), **keys})

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return super().get_fieldsets(request, obj)
        return [
            (title, {"fields": [shown for row in rest["fields"] if (shown := self._shown_fields(request, row))]})
            for title, rest in self.sheet
        ]

    def has_change_permission(self, request, obj=None):
        """The acts need it for the list; a single pairing has no form."""
        return obj is None and super().has_change_permission(request)

    def get_autocomplete_fields(self, request):
        """None: a search box would show file numbers only, and these lists end at one community."""
        return []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        chosen = clean_key(request.GET.get("child"))
        if db_field.name == "volunteer":
            rows = own_choices(db_field, request.user).available().order_by("name", "pk")
            if child := chosen and Child.objects.visible_to(request.user).filter(pk=chosen).first():
                rows = without_barred(rows, child)
            return HelperChoice(rows.defer("phone", "id_number"), label=_("Helper"))
        if db_field.name == "child":
            minors = own_choices(db_field, request.user).minors_on(timezone.localdate())
            rows = minors.filter(left_on=None).only("name", "number")
            return ChildChoice(rows.filter(pk=chosen) if chosen else rows, label=_("Child"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if obj.child.community_id not in Scope.of(*request.user.codes_for(Pairing, "add")):
            raise PermissionDenied
        made = Pairing.propose(child=obj.child, volunteer=obj.volunteer, kind=obj.kind, by=request.user)
        obj.__dict__.update(made.__dict__)

    def log_addition(self, request, obj, message):
        """`propose` has written it."""

    @admin.display(description=_("child"), ordering="child__name_pinyin")
    def child_name(self, pairing):
        return pairing.child.name

    @admin.display(description=_("helper"), ordering="volunteer__name")
    def helper_name(self, pairing):
        return pairing.volunteer.name

    @admin.display(description=_("still to do"))
    def missing_shown(self, pairing):
        return listed(pairing.missing_words) or self.empty_value_display

    @admin.action(description=_("Guardian and child are heard…"), permissions=["change"])
    def hear(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="hear",
            title=_("Guardian and child are heard"),
            form_class=HearForm,
            explain=_("Ask before the card is signed. A child under 8 may show its opinion without words."),
            perform=lambda pairing, answers: pairing.hear(by=request.user, **answers),
            about=lambda pairing: pairing.child,
        )

    @admin.action(description=_("Agree: the card is signed…"), permissions=["change"])
    def agree(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="agree",
            title=_("The pairing card is signed"),
            form_class=AgreeForm,
            explain=_("Helper, guardian and child have signed the pairing card."),
            perform=lambda pairing, answers: pairing.agree(by=request.user, **answers),
        )

    @admin.action(description=_("Activate…"), permissions=["change"])
    def activate(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="activate",
            title=_("Activate the pairing"),
            form_class=ActivateForm,
            explain=_(
                "The helper sees the child in the portal from the first day, and the five ones of the term open."
            ),
            perform=lambda pairing, answers: pairing.activate(by=request.user, **answers),
        )

    @admin.action(description=_("Pause…"), permissions=["change"])
    def pause(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="pause",
            title=_("Pause the pairing"),
            form_class=PauseForm,
            explain=_(
                "The helper sees nothing of the child meanwhile and owes nothing; the place is kept. "
                "When it goes on, what was owed has as many days more."
            ),
            perform=lambda pairing, answers: pairing.pause(by=request.user, **answers),
        )

    @admin.action(description=_("Go on…"), permissions=["change"])
    def resume(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="resume",
            title=_("Let the pairing go on"),
            explain=_("The helper sees the child again from now on."),
            perform=lambda pairing, answers: pairing.resume(by=request.user),
        )

    @admin.action(description=_("End…"), permissions=["change"])
    def end(self, request, pairings):
        return self._act(
            request,
            pairings,
            action="end",
            title=_("End the pairing"),
            form_class=partial(EndForm, concerns=concerns_of(pairings, request.user)),
            explain=_("The helper sees nothing of the child any more, at once."),
            perform=lambda pairing, answers: pairing.end(by=request.user, **answers),
            then=_close_out_page,
        )

    def _act(self, request, pairings, **details):
        return act_page(self, request, pairings, words_for=_words, **details)

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        if obj is not None:
            may_look = may_at(request.user, "view", CloseOut, obj.community_id)
            may_name = may_at(request.user, "add", Deputy, obj.community_id)
            context["has_close_out"] = may_look and obj.starts_on is not None
            context["may_have_deputy"] = may_name and obj.status in Pairing.HOLDING
            context["opens_child"] = Child.objects.visible_to(request.user).filter(pk=obj.child_id).exists()
            context["opens_helper"] = Volunteer.objects.visible_to(request.user).filter(pk=obj.volunteer_id).exists()
            context["barred"] = words_against([obj]).get(obj.pk) if obj.status != Pairing.Status.ENDED else None
        if obj is not None and super().has_change_permission(request, obj):
            context["acts"] = [
                {"name": name, "label": label, "kind": kind}
                for name, label, new, kind in [
                    ("hear", _("Guardian and child are heard…"), "agreed", "" if obj.guardian_agreed_on else "primary"),
                    ("agree", _("The card is signed…"), "agreed", "primary" if obj.guardian_agreed_on else ""),
                    ("activate", _("Activate…"), "active", "primary"),
                    ("pause", _("Pause…"), "paused", ""),
                    ("resume", _("Go on…"), "active", "primary"),
                    ("end", _("End…"), "ended", ""),
                ]
                if new in Pairing.TRANSITIONS[obj.status]
                and name != ("activate" if obj.status == Pairing.Status.PAUSED else "resume")
            ]
        return super().render_change_form(request, context, *args, **kwargs)


def _close_out_page(pairing):
    """Where a pairing that began leads to once it has ended; a proposal leaves nothing behind."""
    pairing.refresh_from_db()
    is_left_behind = pairing.status == Pairing.Status.ENDED and pairing.starts_on is not None
    return reverse("pairings:close_out", args=[pairing.pk]) if is_left_behind else None


def _words(pairing):
    return f"{pairing.child.name} – {pairing.volunteer.name} ({pairing.get_kind_display()})"
