"""Cards: issued for one child or for many, handed over one by one or many at once, and printed again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child
from guardianship.models import Card
from guardianship.printed_facts import facts_of, fingerprint_of, stale_among
from records.lifecycle import Refused
from records.trail import log_act, log_acts
from records.wording import enumerated, listed, said_of


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
        _refuse_a_day_to_come(on)
        if against := _against_handing_over(stored, on):
            raise Refused(against)
        stored.handed_on, stored.handed_to = on, to
        stored.save(update_fields=["handed_on", "handed_to"])
        log_act(by, "handed over a card", stored, fields=["handed_on", "handed_to"])


def hand_over_all(cards, *, on, to, by):
    """Many cards on one day: all of them, or none, and the words name those that stand against it."""
    _refuse_a_day_to_come(on)
    with transaction.atomic():
        rows = Card.objects.select_for_update(of=("self",)).filter(pk__in=[card.pk for card in cards])
        stored = list(rows.select_related("child").only(*_TO_HAND_OVER).order_by("pk"))
        against: dict[str, list[Card]] = {}
        for card in stored:
            if words := _against_handing_over(card, on):
                against.setdefault(words, []).append(card)
        if against:
            raise Refused(_("No handing over is noted. %(why)s") % {"why": _why(against)})
        Card.objects.filter(pk__in=[card.pk for card in stored]).update(handed_on=on, handed_to=to)
        places = {card.pk: card.community_id for card in stored}
        log_acts(by, "handed over a card", Card, places, fields=["handed_on", "handed_to"])


_TO_HAND_OVER = ["kind", "issued_at", "handed_on", "is_latest", "community", "child__name"]


def _refuse_a_day_to_come(on):
    if on > timezone.localdate():
        raise Refused(_("The day of handing over lies in the future."))


def _against_handing_over(card, on):
    if card.handed_on:
        return _("This card has already been handed over.")
    if not card.is_latest:
        return _("A newer card has been issued, so hand over that one.")
    if on < timezone.localdate(card.issued_at):
        return _("The card was issued after that day.")
    return ""


def refuse_to_print_again(cards):
    """Raise `Refused` where one of these cards no longer says how things are."""
    stale = stale_among(Card.objects.latest().filter(pk__in=[card.pk for card in cards]))
    against: dict[str, list[Card]] = {}
    for card in cards:
        if not card.is_latest:
            against.setdefault(_("A newer card has been issued, so print that one."), []).append(card)
        elif card.pk in stale:
            against.setdefault(_("Out of date, so a new one must be issued first."), []).append(card)
    if against:
        raise Refused(_("Nothing is printed. %(why)s") % {"why": _why(against)})


def _why(against):
    """Each reason with the cards it stands against."""

    def named(card):
        return _("%(child)s (%(card)s)") % {"child": card.child.name, "card": card.get_kind_display()}

    return enumerated(said_of(reason.rstrip(".。"), listed(map(named, cards))) for reason, cards in against.items())
