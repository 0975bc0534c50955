"""What follows from where the parents are, said of one file, against the conditions that say it of whole tables."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.follow_ups import follow_ups
from children.models import Adult, Away, Child, ParentContact, StatusReview
from children.parents_in_sql import FOLLOW_UPS
from children.status_words import with_family
from tests.children.factories import a_child, kin, left_behind_child
from tests.guardianship.factories import days_ago

DAY = timezone.localdate

around_the_stay = st.integers(-5, 5) | st.integers(440, 449)
maybe = st.none() | st.integers(0, 150)
stays = st.fixed_dictionaries(
    {"since": st.none() | st.integers(30, 400), "verified": maybe, "back": st.none() | st.integers(-30, 30)}
)
parents = st.fixed_dictionaries(
    {"now": st.none() | stays, "before": st.none() | around_the_stay, "tried": st.none() | st.integers(55, 65)}
)
cases = st.fixed_dictionaries(
    {
        "father": st.none() | parents,
        "mother": st.none() | parents,
        "age_in_days": st.sampled_from([2920, 5810, 5843, 5844, 5900, 6210]),
        "registered": st.sampled_from([2, 500]),
        "reviewed": st.none() | st.integers(-400, 400),
        "left": st.none() | st.integers(-1, 1),
    }
)


def day_or_none(ago):
    return None if ago is None else days_ago(ago)


def set_up(community, director, case):
    child = a_child(community, birth_date=days_ago(case["age_in_days"]), registered_on=days_ago(case["registered"]))
    for relation in ("father", "mother"):
        if not (facts := case[relation]):
            continue
        adult = Adult.objects.create(community=community, household=child.household, name=relation)
        kin(child, adult, relation)
        own = {"community": community, "adult": adult}
        if (ended := facts["before"]) is not None:
            Away.objects.create(**own, since=days_ago(900), reported_on=days_ago(900), until=days_ago(450 + ended))
        if stay := facts["now"]:
            Away.objects.create(
                **own,
                since=day_or_none(stay["since"]),
                reported_on=days_ago(20),
                verified_on=day_or_none(stay["verified"]),
                expected_back_on=day_or_none(stay["back"]),
            )
        if facts["tried"] is not None:
            ParentContact.objects.create(**own, tried_by=director, tried_on=days_ago(facts["tried"]), reached=True)
    if case["reviewed"] is not None:
        at = timezone.now() - dt.timedelta(days=case["reviewed"])
        StatusReview.objects.create(child=child, community=community, reviewed_at=at, reviewed_by=director, note="x")
    if case["left"] is not None:
        Child.objects.filter(pk=child.pk).update(left_on=days_ago(case["left"]), left_reason="moved")
    return Child.objects.get(pk=child.pk)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases)
def test_one_file_says_what_the_conditions_say(community, director, case):
    with transaction.atomic():
        child = set_up(community, director, case)
        on_file = Child.objects.filter(pk=child.pk).on_register(DAY())
        by_table = [key for key, condition in FOLLOW_UPS.items() if on_file.filter(condition(DAY())).exists()]
        assert follow_ups(child, DAY()) == by_table
        transaction.set_rollback(True)


@pytest.mark.parametrize(("verified", "queries"), [(20, 0), (70, 2)])
def test_the_family_once_read_only_contacts_are_asked_for(community, verified, queries):
    child = with_family(left_behind_child(community))
    for kinship in child.kinships.all():
        for stay in kinship.adult.aways.all():
            stay.verified_on = days_ago(verified)
    with CaptureQueriesContext(connection) as asked:
        follow_ups(child, DAY())
    assert len(asked) == queries
