from django.contrib import admin
from django.shortcuts import redirect
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from children.models import Concern
from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from records.templatetags.ui import badge

TONES = {"open": "stop", "reported": "info", "closed": "done"}


@admin.register(Concern, site=staff_site)
class ConcernAdmin(StaffAdmin):
    """Suspected harm, the open ones first. A concern is raised from a child's file and followed up on its own page."""

    list_display = ["linked_time", "child_number", "standing", "raised_by_name", "told", "reported_at"]
    list_display_links = None
    list_filter = ["status", "community"]
    list_select_related = ["child", "raised_by"]
    search_fields = ["child__number"]
    search_help_text = _("File number")
    ordering = ["-raised_at", "pk"]
    fields = ["child", "status", "told"]
    readonly_fields = ["child", "status", "told"]

    def has_add_permission(self, request):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        concern = self.get_object(request, object_id)
        if concern is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("children:concern", pk=concern.pk)

    @admin.display(description=_("raised"), ordering="raised_at")
    def linked_time(self, concern):
        address = reverse("children:concern", args=[concern.pk])
        return format_html(
            '<a href="{}">{}</a>', address, date(timezone.localtime(concern.raised_at), "DATETIME_FORMAT")
        )

    @admin.display(description=_("child"))
    def child_number(self, concern):
        return concern.child.number

    @admin.display(description=_("status"), ordering="status")
    def standing(self, concern):
        return badge(concern.get_status_display(), TONES[concern.status])

    @admin.display(description=_("raised by"))
    def raised_by_name(self, concern):
        return concern.raised_by.name
