"""What districts ask of their helpers, and the words of the pledge."""

import datetime as dt

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.models import Division
from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from volunteers.models import PledgeText, Requirement
from volunteers.vetting import recount_district

NOTICE_DAYS = 30


@admin.register(Requirement, site=staff_site)
class RequirementAdmin(StaffAdmin):
    list_display = ["helper_kind", "what", "is_asked", "valid_months", "from_day", "district"]
    list_filter = ["helper_kind", "what"]
    list_select_related = ["district"]
    ordering = ["-from_day", "helper_kind", "pk"]
    fields = ["district", "helper_kind", "what", "is_asked", "valid_months", "remind_days", "from_day"]
    fixed_fields = ["district"]

    change_list_template = "volunteers/requirement_change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.recommend)
        return [path("recommend/", view, name="volunteers_requirement_recommend"), *super().get_urls()]

    def recommend(self, request):
        """Ask for what the programme recommends, a month from now, in the districts of this administrator."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        from_day = timezone.localdate() + dt.timedelta(days=NOTICE_DAYS)
        added = 0
        for district in Division.objects.filter(pk__in=request.user.codes_for(Requirement, "add"), level="district"):
            added += Requirement.recommend(district, from_day=from_day, by=request.user)
            recount_district(district.pk)
        words = _("%(count)s lines added. They hold from %(day)s: helpers have until then.")
        messages.success(request, words % {"count": added, "day": date_format(from_day, "SHORT_DATE_FORMAT")})
        return HttpResponseRedirect(reverse("admin:volunteers_requirement_changelist"))

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
