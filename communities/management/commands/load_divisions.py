import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from communities.models import Division

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "divisions_150902.csv"
LEVELS = {6: "district", 9: "street", 12: "community"}


class Command(BaseCommand):
    help = "Load a county's divisions from a CSV (code, name, level, parent); without a file, the one shipped."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=str(SHIPPED))
        parser.add_argument("--english", help="a CSV of code,name_en for names in English")

    @transaction.atomic
    def handle(self, file, english=None, **options):
        rows = self._read(file)
        names_en = {row["code"]: row["name_en"] for row in self._read(english, ("code", "name_en"))} if english else {}
        loaded = 0
        for row in sorted(rows, key=lambda row: len(row["code"])):
            code = row["code"]
            if len(code) not in LEVELS:
                continue  # provinces and cities stand above the district
            details = {"name": row["name"].strip(), "level": LEVELS[len(code)]}
            details["parent_id"] = {6: None, 9: code[:6], 12: code[:9]}[len(code)]
            if code in names_en:
                details["name_en"] = names_en[code]
            Division.objects.update_or_create(code=code, defaults=details)
            loaded += 1
        self.stdout.write(f"{loaded} divisions")

    def _read(self, file, columns=("code", "name")):
        try:
            with Path(file).open(encoding="utf-8-sig", newline="") as handle:
                rows = list(csv.DictReader(handle))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file}: {error}") from error
        for number, row in enumerate(rows, 2):
            missing = [c for c in columns if not (row.get(c) or "").strip()]
            if missing:
                raise CommandError(f"{file}, line {number}: {', '.join(missing)} missing")
            row["code"] = row["code"].strip()
            if not row["code"].isdigit():
                raise CommandError(f"{file}, line {number}: the code {row['code']!r} is no number")
        return rows
