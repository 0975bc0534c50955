"""The staff site: signs in through the one sign-in page, shows the menu by the programme's words, keeps no log."""

from copy import copy

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    site_title = site_header = _("Small Hands")
    index_title = _("What needs me today")
    enable_nav_sidebar = False
    empty_value_display = "—"

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request, extra_context=None):
        return redirect("account_login")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    workdesk = None  # a function from the request to the groups of lines on the front page; set by the composing app

    def index(self, request, extra_context=None):
        lines = self.workdesk(request) if self.workdesk else []
        return super().index(request, {"workdesk": lines, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """Worked out only where it is shown: every page is handed it, and two show it."""
        return SimpleLazyObject(lambda: super(StaffSite, self).get_app_list(request, app_label))

    def rows_at(self, model, request, params):
        """The rows that the list of `model` shows under these parameters; a 404 where the list knows no such filter."""
        looked_at = copy(request)
        looked_at.method, looked_at.GET = "GET", QueryDict(params)
        try:
            return self.get_model_admin(model).get_changelist_instance(looked_at).queryset
        except (IncorrectLookupParameters, SuspiciousOperation):
            raise Http404 from None

    def get_urls(self):
        """Without "view on site": it tells which keys exist, whoever asks."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def get_log_entries(self, request):
        """Recent acts are on the trail, never Django's log of names."""
        from django.contrib.admin.models import LogEntry

        return LogEntry.objects.none()


staff_site = StaffSite(name="admin")
staff_site.disable_action("delete_selected")
