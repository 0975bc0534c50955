from django.core.management.base import BaseCommand

from children.transfer import lapse_unanswered


class Command(BaseCommand):
    help = "Lets offers of files lapse that nobody answered in time. Run it daily; doing it again changes nothing."

    def handle(self, **options):
        self.stdout.write(f"{lapse_unanswered()} offers lapsed")
