from django.core.management.base import BaseCommand, CommandError

from children.moving import bring_home, misplaced


class Command(BaseCommand):
    help = "Finds rows that stand in another community than the child they are about; --mend brings them to the child."

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="bring them to the child's community")

    def handle(self, *, mend, **options):
        found = misplaced()
        for model, keys in found.items():
            self.stdout.write(f"{model._meta.label}: {len(keys)}")
        if found and not mend:
            raise CommandError("Some rows stand in another community than their child.")
        self.stdout.write(f"{bring_home(found)} rows brought home" if found else "Every row stands where its child is.")
