"""One rule for one child and for a list: exact answers, and the two never differ."""

import datetime as dt

import pytest
from django.urls import reverse

from children.caring import end_hardship, note_hardship
from children.models import Child, Household
from support.eligibility import facts_of, gaps, is_ruled_out, judge, not_ruled_out
from tests.children.factories import a_child, migrant_child
from tests.children.pages import soup
from tests.support.factories import a_girl, a_kind, days_ago, today

pytestmark = pytest.mark.django_db


def found(child, kind):
    facts = facts_of([child], kind, today())[child.pk]
    return {f.rule: f.state for f in judge(facts, kind.rules, today())}


def changed(child, **facts):
    Child.objects.filter(pk=child.pk).update(**facts)
    return Child.objects.get(pk=child.pk)


@pytest.fixture
def girl(community, director):
    return a_girl(community, director)


def test_a_girl_who_fits_meets_every_rule(girl, district):
    kind = a_kind(district, circumstance="left_behind")
    assert set(found(girl, kind).values()) == {"met"}
    assert list(found(girl, kind)) == ["register", "sex", "age", "stage", "hardship", "circumstance", "consent"]


@pytest.mark.parametrize(
    ("facts", "rule", "state"),
    [
        ({"sex": "M"}, "sex", "not_met"),
        ({"grade": ""}, "stage", "not_known"),
        ({"grade": "G7"}, "stage", "not_met"),
    ],
)
def test_each_rule_by_itself(facts, rule, state, girl, district):
    assert found(changed(girl, **facts), a_kind(district))[rule] == state


@pytest.mark.parametrize(("days", "state"), [(1, "not_met"), (0, "met")])
def test_the_lower_age_begins_on_the_birthday(days, state, girl, district):
    birth = today().replace(year=today().year - 6) + dt.timedelta(days=days)
    child = changed(girl, birth_date=birth, registered_on=today())
    assert found(child, a_kind(district))["age"] == state
    assert not_ruled_out(Child.objects.all(), a_kind(district, title_zh="二").rules, today()).exists() == (
        state == "met"
    )


def test_a_hardship_that_is_missing_is_not_known_and_another_is_not_met(girl, district, director):
    kind = a_kind(district)
    end_hardship(girl.hardships.get(), on=today(), by=director)
    assert found(girl, kind)["hardship"] == "not_known"
    note_hardship(girl, "disaster", since=days_ago(3), by=director)
    assert found(girl, kind)["hardship"] == "not_met"


def test_gaps_say_where_to_enter_it(girl, district):
    child = changed(girl, grade="")
    facts = facts_of([child], a_kind(district), today())[child.pk]
    (gap,) = gaps(judge(facts, a_kind(district, title_zh="二").rules, today()))
    assert (str(gap.words), gap.where) == ("The school grade is not on file.", f"/children/{child.pk}/school/")


def test_a_missing_hardship_is_entered_where_the_page_leads(girl, district, director, signed_in):
    end_hardship(girl.hardships.get(), on=today(), by=director)
    kind = a_kind(district)
    (gap,) = gaps(judge(facts_of([girl], kind, today())[girl.pk], kind.rules, today()))
    assert str(gap.words) == "No hardship is on file."
    page = soup(signed_in(director).get(gap.where))
    assert page.select_one(f'form[action="{reverse("children:hardship", args=[girl.pk])}"]') is not None


@pytest.mark.parametrize("stated", ["low_income", "disability"])
def test_what_the_file_states_elsewhere_is_a_hardship_on_file(stated, girl, district, director):
    """The allowance ticked on the household and a disability on the file need not be entered a second time."""
    end_hardship(girl.hardships.get(), on=today(), by=director)
    kind, other = a_kind(district, hardships=[stated]), a_kind(district, title_zh="二", hardships=["disaster"])
    assert (found(girl, kind)["hardship"], found(girl, other)["hardship"]) == ("not_known", "not_known")
    if stated == "low_income":
        Household.objects.filter(pk=girl.household_id).update(is_low_income=True)
    else:
        changed(girl, disability_type="hearing")
    assert (found(girl, kind)["hardship"], found(girl, other)["hardship"]) == ("met", "not_met")
    for asked, fits in ((kind, True), (other, False)):
        assert not_ruled_out(Child.objects.all(), asked.rules, today()).exists() is fits


def test_the_list_and_the_rule_for_one_never_differ(community, district, director):
    children = [
        a_girl(community, director),
        a_girl(community, director, sex="M"),
        a_girl(community, director, grade=""),
        a_girl(community, director, grade="G8"),
        a_girl(community, director, birth_date=days_ago(5 * 365), registered_on=days_ago(9)),
        a_girl(community, director, birth_date=dt.date(2016, 2, 29)),
        a_child(community),
        migrant_child(community, grade="G2"),
        a_child(community, disability_type="hearing"),
        a_child(community),
    ]
    Household.objects.filter(pk=children[-1].household_id).update(is_low_income=True)
    for child in children[6:8]:
        note_hardship(child, "disaster", since=days_ago(3), by=director)
    kinds = [
        {},
        {"sex": ""},
        {"stages": []},
        {"hardships": []},
        {"sex": "", "hardships": [], "circumstance": "migrant"},
        {"sex": "", "hardships": [], "stages": [], "circumstance": "either"},
        {"sex": "", "stages": [], "hardships": ["low_income"]},
        {"sex": "", "stages": [], "hardships": ["disability", "disaster"]},
        {"hardships": ["disaster"], "stages": [], "circumstance": "any", "age_from": 0},
    ]
    for number, details in enumerate(kinds):
        kind = a_kind(district, title_zh=f"{number}", **details)
        facts = facts_of(children, kind, today())
        one_by_one = {c.pk for c in children if not is_ruled_out(judge(facts[c.pk], kind.rules, today()))}
        assert set(not_ruled_out(Child.objects.all(), kind.rules, today()).values_list("pk", flat=True)) == one_by_one
        assert one_by_one
