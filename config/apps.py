from django.apps import AppConfig
from django.core import checks


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config.workdesk import workdesk
        from records import measures
        from records.staff_checks import check_staff_pages
        from records.staff_site import staff_site

        for app in ("communities", "children", "volunteers", "activities", "homes", "reports", "config"):
            _import_if_present(f"{app}.admin")
        measures.load()
        staff_site.workdesk = workdesk

        @checks.register(checks.Tags.admin)
        def staff_pages(app_configs, **kwargs):
            return check_staff_pages(staff_site)


def _import_if_present(name):
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec(name):
        import_module(name)
