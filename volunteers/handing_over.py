"""What the next helper may know of the pairing before: an allow-list, once the office has passed it on.

Never what helpers wrote about their contacts, never a concern or a note of the staff.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from volunteers.kinds import DutyKind
from volunteers.models import CloseOut, ContactDuty, Pairing, Promise

PACKS_SHOWN = 3


@dataclass(frozen=True)
class Pack:
    """`done`: (what, how often, last on) of the contacts; `promises`: those still open."""

    close_out: Any
    done: list
    promises: list

    @property
    def pairing(self):
        return self.close_out.pairing


def packs_for(child, pairings):
    """Those of pairings that had ended when one of these own `pairings` of the helper began, the newest first."""
    begun = max((pairing.starts_on for pairing in pairings), default=None)
    if begun is None:
        return []
    before = CloseOut.objects.filter(pairing__child=child, pairing__ends_on__lte=begun, released_on__isnull=False)
    before = before.filter(pairing__status=Pairing.Status.ENDED).exclude(
        pairing__volunteer__in=[pairing.volunteer_id for pairing in pairings]
    )
    return packs_of(before.select_related("pairing").order_by("-pairing__ends_on", "-pk")[:PACKS_SHOWN])


def packs_of(close_outs):
    close_outs = list(close_outs)
    keys = [one.pairing_id for one in close_outs]
    promises, done = list(Promise.objects.filter(pairing__in=keys).still_open()), _done_in(keys)
    return [
        Pack(one, done.get(one.pairing_id, []), [p for p in promises if p.pairing_id == one.pairing_id])
        for one in close_outs
    ]


def _done_in(keys):
    """{pairing: [(kind, times, last day)]} in the order of the five ones."""
    lines = ContactDuty.objects.filter(pairing__in=keys, kind__gt="").order_by().values("pairing", "kind")
    found: dict = {}
    for line in lines.annotate(times=Count("contact", distinct=True), last=Max("made_on")):
        found.setdefault(line["pairing"], {})[line["kind"]] = (line["times"], line["last"])
    return {key: [(kind, *by_kind[kind]) for kind in DutyKind if kind in by_kind] for key, by_kind in found.items()}
