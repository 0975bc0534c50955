from django.contrib import admin, messages
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homes.models import Home, Standard, StandardItem
from records.lifecycle import refusals_shown
from records.staff_admin import FixedInline, StaffAdmin
from records.staff_site import staff_site

RULE = ["kind", "comparison", "threshold", "weight", "is_bar", "measure", "base_measure", "reckoned", "over"]
CHANGEABLE = {"label_en", "label_zh", "comparison", "threshold", "weight", "is_bar", "source_en", "source_zh"}


@admin.register(Home, site=staff_site)
class HomeAdmin(StaffAdmin):
    list_display = ["name", "community", "area", "hours", "last_grade", "checks"]
    list_filter = ["community"]
    list_select_related = ["community"]
    search_fields = ["name", "community__name", "community__name_en"]
    ordering = ["community_id", "pk"]
    fieldsets = [
        (None, {"fields": ["name", "address", ("area", "opened_on"), "closed_on"]}),
        (gettext_lazy("Opening"), {"fields": ["opening_times"]}),
    ]
    readonly_fields = ["closed_on"]
    fixed_fields = ["opened_on"]
    actions = ["close_today"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_last_check().with_hours()

    @admin.display(description=gettext_lazy("open hours a week in term time"), ordering="hours")
    def hours(self, home):
        return floatformat(home.hours)

    @admin.display(description=gettext_lazy("last grade"), ordering="last_score")
    def last_grade(self, home):
        return dict(Home._meta.get_field("inspections").related_model.Grade.choices).get(home.last_grade)

    @admin.display(description=gettext_lazy("checks and gaps"))
    def checks(self, home):
        return format_html('<a href="{}">{}</a>', home.get_absolute_url(), _("Open"))

    @admin.action(description=gettext_lazy("Close selected Homes today"), permissions=["change"])
    def close_today(self, request, homes):
        for home in homes:
            with refusals_shown(request):
                home.close(by=request.user, on=timezone.localdate())
                messages.success(request, _("%(home)s is closed.") % {"home": home})


class StandardItemInline(FixedInline):
    model = StandardItem
    fields = ["code", "requirement", "required", "weight", "is_bar"]
    readonly_fields = ["requirement", "required"]
    ordering = ["position"]
    verbose_name_plural = gettext_lazy("requirements")

    @admin.display(description=gettext_lazy("requirement"))
    def requirement(self, item):
        return item.label

    @admin.display(description=gettext_lazy("met with"))
    def required(self, item):
        return item.required


@admin.register(Standard, site=staff_site)
class StandardAdmin(StaffAdmin):
    """Editions come from the shipped one or from a copy; an edition in force is only read."""

    list_display = [
        "edition",
        "heading",
        "district",
        "status",
        "in_force_from",
        "replaced_from",
        "approved_by",
        "whole",
    ]
    list_filter = ["status"]
    list_select_related = ["district", "approved_by"]
    ordering = ["district_id", "-edition"]
    fields = [
        "district", "edition", ("title_en", "title_zh"), "in_force_from", "status", "replaced_from",
        ("drafted_by", "approved_by"),
    ]  # fmt: skip
    readonly_fields = ["district", "edition", "status", "replaced_from", "drafted_by", "approved_by"]
    inlines = [StandardItemInline]
    actions = ["make_draft"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    @admin.display(description=gettext_lazy("changes and approval"))
    def whole(self, standard):
        return format_html('<a href="{}">{}</a>', standard.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("title"))
    def heading(self, standard):
        return standard.title

    @admin.action(description=gettext_lazy("Draft a new edition"), permissions=["change"])
    def make_draft(self, request, standards):
        for standard in standards:
            with refusals_shown(request):
                draft = standard.new_draft(by=request.user)
                messages.success(request, _("Edition %(edition)s is a draft now.") % {"edition": draft.edition})


@admin.register(StandardItem, site=staff_site)
class StandardItemAdmin(StaffAdmin):
    """One requirement: its words, threshold and weight change in a draft; what kind it is does not."""

    list_display = ["code", "requirement", "section", "required", "weight", "is_bar", "standard"]
    list_filter = ["section", "kind", "is_bar"]
    list_select_related = ["standard"]
    search_fields = ["code", "label_en", "label_zh"]
    ordering = ["standard_id", "position"]
    fields = ["standard", "code", "section", ("label_en", "label_zh"), ("comparison", "threshold"), "weight", "is_bar"]
    fields += ["kind", "measure", "base_measure", "reckoned", "over", ("source_en", "source_zh")]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.standard.is_draft)

    def get_readonly_fields(self, request, obj=None):
        fixed = {"standard", "code", "section", *RULE} - CHANGEABLE
        return [*super().get_readonly_fields(request, obj), *sorted(fixed)]

    @admin.display(description=gettext_lazy("requirement"))
    def requirement(self, item):
        return item.label

    @admin.display(description=gettext_lazy("met with"))
    def required(self, item):
        return item.required
