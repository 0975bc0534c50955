"""Pieces come into a Home's register: from an approved purchase, from a gift handed to the Home, or as found there.

The Home is locked before its pieces, so that numbers follow each other and nothing comes in twice.
"""

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gifts.models import Entry, HandOut
from premises.models import Asset, AssetCount, AssetNote, AssetRequest, CountLine
from premises.models.asset_request import PIECES_AT_MOST
from records.lifecycle import Refused
from records.trail import log_act, log_acts
from records.versions import stored_for_update

Status, Origin = Asset.Status, Asset.Origin


def given_to(home):
    """Entries of the gift ledger: what was handed to this Home in whole pieces and is not all in the register yet.

    Each has `pieces`, how many are still to be checked in."""
    standing = HandOut.objects.standing().filter(home=home, to=HandOut.To.HOME)
    rows = Entry.objects.filter(hand_out__in=standing).exclude(line__kind="money").select_related("line__gift__giver")
    there = _in_register(rows)
    entries = []
    for entry in rows.order_by("-on", "-pk"):
        entry.pieces = int(-entry.quantity) - there.get(entry.pk, 0)
        if entry.pieces > 0:
            entries.append(entry)
    return entries


def _in_register(entries):
    rows = Asset.objects.filter(entry__in=entries).order_by()
    return dict(rows.values_list("entry").annotate(Count("pk")))


def _open(home):
    held = stored_for_update(home)
    if not held.is_open:
        raise Refused(_("This Home is closed."))
    return held


def _day(on):
    if on > timezone.localdate():
        raise Refused(_("The day lies in the future."))
    return on


@transaction.atomic
def check_in_purchase(request, *, pieces, place="", unit_price=None, on, by):
    """Pieces of an approved request came; when all are there it is closed."""
    home = _open(request.home)
    stored = stored_for_update(request)
    if stored.status != AssetRequest.Status.APPROVED:
        raise Refused(_("This request is not approved, or closed already."))
    if _day(on) < stored.decided_on:
        raise Refused(_("It was approved after that day."))
    left = stored.outstanding
    if pieces > left:
        raise Refused(_("Only %(left)s of them are still to come.") % {"left": left})
    facts = {"kind": stored.kind, "name": stored.name, "place": place, "unit_price": unit_price, "acquired_on": on}
    made = _register(home, pieces, by, origin=Origin.PURCHASE, request=stored, **facts)
    if pieces == left:
        request.note_received(by=by)
    return made


@transaction.atomic
def check_in_gift(home, entry, *, pieces, kind, place="", on, by):
    """Pieces of a gift that was handed to the Home."""
    home = _open(home)
    stored_for_update(entry.line)  # nobody takes the gift back meanwhile
    still = next((one for one in given_to(home) if one.pk == entry.pk), None)
    if still is None or pieces > still.pieces:
        left = still.pieces if still else 0
        raise Refused(_("Only %(left)s of them are still to come.") % {"left": left})
    if _day(on) < still.on:
        raise Refused(_("It was handed to the Home after that day."))
    facts = {"kind": kind, "name": still.line.name, "place": place, "unit_price": still.line.unit_price}
    return _register(home, pieces, by, origin=Origin.GIFT, entry=still, acquired_on=on, **facts)


@transaction.atomic
def check_in_earlier(home, *, pieces, kind, name, place="", unit_price=None, on, by):
    """What was in the Home before its register was begun."""
    facts = {"kind": kind, "name": name, "place": place, "unit_price": unit_price, "acquired_on": _day(on)}
    return _register(_open(home), pieces, by, origin=Origin.EARLIER, **facts)


def _register(home, pieces, by, **facts):
    if not 1 <= pieces <= PIECES_AT_MOST:
        raise Refused(_("Check in 1 to %(most)s pieces at a time.") % {"most": PIECES_AT_MOST})
    last = home.assets.aggregate(last=Max("number"))["last"] or 0
    place = {"home": home, "community_id": home.community_id, "district": home.district}
    made = Asset.objects.bulk_create([Asset(number=last + 1 + n, **place, **facts) for n in range(pieces)])
    _noted(made, AssetNote.Kind.CHECKED_IN, {}, by)
    log_acts(by, "checked equipment in", Asset, {one.pk: one.community_id for one in made}, home=home)
    return made


