from importlib import import_module

from django.apps import AppConfig, apps
from django.core import checks
from django.utils.module_loading import module_has_submodule


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config.workdesk import workdesk
        from records import measures
        from records.staff_checks import check_staff_pages
        from records.staff_site import staff_site

        for app in apps.get_app_configs():
            if module_has_submodule(app.module, "admin") and not app.name.startswith(("django.", "allauth")):
                import_module(f"{app.name}.admin")
        measures.load()
        staff_site.workdesk = workdesk

        @checks.register(checks.Tags.admin)
        def staff_pages(app_configs, **kwargs):
            return check_staff_pages(staff_site)
