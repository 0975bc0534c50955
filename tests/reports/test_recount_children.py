"""Children recounted, with every part of every breakdown, over random families of which much must not count."""

import random

import pytest

from children.models import Child, Consent, EarlierLeaving, Hardship
from children.status import Definition, Facts, age_on, left_behind, migrant, months_before
from records import measures
from records.attachments import store_image
from records.scoping import Scope
from reports import drawing, layout
from reports.checking import faults
from tests.children.factories import a_child, an_adult, away, id_number
from tests.guardianship.factories import picture
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, periods, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["children_on_register", "counted_children", "left_behind_children", "migrant_children", "newly_registered"]
KEYS += ["left_register", "priority_children", "children_out_of_school", "disabled_children", "files_complete"]
KEYS += ["left_behind_for_school", "left_behind_for_federation", "children_with_long_illness"]
KEYS += ["not_known_to_be_immunised"]
MISTAKEN = ("mistake", "merged", "erased")
STAGES = {
    "kindergarten": "PRE K1 K2 K3",
    "primary": "G1 G2 G3 G4 G5 G6",
    "junior": "G7 G8 G9",
    "senior": "G10 G11 G12",
    "dropped_out": "OUT",
    "not_in_school": "NIS",
}
STAGE_OF = {grade: stage for stage, grades in STAGES.items() for grade in grades.split()}
CARERS = {"father": "parent", "mother": "parent", "uncle_aunt": "relative", "non_relative": "other", "": "other"}
CARERS |= {"grandmother_p": "grandparent", "grandparent": "grandparent", "sibling": "relative"}


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Families at random: ages 0 to 19, parents away or not, near or far, files whole and with gaps, closed for every
    reason and reopened."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for number in range(56):
        child = _a_child(chance, chance.choice(places), number)
        _family(chance, child)
        _kept(chance, child, director)
        _leaving(chance, child)
    return places


def _a_child(chance, place, number):
    """A whole file, of which now and then something is missing."""
    birthday = months_before(days(chance.choice([-61, -60, -59, 0, 1, 30, 31])), 12 * chance.choice([6, 14, 16, 18]))
    born = chance.choice([birthday, days(-chance.randint(30, 19 * 365))])
    registered = max(born, a_day(chance, -500, 0))
    whole = {
        **{"id_number": id_number(born, place=str(150900 + number)), "birth_precision": "day", "ethnicity": "01"},
        **{"guardianship_quality": chance.choice(["good", "fair", "poor"]), "school": "第一小学", "health": "健康"},
        **{"class_teacher": "李老师", "is_immunised": chance.choice([True, True, False]), "hobbies": ["music"]},
        **{
            "registered_address": "恩和路1号",
            "needs_asked_on": days(0),
            "grade": chance.choice(["K1", "G3", "G8", "G11", "PRE", "OUT", "NIS"]),
        },
    }
    nothing = {"birth_precision": "month", "is_immunised": None, "needs_asked_on": None, "hobbies": []}
    gaps = {name: nothing.get(name, "") for name in whole if chance.random() < 0.05}
    child = a_child(
        place,
        sex=chance.choice("FM"),
        birth_date=born,
        registered_on=registered,
        registered_county=chance.choice(["", "150902", "140202"]),
        is_household_registered=chance.random() < 0.9,
        reported_as=chance.choice(["", "migrant", "left_behind"]),
        came_on=chance.choice([None, max(born, days(-chance.randint(0, 700)))]),
        disability_type=chance.choice(["", "", "", "sight"]),
        illness=chance.choice(["", "", "", "哮喘"]),
        **{**whole, **gaps},
    )
    child.household.address = chance.choice(["恩和路1号"] * 9 + [""])
    child.household.save()
    return child


def _family(chance, child):
    carer = chance.choice(["father", "mother", "grandmother_p", "uncle_aunt", "sibling", "non_relative", "", None])
    others = chance.choice([["father", "mother"], ["father", "mother"], ["mother"], ["father", "grandparent"], []])
    for relation in dict.fromkeys([*others, carer]):
        if relation is None:
            continue
        phone = chance.choice(["16100000001", "16100000001", ""])
        unable = {"unable_since": a_day(chance, -230, 0)} if chance.random() < 0.2 else {}
        adult = an_adult(child, relation, cares=relation == carer, phone=phone, **unable)
        if relation in ("father", "mother") and chance.random() < 0.7:
            since = days(-chance.choice([chance.randint(1, 100), chance.randint(100, 900)]))
            until = chance.choice([None, None, days(-chance.randint(0, 100))])
            if until is None or until > since:
                away(adult, since, until=until, is_other_county=chance.random() < 0.8)


