import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from children import imports
from children.roster.refusal import RosterRefused
from children.roster.report import write_verdicts_to
from communities.models import Division
from records.lifecycle import Refused


class Command(BaseCommand):
    help = (
        "Read a roster and take its good rows onto the register, all or none. "
        "Run from the command line it has no person: the trail shows the act without one."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--division", required=True, help="code of a community, street office or district")
        parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="survey day, YYYY-MM-DD (today)")
        parser.add_argument("--dry-run", action="store_true", help="read and report, take nothing in")
        parser.add_argument("--report", type=Path, help="write every row's verdict to this CSV file")

    def handle(self, *args, **options):
        division = Division.objects.filter(code=options["division"]).first()
        if division is None:
            raise CommandError(f"There is no division with the code {options['division'][:20]!r}.")
        as_of = options["as_of"] or timezone.localdate()
        if as_of > timezone.localdate():
            raise CommandError("The survey day lies in the future.")
        try:
            with transaction.atomic():
                self._import(division, as_of, options)
        except RosterRefused as refused:
            raise CommandError(refused.message) from refused
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _import(self, division, as_of, options):
        name = options["file"].name
        with options["file"].open("rb") as file:
            batch = imports.read_roster(file, division=division, as_of=as_of, name=name, by=None)
        if not options["dry_run"]:
            imports.confirm(batch, by=None)
        if options["report"]:
            write_verdicts_to(options["report"], imports.report_rows(batch), file_name=name)
        for words in ("accepted", "rejected", "duplicate", "ignored"):
            self.stdout.write(f"{words}: {batch.counts.get(words, 0)}")
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Dry run: nothing was taken in.")
        else:
            added, completed = batch.counts["added"], batch.counts["completed"]
            self.stdout.write(self.style.SUCCESS(f"Added {added} children, completed {completed} files."))
