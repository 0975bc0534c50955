"""Noting a gift: who gave it, what it is, and the two people who counted."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gifts.giving import enter_as_received
from gifts.models import GiftLine, Giver
from records.erasing import wipe
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


@transaction.atomic
def add_giver(giver, *, by):
    try:
        with transaction.atomic():
            giver.save()
    except IntegrityError:  # somebody else has just entered the same one
        raise Refused(_("This giver is on the list already. Choose it there.")) from None
    log_act(by, "added a giver", giver)
    return giver


@transaction.atomic
def forget(giver, *, by):
    """The giver asks for it: what tells who it was is blanked, and the gifts stay."""
    if not stored_for_update(giver).name:
        raise Refused(_("This giver is forgotten already."))
    wipe(Giver.objects.filter(pk=giver.pk))
    log_act(by, "forgot a giver", giver)


@transaction.atomic
def receive(gift, lines, *, new_giver=None, by):
    """Keep `gift` with its `lines`; `new_giver` is one who was not on the list."""
    if gift.received_on > timezone.localdate():
        raise Refused(_("The day of the gift lies in the future."))
    if not lines:
        raise Refused(_("Enter at least one thing that was given."))
    if new_giver is not None:
        gift.giver = add_giver(new_giver, by=by)
    gift.noted_by = by
    gift.save()
    for line in lines:
        line.gift, line.community_id = gift, gift.community_id
        _keep(line)
        enter_as_received(line, on=gift.received_on, by=by)
    log_act(by, "noted a gift", gift)
    return gift


def _keep(line):
    if line.kind == GiftLine.Kind.MONEY:
        line.what, line.unit, line.unit_price, line.expires_on = "", "", 1, None
    line.save()
