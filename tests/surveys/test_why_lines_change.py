"""Beside what changed in a roster stands why: the acts on the file since, of what the person may see."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from children import imports, kin, rating, schooling, stays
from children.models import Away, Child, Kinship
from children.trail_verbs import VERBS
from records.trail import log_act, log_read
from surveys.acts import BY_FIELDS, FEEDS, WHOLE, acts_on
from surveys.difference import difference
from surveys.layout import LAYOUTS, NEWEST, PLACE
from surveys.models import Roster
from tests.children.factories import a_child, an_adult, away, left_behind_child
from tests.children.pages import words
from tests.imports.factories import CHEN, read, row
from tests.surveys.roster_factories import a_round, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def children(community):
    return [left_behind_child(community, name=name) for name in ("甲童", "乙童", "丙童")]


@pytest.fixture
def before(street, community, supervisor, director, children):
    return handed_in(community, a_round(street, supervisor, due_in=-30, opened=60), by=director, days_ago=30)


@pytest.fixture
def now(before, street, community, supervisor, director):
    return Roster.open_for(community, a_round(street, supervisor), by=director)


def whys(roster, user, edition=None):
    lines = roster.lines() if edition is None else edition.as_lines()
    return {entry.name: entry.why for entry in difference(roster, lines, user, edition).changed}


def fresh(child):
    return Child.objects.get(pk=child.pk)


def move_class(child, by):
    child = fresh(child)
    child.school, child.grade = "实验小学", "G3"
    schooling.change_class(child, since=timezone.localdate(), by=by)


def says_another_place(child, by):
    stay = child.kinships.get(relation="mother").adult.aways.get()
    stay.place = "广东省东莞市"
    stays.correct_stay(stay, ["place"], by=by)


def test_each_changed_line_says_by_which_acts(now, children, director, supervisor):
    first, second, third = children
    move_class(first, director)
    says_another_place(first, director)
    rating.rate(fresh(second), "fair", reasons=["other"], note="奶奶年纪大", by=director)
    log_read(supervisor, third)  # a look changes nothing
    day = date_format(timezone.localdate())
    assert whys(now, director) == {
        "甲童": f"corrected a stay away ({day}), changed the class ({day})",
        "乙童": f"rated the guardianship ({day})",
    }


def test_an_act_that_feeds_none_of_the_boxes_that_differ_is_not_told(now, children, director):
    first = children[0]
    rating.rate(fresh(first), "fair", reasons=["other"], note="奶奶年纪大", by=director)
    Child.objects.filter(pk=first.pk).update(guardianship_quality="")
    move_class(first, director)
    assert whys(now, director) == {"甲童": f"changed the class ({date_format(timezone.localdate())})"}


def test_every_box_is_fed_by_fields_that_exist():
    fed = set()
    of_kin = {field.name for field in Kinship._meta.get_fields()}  # a form of an adult holds what it is to the child
    added = {Kinship._meta.model_name, Away._meta.model_name}  # as the trail of a file names rows that a roster added
    for model, fields in FEEDS.items():
        assert set(fields) <= {field.name for field in model._meta.get_fields()} | of_kin | added
        fed |= set().union(*fields.values())
    assert fed | set(PLACE) == {box.field for box in LAYOUTS[NEWEST]}
    assert {*BY_FIELDS, *WHOLE} <= set(VERBS)


def test_what_an_adult_is_to_a_child_is_a_reason(now, children, director):
    grandmother = children[0].kinships.get(relation="grandmother_p").adult
    kin.set_kinship(fresh(children[0]), grandmother, "grandmother_m", by=director)
    assert whys(now, director) == {"甲童": f"changed the kinship ({date_format(timezone.localdate())})"}


def test_a_caregiver_whom_a_later_roster_added_is_a_reason(street, community, director, supervisor):
    child = a_child(community, birth_date=dt.date(2015, 3, 16), id_number=CHEN["身份证号码"])
    for relation, name, phone in (("father", "陈建国", CHEN["父亲电话"]), ("mother", "李红", CHEN["母亲电话"])):
        year_ago = timezone.localdate() - dt.timedelta(365)
        an_adult(child, relation, name=name, phone=phone, away_since=year_ago)
    handed_in(community, a_round(street, supervisor, due_in=-30, opened=60), by=director, days_ago=30)
    imports.confirm(read(community, row(), by=director), by=director)
    roster = Roster.open_for(community, a_round(street, supervisor), by=director)
    (entry,) = difference(roster, roster.lines(), director).changed
    assert "guardian_name" in {change.field for change in entry.changes}
    carer = [change for change in entry.changes if change.field.startswith("guardian_")]
    boxes = {entry.child_id: {change.field for change in carer}}
    day = date_format(timezone.localdate())
    assert acts_on(boxes, roster.previous_edition().submitted_at) == {child.pk: f"completed ({day})"}


@pytest.mark.parametrize(
    ("model", "verb", "fields", "box"),
    [
        ("adult", "changed", ["unable_until"], "one_out_other_incapable"),
        ("child", "took back what a roster completed", ["school"], "father_since"),
    ],
)
def test_these_are_reasons_too(model, verb, fields, box, before, children, director):
    about = children[0] if model == "child" else children[0].kinships.get(relation="father").adult
    log_act(director, verb, about, fields=fields)
    found = acts_on({children[0].pk: {box}}, before.editions.get().submitted_at)
    assert found[children[0].pk].startswith(verb)


def test_where_a_child_is_registered_is_no_reason_for_what_it_counts_as(before, children, director):
    log_act(director, "changed", children[0], fields=["came_on", "registered_county"])
    assert acts_on({children[0].pk: {"category"}}, before.editions.get().submitted_at) == {}


def test_an_act_on_something_else_or_one_before_is_no_reason(street, community, children, director, supervisor):
    first = fresh(children[0])
    log_act(director, "changed", first, fields=["school"])
    handed_in(community, a_round(street, supervisor, due_in=-30, opened=60), by=director, days_ago=30)
    Child.objects.filter(pk=first.pk).update(school="实验小学")
    log_act(director, "changed", first, fields=["hobbies"])
    log_act(director, "raised a concern", first)
    roster = Roster.open_for(community, a_round(street, supervisor), by=director)
    assert whys(roster, director) == {"甲童": ""}


def test_what_follows_from_the_days_alone_is_said_to(street, community, children, director, supervisor):
    father = children[1].kinships.get(relation="father").adult
    father.aways.update(until=timezone.localdate() + dt.timedelta(3), place="山西省")
    away(father, timezone.localdate() + dt.timedelta(3), place="广东省")
    handed_in(community, a_round(street, supervisor, due_in=-30, opened=60), by=director)
    with time_machine.travel(timezone.now() + dt.timedelta(5), tick=True):
        roster = Roster.open_for(community, a_round(street, supervisor), by=director)
        assert whys(roster, director) == {
            "乙童": "Follows from the days that have passed; the facts on file are the same."
        }


def test_a_roster_handed_in_keeps_the_reasons_of_its_day(now, children, director):
    move_class(children[0], director)
    edition = now.submit(by=director)
    says_another_place(children[0], director)
    day = date_format(timezone.localdate())
    assert whys(now, director, edition) == {"甲童": f"changed the class ({day})"}


def test_the_page_says_why(now, children, director, signed_in):
    move_class(children[0], director)
    page = words(signed_in(director).get(now.get_absolute_url()))
    assert f"Why: changed the class ({date_format(timezone.localdate())})" in page


def test_as_many_queries_for_three_changed_lines_as_for_one(now, children, director):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            difference(now, now.lines(), director)
        return len(captured)

    move_class(children[0], director)
    one = asked()
    for child in children[1:]:
        move_class(child, director)
        says_another_place(child, director)
    assert asked() == one
