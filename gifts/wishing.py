"""What is done with a small wish: a card without identity, read, shown, taken by a giver, fulfilled."""

from django.db import transaction
from django.utils.translation import gettext as _

from children.masking import names_told_in
from children.models import Consent, Wish
from gifts.models import HandOut, WishCard
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


@transaction.atomic
def write_card(wish, text, *, by):
    _refuse_if_closed(stored_for_update(wish.child))
    _refuse_if_over(wish)
    if wish.cards.running().exists():
        raise Refused(_("There is a card of this wish already."))
    _refuse_names(text, wish.child)
    card = WishCard.objects.create(wish=wish, community_id=wish.community_id, text=text, written_by=by)
    log_act(by, "wrote the card of a wish", card)
    return card


def _refuse_if_over(wish):
    stored = stored_for_update(wish)
    if stored.status != Wish.Status.OPEN or stored.struck_at:
        raise Refused(_("This wish is no longer open."))


def _refuse_if_closed(child):
    if child.left_on:
        raise Refused(_("This file is closed."))


def _refuse_if_changed(seen, stored):
    if seen != stored.text:
        raise Refused(_("Somebody else changed the words meanwhile. Read them again."))


def _refuse_names(text, child):
    if names_told_in(text, child):
        raise Refused(_("The card names the child, the family or the school. Write it without names."))


@transaction.atomic
def rewrite(card, text, *, seen, by):
    stored = stored_for_update(card)
    if stored.status != WishCard.Status.WRITTEN:
        raise Refused(_("This card is shown already. End it and write a new one."))
    _refuse_if_changed(seen, stored)
    _refuse_names(text, card.wish.child)
    card.text = text
    card.save(update_fields=["text"])
    log_act(by, "rewrote the card of a wish", card, fields=["text"])


@transaction.atomic
def show(card, *, seen, by):
    """Whoever read it shows what was `seen`, and nothing else; only where the guardian agrees to publicity."""
    child = stored_for_update(card.wish.child)
    stored = stored_for_update(card)
    _refuse_if_closed(child)
    _refuse_if_over(stored.wish)
    _refuse_if_changed(seen, stored)
    if not child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY).exists():
        raise Refused(_("There is no consent for publicity. Note the guardian's consent first."))
    _refuse_names(stored.text, child)
    card.note_shown(by=by)


@transaction.atomic
def take(card, giver, *, by):
    if giver.community_id != stored_for_update(card).community_id or not giver.name:
        raise Refused(_("This giver belongs to another community."))
    _refuse_if_over(card.wish)
    card.note_taken(giver, by=by)


def may_fulfil(card):
    """What was handed out to this child or its family since a giver took the wish, and fulfils no other."""
    given = HandOut.objects.standing().reaching(card.wish.child).filter(entry__fulfils=None)
    return given.filter(given_on__gte=card.taken_on) if card.taken_on else given.none()


@transaction.atomic
def fulfil(card, hand_out, *, by):
    """Note with what the wish came true; the child's file says so too. Who gave it stands with the card alone: a giver
    may ask to be forgotten, and the file may move."""
    stored_for_update(card)
    stored_for_update(hand_out)  # nobody takes it back meanwhile, and it fulfils no other wish
    if not may_fulfil(card).filter(pk=hand_out.pk).exists():
        raise Refused(_("Choose something that was handed out to this child or its family after the wish was taken."))
    card.note_fulfilled(hand_out, by=by)
    if wish := Wish.objects.filter(pk=card.wish_id, status=Wish.Status.OPEN).first():  # not closed or struck out since
        wish.fulfil(by=by)
