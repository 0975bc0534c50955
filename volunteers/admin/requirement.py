"""What districts ask of their helpers, and the words of the pledge."""

from django.contrib import admin
from django.utils import timezone

from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from volunteers.models import PledgeText, Requirement
from volunteers.vetting import recount_district


@admin.register(Requirement, site=staff_site)
class RequirementAdmin(StaffAdmin):
    list_display = ["helper_kind", "what", "is_asked", "valid_months", "from_day", "district"]
    list_filter = ["helper_kind", "what"]
    list_select_related = ["district"]
    ordering = ["-from_day", "helper_kind", "pk"]
    fields = ["district", "helper_kind", "what", "is_asked", "valid_months", "remind_days", "from_day"]
    fixed_fields = ["district"]

    def has_change_permission(self, request, obj=None):
        """A line that has begun to hold stays as it was: a newer one replaces it."""
        begun = obj is not None and obj.from_day <= timezone.localdate()
        return not begun and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        recount_district(obj.district_id)


@admin.register(PledgeText, site=staff_site)
class PledgeTextAdmin(StaffAdmin):
    list_display = ["number", "from_day", "published_on", "district"]
    list_select_related = ["district"]
    ordering = ["-number", "pk"]
    fields = ["district", "text", "from_day", "number", "published_on"]
    readonly_fields = ["number", "published_on"]
    fixed_fields = ["district", "text", "from_day"]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        made = PledgeText.publish(district=obj.district, text=obj.text, from_day=obj.from_day, by=request.user)
        obj.pk, obj.number = made.pk, made.number
        recount_district(obj.district_id)
