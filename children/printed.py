"""What is printed of a child's family on cards that hang at home and lie in wallets, and whether it still holds.

A card keeps `printed_facts(child)` of the day it was printed. Once that differs from what the function gives now, a
name, phone, place of work, employer or address on the card has changed, and the card is stale:

    card.printed = printed_facts(child)             # when it is printed
    card.printed != printed_facts(card.child)       # stale
    fingerprints = printed_facts_of(children)       # {child's key: fingerprint}, for a list, in three queries

The fingerprint is a keyed hash: it tells nothing of what was printed.
"""

import json

from django.db.models import Prefetch

from children.models import Away, Child, Kinship
from records.secrets import blind_index


def printed_facts(child):
    """The fingerprint of everything a card of this child may show."""
    return printed_facts_of([child])[child.pk]


def printed_facts_of(children):
    """{child's key: fingerprint} of many children at once."""
    kin = Kinship.objects.select_related("adult").prefetch_related(
        Prefetch("adult__aways", Away.objects.filter(until=None), to_attr="stays_that_go_on")
    )
    rows = Child.objects.filter(pk__in=[child.pk for child in children]).select_related("household")
    return {row.pk: _fingerprint(row) for row in rows.prefetch_related(Prefetch("kinships", kin))}


def _fingerprint(child):
    facts = [child.name, child.household.address, child.class_teacher, child.class_teacher_phone]
    for kin in sorted(child.kinships.all(), key=lambda kin: kin.adult_id):
        adult = kin.adult
        facts += [kin.relation, str(kin.is_caregiver), adult.name, adult.phone, adult.phone_alt]
        for stay in adult.stays_that_go_on:
            facts += [stay.place, stay.employer, stay.phone]
    return blind_index(json.dumps(facts), "printed")
