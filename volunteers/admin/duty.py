from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.privacy import BASIC
from records.staff_admin import StaffAdmin
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from records.text import CleanCharField
from volunteers.admin.acts import act_page
from volunteers.models import Duty


class StatusFilter(ChoiceParameterFilter):
    title = _("status")
    parameter_name = "state"
    options = {
        "overdue": (
            _("overdue"),
            lambda rows: rows.unsettled().filter(due_on__lt=timezone.localdate(), pairing__status="active"),
        ),
        "due": (
            _("due"),
            lambda rows: rows.unsettled().filter(due_on__gte=timezone.localdate(), opens_on__lte=timezone.localdate()),
        ),
        "done": (_("done"), lambda rows: rows.filter(done_on__isnull=False)),
        "excused": (_("excused"), lambda rows: rows.filter(excused_on__isnull=False)),
    }


class ExcuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[c for c in Duty.Excuse.choices if c[0] != Duty.Excuse.PAIRING_ENDED]
    )
    note = CleanCharField(label=_("In words"), max_length=200, required=False)


@admin.register(Duty, site=staff_site)
class DutyAdmin(StaffAdmin):
    list_display = ["child_name", "helper_name", "kind", "due_on", "status_shown"]
    list_filter = [StatusFilter, "kind", "term"]
    search_fields = ["pairing__child__name", "pairing__volunteer__name"]
    search_help_text = _("Name of the child or the helper")
    list_select_related = ["pairing__child", "pairing__volunteer"]
    ordering = ["due_on", "pk"]
    fieldsets = [
        (None, {"fields": [("child_name", "helper_name"), ("kind", "term"), ("opens_on", "due_on", "status_shown")]}),
        (_("Settled"), {"fields": [("done_on", "excused_on"), "excuse", "excuse_note"]}),
    ]
    readonly_fields = [*["child_name", "helper_name", "status_shown", "done_on", "excused_on", "excuse", "excuse_note"]]
    column_facts = {"child_name": BASIC, "helper_name": BASIC}
    actions = ["excuse"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("pairing__child", "pairing__volunteer")
        if request.resolver_match.url_name == "volunteers_duty_changelist":
            names = ["pairing__child__name", "pairing__volunteer__name", "pairing__status"]
            own = [f.name for f in Duty._meta.concrete_fields if f.name not in ("excuse_note", "excused_by")]
            rows = rows.only(*own, "pairing__child", "pairing__volunteer", *names)
        return rows

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    @admin.display(description=_("child"), ordering="pairing__child__name_pinyin")
    def child_name(self, duty):
        return duty.pairing.child.name

    @admin.display(description=_("helper"), ordering="pairing__volunteer__name")
    def helper_name(self, duty):
        return duty.pairing.volunteer.name

    @admin.display(description=_("status"))
    def status_shown(self, duty):
        return duty.status.label

    @admin.action(description=_("Excuse…"), permissions=["change"])
    def excuse(self, request, duties):
        return act_page(
            self,
            request,
            duties,
            action="excuse",
            title=_("Excuse from these duties"),
            form_class=ExcuseForm,
            words_for=lambda duty: f"{duty.pairing.child.name} – {duty.get_kind_display()}",
            explain=_("An excused duty no longer counts as missing. The reason stays on file."),
            perform=lambda duty, answers: duty.forgive(by=request.user, **answers),
        )
