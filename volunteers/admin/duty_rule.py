from django.contrib import admin
from django.utils import timezone

from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from volunteers.admin.acts import DateInput
from volunteers.models import DutyRule


@admin.register(DutyRule, site=staff_site)
class DutyRuleAdmin(StaffAdmin):
    list_display = ["pairing_kind", "duty_kind", "times", "from_day", "district"]
    list_filter = ["pairing_kind", "duty_kind"]
    list_select_related = ["district"]
    ordering = ["-from_day", "pairing_kind", "pk"]
    fields = ["district", "pairing_kind", "duty_kind", "times", "opens_after", "due_before", "from_day"]
    fixed_fields = ["district"]

    def has_change_permission(self, request, obj=None):
        """A rule that terms have begun under stays as it was."""
        begun = obj is not None and obj.from_day <= timezone.localdate()
        return not begun and super().has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "from_day":
            kwargs["widget"] = DateInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)
