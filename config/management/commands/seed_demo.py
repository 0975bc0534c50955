"""The demo's story, told to an empty database."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from communities.roles import ROLES
from config.demo import people, story


class Command(BaseCommand):
    help = "Tell the demo's story to an empty database; or, with --sign-ins, print who can sign in to it."

    def add_arguments(self, parser):
        parser.add_argument("--sign-ins", action="store_true", help="print the demo's people and their password")

    def handle(self, *, sign_ins, **options):
        if not settings.DEMO:
            raise CommandError("This is no demo: set DEMO=1 where no real data will ever be.")
        if sign_ins:
            self._print_sign_ins()
        elif story.is_told():
            self.stdout.write("The demo is there already.")
        elif story.has_other_data():
            raise CommandError(
                "This database holds accounts or children that are not the demo's: the demo is never put beside real "
                "data. Give it an empty database of its own."
            )
        else:
            story.tell()
            self.stdout.write("The demo is ready.")

    def _print_sign_ins(self):
        self.stdout.write(f"Sign in as one of these, with the password {people.PASSWORD}")
        with translation.override("en"):
            for person in people.SIGN_INS:
                self.stdout.write(f"  {person.username:<14} {ROLES[person.role].title}, {person.place}")
