"""Cards: issued for one child or for many, handed over, and found out of date."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child
from guardianship.models import Card
from guardianship.printed_facts import facts_of, fingerprint_of
from records.lifecycle import Refused
from records.trail import log_act, log_acts


def issue(children, kinds, *, by):
    """A new edition of each kind for each child, ready to be printed; the cards in the children's order."""
    with transaction.atomic():
        keys = sorted(child.pk for child in children)
        locked = {
            c.pk: c
            for c in Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
        }
        if any(child.left_on for child in locked.values()):
            raise Refused(_("No cards are issued for a child who left the register."))
        before = Card.objects.latest().filter(child__in=keys)
        last = {(card.child_id, card.kind): card.edition for card in before}
        Card.objects.latest().filter(child__in=keys, kind__in=kinds).update(is_latest=False)
        facts = facts_of(keys)
        cards = [
            Card(
                child=child,
                community_id=locked[child.pk].community_id,
                district=locked[child.pk].district,
                kind=kind,
                edition=last.get((child.pk, kind), 0) + 1,
                fingerprint=fingerprint_of(facts[child.pk], kind),
                issued_by=by,
            )
            for child in children
            for kind in kinds
        ]
        cards = Card.objects.bulk_create(cards)
        log_acts(by, "issued a card", Card, {card.pk: card.community_id for card in cards})
        return cards


def hand_over(card, *, on, to, by):
    with transaction.atomic():
        stored = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
        if stored.handed_on:
            raise Refused(_("This card has already been handed over."))
        if on > timezone.localdate():
            raise Refused(_("The day of handing over lies in the future."))
        if on < timezone.localdate(stored.issued_at):
            raise Refused(_("The card was issued after that day."))
        stored.handed_on, stored.handed_to = on, to
        stored.save(update_fields=["handed_on", "handed_to"])
        log_act(by, "handed over a card", stored, fields=["handed_on", "handed_to"])