def _noted(assets, kind, words, by):
    """A line of history for each; `words`: {key of a piece: words}."""
    AssetNote.objects.bulk_create(
        AssetNote(
            **{"asset": one, "community_id": one.community_id, "district": one.district, "kind": kind, "noted_by": by},
            words=words.get(one.pk, ""),
        )
        for one in assets
    )


# The entry ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def change(asset, *, name, place, unit_price, seen, by):
    """Put the entry right: what it is called, where it stands, what it cost. `seen`: its newest line on the page."""
    stored = stored_for_update(asset)
    if stored.newest_note() != seen:
        raise Refused(_("Something changed meanwhile. Look at it again."))
    if stored.status == Status.SCRAPPED:
        raise Refused(_("What is scrapped is not changed any more."))
    typed = {"name": name, "place": place, "unit_price": unit_price}
    fields = [field for field, value in typed.items() if getattr(stored, field) != value]
    if not fields:
        return asset
    for field in fields:
        setattr(stored, field, typed[field])
    stored.save(update_fields=fields)
    stored.note(AssetNote.Kind.CHANGED, by=by)
    log_act(by, "changed an entry of the register", stored, fields=fields)
    return stored


# The count ------------------------------------------------------------------------------------------------------------


def newest_line(home):
    """The key of the newest line in the history of all pieces of this Home: what a count was made of."""
    return AssetNote.objects.filter(asset__home=home).aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def count(home, *, missing, found, counted_on, handler, counter, seen, by):
    """Enter the signed sheet. `missing`, `found`: {key of a piece: how it is explained}; all others are as expected.

    What is lent or waits to be scrapped is not counted: it is known where that is.
    """
    held = _open(home)
    if handler == counter:
        raise Refused(_("Two different people count."))
    pieces = {one.pk: one for one in held.assets.kept().select_for_update(of=("self",)).order_by("pk")}
    if newest_line(held) != seen:
        raise Refused(_("Something came in or changed meanwhile. Look at the list again."))
    _refuse_unexplained(pieces, missing, found)
    _day(counted_on)
    expected = sum(one.status in (Status.IN_USE, Status.BROKEN) for one in pieces.values())
    made = AssetCount.objects.create(
        **{"home": held, "community_id": held.community_id, "counted_on": counted_on, "noted_by": by},
        **{"handler": handler, "counter": counter},
        **{"expected": expected, "there": expected - len(missing) + len(found)},
    )
    for status, lines in ((Status.MISSING, missing), (Status.IN_USE, found)):
        for key, why in sorted(lines.items()):
            CountLine.objects.create(
                count=made, community_id=held.community_id, asset=pieces[key], found=status == Status.IN_USE, why=why
            )
            pieces[key].turn(status, words=why, by=by)
    log_act(by, "counted the register", made, home=held)
    return made


def _refuse_unexplained(pieces, missing, found):
    expected = {key for key, one in pieces.items() if one.status in (Status.IN_USE, Status.BROKEN)}
    lost = {key for key, one in pieces.items() if one.status == Status.MISSING}
    if not (missing.keys() <= expected and found.keys() <= lost):
        raise Refused(_("Something came in or changed meanwhile. Look at the list again."))
    if not all([*missing.values(), *found.values()]):
        raise Refused(_("Say of each difference how it is explained."))


def search(rows, text):
    """Pieces whose name, place or number holds `text`."""
    asked = Q(name__icontains=text) | Q(place__icontains=text)
    home, _dash, number = text.rpartition("-")
    if _is_number(number):
        asked |= Q(number=int(number), **({"home": int(home)} if _is_number(home) else {}))
    return rows.filter(asked)


def _is_number(text):
    return text.isascii() and text.isdigit() and len(text) <= 9