def _kept(chance, child, by):
    if chance.random() < 0.9:
        facts = {"community_id": child.community_id, "purpose": "processing", "given_by": "李红"}
        Consent.objects.create(child=child, given_on=days(-9), **facts)
    if chance.random() < 0.2:
        since, facts = chance.choice([None, a_day(chance, -230, 0)]), {"community_id": child.community_id}
        until = a_day_after(chance, since or days(-230), 40) if chance.random() < 0.6 else None
        kind = chance.choice(["orphan", "unattended", "low_income"])
        Hardship.objects.create(child=child, kind=kind, since=since, until=until, **facts)
    if chance.random() < 0.2:
        withdrawn = chance.choice([None, days(0)])
        facts = {"community_id": child.community_id, "purpose": "photo", "given_by": "李红"}
        Consent.objects.create(child=child, given_on=days(-9), withdrawn_on=withdrawn, **facts)
        if chance.random() < 0.4:
            Child.objects.filter(pk=child.pk).update(photo=store_image(picture(), by))


def _leaving(chance, child):
    if chance.random() < 0.6:
        return
    left, reason = a_day_after(chance, child.registered_on, 0), chance.choice(Child.LeftReason.values)
    if reason not in MISTAKEN and chance.random() < 0.6:
        returned = a_day_after(chance, left, 0)
        facts = {"community_id": child.community_id, "left_on": left, "left_reason": reason, "returned_on": returned}
        EarlierLeaving.objects.create(child=child, **facts)
        if chance.random() < 0.6:
            return
        left, reason = a_day_after(chance, returned, 0), chance.choice(["moved_out", "mistake"])
    into = Child.objects.exclude(pk=child.pk).filter(merged_into=None).first() if reason == "merged" else None
    if reason != "merged" or into:
        Child.objects.filter(pk=child.pk).update(left_on=left, left_reason=reason, merged_into=into)


def files():
    return Child.objects.select_related("household").prefetch_related(
        "kinships__adult__aways", "earlier_leavings", "hardships"
    )


def is_open(child, day):
    """A file that was merged into another stands for nobody."""
    if child.merged_into_id or child.registered_on > day or (child.left_on and child.left_on <= day):
        return False
    return not any(gap.left_on <= day < gap.returned_on for gap in child.earlier_leavings.all())


def caregiver(child):
    return next((kin for kin in child.kinships.all() if kin.is_caregiver), None)


def age_band(child, period):
    age = age_on(child.birth_date, period.end)
    return next(band for band, under in BANDS if age < under)


BANDS = [("0_5", 6), ("6_13", 14), ("14_15", 16), ("16_17", 18), ("18_up", 200)]
PARTS = {
    "sex": lambda child, period: child.sex,
    "age": age_band,
    "schooling": lambda child, period: STAGE_OF.get(child.grade, "unknown"),
    "care": lambda child, period: CARERS[kin.relation] if (kin := caregiver(child)) else "nobody",
    "quality": lambda child, period: child.guardianship_quality or "unrated",
}


def kind(child, period):
    return "left_behind" if left_behind(Facts.of(child), period.end) else "migrant"


@recounts("children_on_register", **PARTS)
def children_on_register(period):
    return [child for child in files() if is_open(child, period.end)]


@recounts("left_behind_children", **PARTS)
def left_behind_children(period):
    return [child for child in children_on_register(period) if left_behind(Facts.of(child), period.end)]


@recounts("migrant_children", **PARTS)
def migrant_children(period):
    return [child for child in children_on_register(period) if migrant(Facts.of(child), period.end)]


@recounts("counted_children", kind=kind, **PARTS)
def counted_children(period):
    return [*left_behind_children(period), *migrant_children(period)]


def _left_behind_under(definition):
    def rows(period):
        here = children_on_register(period)
        return [child for child in here if left_behind(Facts.of(child), period.end, definition)]

    return rows


recounts("left_behind_for_school")(_left_behind_under(Definition.SCHOOL_REGISTER))
recounts("left_behind_for_federation")(_left_behind_under(Definition.FEDERATION))


