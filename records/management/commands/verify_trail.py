from django.core.management.base import BaseCommand, CommandError

from records.sealing import first_broken_seal
from records.trail import TrailSeal


class Command(BaseCommand):
    help = "Recomputes every seal of the trail and names the first that does not hold."

    def add_arguments(self, parser):
        parser.add_argument("--anchor", help="a digest kept elsewhere: fails if the chain no longer contains it")

    def handle(self, *args, anchor, **options):
        if broken := first_broken_seal():
            raise CommandError(f"Seal {broken.pk} of {broken.at:%Y-%m-%d %H:%M} over entries {broken} is broken.")
        if anchor and not TrailSeal.objects.filter(digest=anchor).exists():
            raise CommandError("The chain does not contain this digest: it was cut off or made anew.")
        last = TrailSeal.objects.order_by("-id").first()
        self.stdout.write(f"{TrailSeal.objects.count()} seals hold; the last is {last.digest if last else 'none'}.")
