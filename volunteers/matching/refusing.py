"""The hard bars as every act asks them that brings a pairing about or into force: when it is proposed, agreed, begun,
let go on again or renewed, and when a deputy is named. Weeks may lie between, and much can come to light in them.

How far the helper comes, and what ended an earlier pairing, are for staff to talk over; the other bars hold for all.
How many places are taken each act counts for itself, under the helper's lock.
"""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child, Kinship
from children.status import MINOR_UNDER, age_on
from records.lifecycle import Refused
from records.scoping import DISTRICT_DIGITS
from records.wording import listed
from volunteers.matching.bars import BARS, KIND_RULES
from volunteers.matching.cards import ChildCard, HelperCard
from volunteers.models.matching import MatchVeto
from volunteers.models.requirement import Asked
from volunteers.models.volunteer import Volunteer
from volunteers.vetting import lines_of

ASKED = [BARS[key] for key in ("excluded", "related", "sex", "age")]


def refuse_barred(child, helper, kind):
    """Refused, with the words of the rule, where `helper` may not accompany `child` as `kind` today.

    Where this decides about a pairing in force, the caller holds the locks of child and helper."""
    _refuse_unless_ready(helper)
    if kind not in helper.kinds:
        raise Refused(str(BARS["kind"].against))
    if child.left_on is not None:
        raise Refused(_("This child has left the register."))
    if helper.community_id[:DISTRICT_DIGITS] != child.community_id[:DISTRICT_DIGITS]:
        raise Refused(_("Helper and child must live in the same district."))
    if words := _words_between(_child_cards([child])[child.pk], helper, kind):
        raise Refused(words)


def words_against(pairings):
    """{key: words} of those of `pairings`, a list, against which a rule about helper and child stands today; in as many
    queries for many as for one."""
    cards = _child_cards(Child.objects.filter(pk__in={pairing.child_id for pairing in pairings}).only(*OF_CHILD))
    helpers = Volunteer.objects.only(*OF_HELPER).in_bulk({pairing.volunteer_id for pairing in pairings})
    found = {
        pairing.pk: _words_between(cards[pairing.child_id], helpers[pairing.volunteer_id], pairing.kind)
        for pairing in pairings
    }
    return {key: words for key, words in found.items() if words}


def without_barred(helpers, child, kind=None):
    """Of these helpers those who may accompany `child` as `kind`, or else in one of the ways they offer; in as many
    queries for many as for one."""
    card = _child_cards([child])[child.pk]
    rows = helpers.order_by().only(*OF_HELPER, "kinds")
    barred = [row.pk for row in rows if all(_words_between(card, row, one) for one in ([kind] if kind else row.kinds))]
    return helpers.exclude(pk__in=barred)


OF_CHILD = ["sex", "birth_date", "community"]
OF_HELPER = ["sex", "birth_date", "phone_hash", "id_number_hash", "community"]


def _child_cards(children):
    """{key: card} of these children, with what the bars asked here look at."""
    keys = [child.pk for child in children]
    family, excluded = defaultdict(set), defaultdict(set)
    marks = Kinship.objects.filter(child__in=keys)
    for key, *of_adult in marks.values_list("child", "adult__phone_hash", "adult__id_number_hash"):
        family[key].update(filter(None, of_adult))
    vetoes = MatchVeto.objects.filter(child__in=keys, lifted_at=None)
    for key, helper in vetoes.values_list("child", "volunteer"):
        excluded[key].add(helper)
    return {
        child.pk: ChildCard(
            key=child.pk,
            community=child.community_id,
            sex=child.sex,
            born=child.birth_date,
            family_marks=frozenset(family[child.pk]),
            excluded=frozenset(excluded[child.pk]),
        )
        for child in children
    }


def _words_between(card, helper, kind):
    """What stands between the two, or None."""
    today = timezone.localdate()
    if age_on(card.born, today) >= MINOR_UNDER:
        return _("This child is 18 and no longer a minor. Only minors are accompanied.")
    other = HelperCard(
        key=helper.pk,
        community=helper.community_id,
        sex=helper.sex,
        born=helper.birth_date,
        places=1,
        marks=frozenset(filter(None, [helper.phone_hash, helper.id_number_hash])),
    )
    bar = next((bar for bar in ASKED if bar.holds(card, other, KIND_RULES[kind], today)), None)
    return bar and _("These two may not be paired. %(why)s") % {"why": bar.against}


def _refuse_unless_ready(helper):
    today = timezone.localdate()
    if not helper.is_in_service_on(today):
        raise Refused(_("This helper is not in service."))
    if helper.is_cleared_on(today):
        return
    lacking = [line for line in lines_of(helper, today) if not line.is_met]
    if any(line.what == Asked.RECORD_CHECK for line in lacking):
        raise Refused(_("This helper has no valid record check. No check, no pairing."))
    what = listed(line.label for line in lacking)
    raise Refused(_("Something asked of this helper is missing or has ended: %(what)s.") % {"what": what})