@recounts("newly_registered")
def newly_registered(period):
    return [c for c in files() if inside(c.registered_on, period) and c.left_reason not in MISTAKEN]


def leavings(child, period):
    """[(day, reason)] of each time the file was closed in the period, the last one last."""
    earlier = [(one.left_on, one.left_reason) for one in child.earlier_leavings.all()]
    closed = [*sorted(earlier), (child.left_on, child.left_reason)]
    return [(day, reason) for day, reason in closed if inside(day, period) and reason not in MISTAKEN]


@recounts("left_register", reason=lambda child, period: leavings(child, period)[-1][1])
def left_register(period):
    return [child for child in files() if leavings(child, period)]


def is_out_of_school(child, day):
    return child.grade in ("OUT", "NIS") and 6 <= age_on(child.birth_date, day) <= 15


def is_hardest(child, day):
    return any(
        one.kind in ("orphan", "unattended")
        and (one.since is None or one.since <= day)
        and (one.until is None or day < one.until)
        for one in child.hardships.all()
    )


@recounts("priority_children")
def priority_children(period):
    return [
        child
        for child in children_on_register(period)
        if caregiver(child) is None
        or child.guardianship_quality == "poor"
        or is_out_of_school(child, period.end)
        or not child.is_household_registered
        or is_hardest(child, period.end)
    ]


@recounts("children_out_of_school")
def children_out_of_school(period):
    return [child for child in children_on_register(period) if is_out_of_school(child, period.end)]


@recounts("disabled_children")
def disabled_children(period):
    return [child for child in children_on_register(period) if child.disability_type]


@recounts("children_with_long_illness")
def children_with_long_illness(period):
    return [child for child in children_on_register(period) if child.illness]


@recounts("not_known_to_be_immunised")
def not_known_to_be_immunised(period):
    return [child for child in children_on_register(period) if child.is_immunised is not True]


def is_whole(child):
    """Each fact that the definition names."""
    in_class = STAGE_OF.get(child.grade) in ("primary", "junior", "senior")
    goes_to_school = in_class or child.grade in ("K1", "K2", "K3")
    family = list(child.kinships.all())
    agrees = child.consents.filter(purpose="photo", withdrawn_on=None).exists()
    return all(
        [
            child.id_number and child.birth_precision == "day" and child.ethnicity and child.household.address,
            child.grade and (child.school or not goes_to_school),
            child.class_teacher or not in_class,
            any(kin.relation in ("father", "mother") for kin in family) and caregiver(child),
            any(kin.adult.phone for kin in family),
            child.guardianship_quality and (child.health or child.illness or child.disability_type),
            child.is_immunised is not None and child.needs_asked_on and child.hobbies,
            child.photo_id or not agrees,
            child.registered_address or not child.is_household_registered,
            child.registered_county or child.reported_as != "migrant",
            child.came_on or (child.registered_county in ("", child.district) and child.reported_as != "migrant"),
            child.consents.filter(purpose="processing", withdrawn_on=None).exists(),
            not left_behind(Facts.of(child), days(0)),  # nobody has signed a letter here
        ]
    )


@recounts("files_complete")
def files_complete(period):
    return [child for child in children_on_register(period) if is_whole(child)]


def test_children_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)


def test_a_table_of_a_random_population_adds_up_and_is_drawn_the_same_twice(places, monkeypatch):
    monkeypatch.setattr(layout, "SECTIONS", [layout.SECTIONS[0]])
    scope, period = Scope.of(*(place.pk for place in places)), periods()[0]
    table = drawing.draw(scope, period)
    assert faults(table) == []
    assert drawing.draw(scope, period) == table
    total = drawing.added([drawing.draw(Scope.of(place.pk), period) for place in places])
    for line in table.lines():
        same = total.line(line.measure.key)
        assert same.value == line.value
        parts = {name: {p: n for p, n in its.items() if n} for name, its in line.parts.items()}
        assert {name: {p: n for p, n in its.items() if n} for name, its in same.parts.items()} == parts


def test_the_parts_in_one_query_are_the_parts_by_themselves(places, django_assert_num_queries):
    scope, period = Scope.of(places[0].pk[:6]), periods()[0]
    for key in ("counted_children", "left_register"):
        one = measures.get(key)
        with django_assert_num_queries(1):
            together = one.all_parts(scope, period)
        for name in one.breakdowns:
            assert together[name] == one.parts_per_community(name, scope, period), (key, name)
