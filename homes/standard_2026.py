"""The standard the product ships: 49 requirements in both languages, as data; a district's first draft."""

import csv
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from homes.models import Standard, StandardItem
from records.lifecycle import Refused
from records.trail import log_act

FILE = Path(__file__).parent / "data" / "standard_2026.csv"
TITLE_EN, TITLE_ZH = "Children's Home standard 2026", "儿童之家建设标准(2026年)"


def shipped_items():
    """The rows of the file as unsaved items, in their order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for position, row in enumerate(csv.DictReader(file), 1):
            threshold, weight, is_bar = row.pop("threshold"), row.pop("weight"), row.pop("is_bar")
            yield StandardItem(
                position=position,
                threshold=Decimal(threshold) if threshold else None,
                weight=int(weight),
                is_bar=is_bar == "yes",
                **row,
            )


@transaction.atomic
def load_standard(district, *, by=None):
    """Give a district the shipped standard as a draft; `by` is None where the installation itself brings it."""
    rows = Standard.objects.select_for_update().filter(district=district).order_by("pk")
    editions = {standard.edition: standard.status for standard in rows}
    if Standard.Status.DRAFT in editions.values():
        raise Refused(_("This district already has a draft: work on that one."))
    standard = Standard.objects.create(
        district=district,
        edition=max(editions, default=0) + 1,
        title_en=TITLE_EN,
        title_zh=TITLE_ZH,
        drafted_by=by,
    )
    items = list(shipped_items())
    for item in items:
        item.standard = standard
    StandardItem.objects.bulk_create(items)
    log_act(by, "loaded", standard)
    return standard
