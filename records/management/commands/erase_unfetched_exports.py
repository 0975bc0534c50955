from django.core.management.base import BaseCommand

from records import export_files
from records.exports import HOURS_TO_FETCH


class Command(BaseCommand):
    help = f"Erases the files of large lists that nobody fetched within {HOURS_TO_FETCH} hours of their release."

    def handle(self, *args, **options):
        self.stdout.write(f"The files of {export_files.erase_expired()} lists erased.")
