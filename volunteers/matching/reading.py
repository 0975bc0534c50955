"""Reads the cards of a division from the database, in a fixed number of queries."""

from collections import defaultdict

from django.utils import timezone

from children.models import Child, Kinship, Need
from children.priority import priority_on
from records.scoping import Scope
from volunteers.kinds import FREE_AT
from volunteers.matching.bars import KIND_RULES
from volunteers.matching.cards import ChildCard, HelperCard
from volunteers.matching.engine import Problem
from volunteers.matching.origins import languages_of
from volunteers.models import MatchVeto, Pairing, Volunteer

FAR_KM = 3  # a helper who comes as far as this comes to other communities of the street as well
AFTER_SCHOOL = frozenset(code for code, _words in FREE_AT if code.endswith("eve") or code[0] in "67")
WEEKENDS = frozenset(code for code, _words in FREE_AT if code[0] in "67")
ALWAYS = frozenset(code for code, _words in FREE_AT)
BEFORE_SCHOOL = ("", "PRE", "OUT", "NIS")


def problem_of(run):
    """What the engine is asked for this proposal, with its locks and with what it held before."""
    lines = list(run.lines.filter(is_over=False).exclude(volunteer=None).only("run", "child", "volunteer", "is_locked"))
    apart = run.lines.filter(is_over=False, may_part=True).values_list("child__household", flat=True)
    return Problem(
        read_children(run.division_id, run.kind),
        read_helpers(run.division_id, run.kind),
        KIND_RULES[run.kind],
        timezone.localdate(),
        keep_together=run.keep_together,
        apart=frozenset(apart),
        locks={line.child_id: line.volunteer_id for line in lines if line.is_locked},
        before={line.child_id: line.volunteer_id for line in lines},
    )


def waiting_children(code, kind):
    """Minors on the register there with no helper of this kind, not even a proposed one."""
    taken = Pairing.objects.filter(kind=kind).exclude(status=Pairing.Status.ENDED).values("child")
    scope, today = Scope.of(code), timezone.localdate()
    minors = Child.objects.within(scope).on_register(today).minors_on(today)
    return minors.filter(left_on=None).exclude(pk__in=taken)


def read_children(code, kind):
    today = timezone.localdate()
    rows = waiting_children(code, kind).select_related("household")
    names = ["sex", "birth_date", "grade", "is_boarding", "hobbies", "ethnicity", "registered_county", "community"]
    children = list(rows.only(*names, "district", "household__grid").order_by("pk"))
    first = set(rows.filter(priority_on(today)).values_list("pk", flat=True))
    topics = _sets(Need.objects.filter(child__in=rows.values("pk"), met_on=None).values_list("child", "topic"))
    excluded, known, with_siblings = _history(rows)
    marks = _family_marks(rows)
    return [
        ChildCard(
            key=child.pk,
            community=child.community_id,
            sex=child.sex,
            born=child.birth_date,
            household=child.household_id,
            is_priority=child.pk in first,
            topics=topics[child.pk],
            languages=languages_of(child),
            hobbies=frozenset(child.hobbies),
            free_at=_free_at(child),
            building=child.household.grid,
            family_marks=marks[child.pk],
            excluded=excluded[child.pk],
            known=known[child.pk],
            with_siblings=with_siblings[child.household_id],
        )
        for child in children
    ]


def _free_at(child):
    if child.is_boarding:
        return WEEKENDS
    return ALWAYS if child.grade in BEFORE_SCHOOL else AFTER_SCHOOL


def _sets(pairs):
    found: dict = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return defaultdict(frozenset, {key: frozenset(values) for key, values in found.items()})


def _history(rows):
    """Helpers excluded for a child, helpers it knows, helpers of its brothers and sisters by household."""
    keys = rows.values("pk")
    vetoed = MatchVeto.objects.filter(child__in=keys, lifted_at=None).values_list("child", "volunteer")
    not_again = [Pairing.EndReason.FAMILY_WISH, Pairing.EndReason.CHECK]
    of_children = Pairing.objects.filter(child__in=keys)
    parted = of_children.filter(end_reason__in=not_again).values_list("child", "volunteer")
    known = of_children.exclude(end_reason__in=not_again).exclude(starts_on=None).values_list("child", "volunteer")
    of_homes = Pairing.objects.filter(child__household__in=rows.values("household")).exclude(status="ended")
    return _sets([*vetoed, *parted]), _sets(known), _sets(of_homes.values_list("child__household", "volunteer"))


def _family_marks(rows):
    found = Kinship.objects.filter(child__in=rows.values("pk"))
    lines = found.values_list("child", "adult__phone_hash", "adult__id_number_hash")
    return _sets((child, mark) for child, *marks in lines for mark in marks if mark)


def read_helpers(code, kind):
    """Helpers of the division; who comes far is asked for other communities in it as well."""
    today = timezone.localdate()
    rows = Volunteer.objects.within(Scope.of(code)).in_service_on(today).filter(kinds__contains=[kind])
    taken: dict = defaultdict(set)
    open_ones = Pairing.objects.filter(volunteer__in=rows.values("pk")).exclude(status=Pairing.Status.ENDED)
    for helper, child in open_ones.values_list("volunteer", "child"):
        taken[helper].add(child)
    return [_helper_card(helper, len(taken[helper.pk]), today) for helper in rows.order_by("pk").defer("photo")]


def _helper_card(helper, taken, today):
    return HelperCard(
        key=helper.pk,
        community=helper.community_id,
        sex=helper.sex,
        born=helper.birth_date,
        places=max(0, helper.capacity - taken),
        is_ready=helper.is_in_service_on(today) and helper.is_cleared_on(today),
        comes_far=helper.reach_km is None or helper.reach_km >= FAR_KM,
        topics=frozenset(helper.topics),
        teaches=bool(helper.subjects),
        languages=frozenset(helper.languages),
        hobbies=frozenset(helper.hobbies),
        free_at=frozenset(helper.free_at),
        address=helper.address or "",
        marks=frozenset(filter(None, [helper.phone_hash, helper.id_number_hash])),
    )
