"""What leaves the stock, and what puts the ledger right. Each act is one entry, under the lock of the thing."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gifts.models import Entry, GiftLine, HandOut, WishCard
from records.attachments import delete_attachments, store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update

To = HandOut.To


def amount(quantity, line):
    """ "20 个": how much, without noughts that say nothing."""
    return f"{plain(quantity)} {line.measure}"


def plain(quantity):
    return f"{quantity:.2f}".rstrip("0").rstrip(".")


@transaction.atomic
def hand_out_to_children(line, recipients, *, to, quantity, on, by):
    """Give `quantity` to each of `recipients`, [(child, who signed)]: all of them or none. Whose file is closed may
    have signed before."""
    stored = _locked(line, on)
    _refuse_if_short(stored, quantity * len(recipients))
    if not recipients:
        raise Refused(_("Tick the children who were given something."))
    if any(child.community_id != stored.community_id for child, _signed_by in recipients):
        raise Refused(_("A child is on file in another community."))
    for child, _signed_by in recipients:
        if child.left_on is not None and child.left_on < on:
            facts = {"name": child.name, "day": date_format(child.left_on)}
            raise Refused(_("The file of %(name)s was closed on %(day)s: after that day nothing is given out.") % facts)
    return [
        _hand_out(stored, quantity, on, by, to=to, child=child, signed_by=signed_by) for child, signed_by in recipients
    ]


@transaction.atomic
def hand_out_to_home(line, home, *, quantity, on, signed_by, by):
    stored = _locked(line, on)
    _refuse_if_short(stored, quantity)
    if home.community_id != stored.community_id:
        raise Refused(_("This Home belongs to another community."))
    return _hand_out(stored, quantity, on, by, to=To.HOME, home=home, signed_by=signed_by)


def _locked(line, on):
    """The thing as it stands now; refused where it cannot be given out on that day."""
    stored = stored_for_update(line)
    if on > timezone.localdate():
        raise Refused(_("The day lies in the future."))
    if on < stored.gift.received_on:
        raise Refused(_("The gift was received after that day."))
    if stored.is_expired_on(on):
        raise Refused(_("This expired on %(day)s and is not given out. Write it off.") % {"day": stored.expires_on})
    return stored


def _refuse_if_short(stored, quantity):
    if quantity > stored.remaining:
        raise Refused(
            _("There is not so much left: %(needed)s are needed and %(left)s are there.")
            % {"needed": amount(quantity, stored), "left": amount(stored.remaining, stored)}
        )


def _hand_out(stored, quantity, on, by, **details):
    entry = _enter(stored, Entry.Kind.OUT, -quantity, on, by)
    made = HandOut.objects.create(
        entry=entry,
        community_id=stored.community_id,
        what=f"{stored.name} {amount(quantity, stored)}",
        given_on=on,
        **details,
    )
    log_act(by, "handed a gift out", made, line=stored)
    return made


def _enter(stored, kind, quantity, on, by, **details):
    return Entry.objects.create(
        line=stored,
        community_id=stored.community_id,
        kind=kind,
        quantity=quantity,
        on=on,
        noted_by=by,
        **details,
    )


def enter_as_received(line, *, on, by):
    """The first entry of a thing: all of it came in."""
    return _enter(line, Entry.Kind.IN, line.quantity, on, by)


def _refuse_if_of_elsewhere(hand_out):
    """After a child has moved its new community reads what was given before, and changes nothing of it."""
    if hand_out.community_id != hand_out.entry.community_id:
        raise Refused(_("Another community gave this; it alone can change it."))


def _rests_on(entry):
    """Whether a row of another app hangs on the entry: it would lose what it came from."""
    relations = [one for one in Entry._meta.related_objects if one.related_model not in (HandOut, Entry, WishCard)]
    return any(one.related_model._base_manager.filter(**{one.field.name: entry}).exists() for one in relations)


@transaction.atomic
def take_back(hand_out, *, why, by):
    """A counter-entry of the same quantity; what was noted stays as it was."""
    hand_out = stored_for_update(hand_out)
    entry = hand_out.entry
    stored = stored_for_update(entry.line)
    _refuse_if_of_elsewhere(hand_out)
    if Entry.objects.filter(corrects=entry).exists():
        raise Refused(_("This was taken back already."))
    if WishCard.objects.filter(entry=entry).exists():
        raise Refused(_("A small wish was fulfilled with this: it is not taken back."))
    if _rests_on(entry):
        raise Refused(_("It stands in the Home's register, or fulfilled a wish of the Home: it is not taken back."))
    if not why.strip():
        raise Refused(_("Say why it is taken back."))
    back = _enter(stored, Entry.Kind.BACK, -entry.quantity, timezone.localdate(), by, why=why, corrects=entry)
    log_act(by, "took a gift back", hand_out, entry=back)
    return back


@transaction.atomic
def put_right(line, *, counted, seen, why, handler, counter, by):
    """What two people counted is what is left: the difference is written off, or was found."""
    stored = stored_for_update(line)
    if stored.gift.voided_on:
        raise Refused(_("This was noted as a mistake already."))
    if seen != stored.remaining:
        raise Refused(_("Something came in or went out meanwhile. Look again and count anew."))
    if counted == stored.remaining:
        raise Refused(_("That is what the ledger says already."))
    if handler == counter:
        raise Refused(_("Two different people count."))
    difference = counted - stored.remaining
    kind = Entry.Kind.FOUND if difference > 0 else Entry.Kind.OFF
    details = {"why": why, "handler": handler, "counter": counter}
    entry = _enter(stored, kind, difference, timezone.localdate(), by, **details)
    log_act(by, "put the ledger of gifts right", stored, entry=entry)
    return entry


def is_all_there(gift):
    """Whether all that came in is left, and none of it given out: what was counted back may still be with a child."""
    some_is_gone = gift.lines.exclude(remaining=F("quantity")).exists()
    return not some_is_gone and not HandOut.objects.standing().filter(entry__line__gift=gift).exists()


@transaction.atomic
def void(gift, *, why, handler, counter, by):
    """The gift was noted by mistake: a counter-entry of each thing. All of it must still be there."""
    stored = stored_for_update(gift)
    if stored.voided_on:
        raise Refused(_("This was noted as a mistake already."))
    if handler == counter:
        raise Refused(_("Two different people count."))
    lines = list(GiftLine.objects.select_for_update(of=("self",), no_key=True).filter(gift=stored).order_by("pk"))
    if not is_all_there(stored):
        raise Refused(
            _("Something of it was given out or counted anew: it cannot have been noted by mistake as a whole.")
        )
    details = {"why": why, "handler": handler, "counter": counter}
    for line in lines:
        _enter(line, Entry.Kind.VOID, -line.quantity, timezone.localdate(), by, **details)
    gift.voided_on = timezone.localdate()
    gift.save(update_fields=["voided_on"])
    log_act(by, "voided a gift", gift, fields=["voided_on"])


@transaction.atomic
def add_scan(hand_out, uploaded, *, by):
    stored = stored_for_update(hand_out)
    _refuse_if_of_elsewhere(stored)
    before = stored.scan_id
    stored.scan = store_image(uploaded, by)
    stored.save(update_fields=["scan"])
    if before:
        delete_attachments([before])
    log_act(by, "added the signed sheet of a gift", stored, fields=["scan"])
