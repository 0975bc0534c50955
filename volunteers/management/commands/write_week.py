from django.core.management.base import BaseCommand

from volunteers import weekly


class Command(BaseCommand):
    help = (
        "Writes what the week of the five ones asks of each community, which staff find on their start page. "
        "Run it on Mondays after open_duties; doing it again in the same week adds nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{weekly.write_all()} weeks written")
