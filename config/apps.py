from django.apps import AppConfig
from django.core import checks


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config.workdesk import workdesk
        from records import measures
        from records.discovery import import_from_apps
        from records.staff_checks import check_staff_pages
        from records.staff_site import staff_site

        import_from_apps("admin")
        measures.load()
        staff_site.workdesk = workdesk

        @checks.register(checks.Tags.admin)
        def staff_pages(app_configs, **kwargs):
            return check_staff_pages(staff_site)
