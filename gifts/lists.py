"""Which entries of the ledger are shown, on the page and in the workbook alike."""

from gifts.models import Entry
from records.days import clean_day


class LedgerFilter:
    """What the address asks for; what is no choice and no day narrows nothing."""

    def __init__(self, asked):
        kind = asked.get("kind", "")
        self.kind = kind if kind in Entry.Kind.values else ""
        self.start, self.end = clean_day(asked.get("start")), clean_day(asked.get("end"))

    def rows(self, user):
        """Entries `user` may see, the newest first."""
        rows = Entry.objects.visible_to(user).select_related("line__gift__giver", "community", "noted_by")
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.start:
            rows = rows.filter(on__gte=self.start)
        if self.end:
            rows = rows.filter(on__lte=self.end)
        return rows.order_by("-on", "-pk")
