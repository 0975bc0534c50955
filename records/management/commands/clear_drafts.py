from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from records.drafts import DAYS_KEPT, Draft
from records.once import UsedToken


class Command(BaseCommand):
    help = f"Removes drafts nobody touched and form tokens used more than {DAYS_KEPT} days ago."

    def handle(self, *args, **options):
        before = timezone.now() - timedelta(days=DAYS_KEPT)
        drafts, _by_model = Draft.objects.filter(updated_at__lt=before).delete()
        tokens, _by_model = UsedToken.objects.filter(used_at__lt=before).delete()
        self.stdout.write(f"{drafts} drafts and {tokens} form tokens removed.")
