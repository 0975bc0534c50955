from django.core.management.base import BaseCommand

from children import imports


class Command(BaseCommand):
    help = f"Discard rosters that nobody confirmed within {imports.KEPT_DAYS} days and wipe what they say of people."

    def handle(self, *args, **options):
        self.stdout.write(f"Discarded {imports.discard_forgotten()} rosters.")
