from django.core.management.base import BaseCommand

from communities.models import Division
from reports.publishing import bring_up_to_date


class Command(BaseCommand):
    help = (
        "Publishes what was accepted since the last run, so that no page waits for it. "
        "Run it daily; doing it again publishes nothing."
    )

    def handle(self, **options):
        for code in Division.objects.filter(level=Division.Level.DISTRICT).values_list("pk", flat=True):
            self.stdout.write(f"{code}: {bring_up_to_date(code)} quarters published")
