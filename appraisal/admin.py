"""Commendations on a helper's page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from appraisal.models import Nomination
from records.staff_admin import FixedInline, shown_on
from volunteers.models import Volunteer


@shown_on(Volunteer)
class CommendationsOfHelper(FixedInline):
    model = Nomination
    fields = ["title", "call_title", "status", "decided_on"]
    readonly_fields = ["title", "call_title", "status", "decided_on"]
    view_on_site = False
    verbose_name_plural = _("nominations and commendations")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("call")

    @admin.display(description=_("call"))
    def call_title(self, nomination):
        return f"{nomination.call.title} · {nomination.call.year}"
