"""The hard bars for two people whom staff name by hand: for a pairing proposed on a file, and for a deputy.

How far the helper comes, and what ended an earlier pairing, are for staff to talk over; the other bars hold for all.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Kinship
from records.lifecycle import Refused
from volunteers.matching.bars import BARS, KIND_RULES
from volunteers.matching.cards import ChildCard, HelperCard
from volunteers.models.matching import MatchVeto

ASKED = [BARS[key] for key in ("excluded", "related", "sex", "age")]


def refuse_barred(child, helper, kind):
    """Refused, with the words of the rule, where `helper` may not accompany `child` as `kind`."""
    bar = _bar_between(_child_card(child), helper, kind)
    if bar is not None:
        raise Refused(_("These two may not be paired. The rule: %(rule)s") % {"rule": bar.meaning})


def without_barred(helpers, child, kind=None):
    """Of these helpers those who may accompany `child` as `kind`, or else in one of the ways they offer; in as many
    queries for many as for one."""
    card = _child_card(child)
    rows = helpers.order_by().only("sex", "birth_date", "phone_hash", "id_number_hash", "community", "kinds")
    barred = [row.pk for row in rows if all(_bar_between(card, row, one) for one in ([kind] if kind else row.kinds))]
    return helpers.exclude(pk__in=barred)


def _child_card(child):
    hashes = Kinship.objects.filter(child=child).values_list("adult__phone_hash", "adult__id_number_hash")
    vetoed = MatchVeto.objects.filter(child=child, lifted_at=None).values_list("volunteer", flat=True)
    return ChildCard(
        key=child.pk,
        community=child.community_id,
        sex=child.sex,
        born=child.birth_date,
        family_marks=frozenset(mark for line in hashes for mark in line if mark),
        excluded=frozenset(vetoed),
    )


def _bar_between(card, helper, kind):
    other = HelperCard(
        key=helper.pk,
        community=helper.community_id,
        sex=helper.sex,
        born=helper.birth_date,
        places=1,
        marks=frozenset(filter(None, [helper.phone_hash, helper.id_number_hash])),
    )
    rule, today = KIND_RULES[kind], timezone.localdate()
    return next((bar for bar in ASKED if bar.holds(card, other, rule, today)), None)
