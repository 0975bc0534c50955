from django.core.management.base import BaseCommand, CommandError

from records.sealing import WritersBusy, seal_up_to_now


class Command(BaseCommand):
    help = "Adds what is new on the trail to its chain of seals. Run it on a timer; keep the digest elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("--patience", type=int, default=60, help="seconds to wait for open transactions")

    def handle(self, *args, patience, **options):
        try:
            seals = seal_up_to_now(patience)
        except WritersBusy:
            raise CommandError("A transaction is still writing to the trail. The next run will seal.") from None
        for seal in seals:
            self.stdout.write(f"{seal.count} entries, {seal}: {seal.digest}")
        if not seals:
            self.stdout.write("Nothing new to seal.")
