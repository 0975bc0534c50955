"""Who is in touch with a child is within reach: what the log of contacts tells the register."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import parents_in_sql, stays
from children.follow_ups import follow_ups
from children.models import Adult, Away, Child
from guardianship import contacting
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import left_behind_child, siblings
from tests.children.pages import soup
from tests.guardianship.factories import days_ago


@pytest.fixture
def child(community):
    one = left_behind_child(community)
    Away.objects.update(verified_on=days_ago(60))
    return one


def is_silent(child):
    return "unreachable" in follow_ups(child, timezone.localdate())


def noted(child, by, ago, who="mother"):
    return contacting.note_contact(child, made_on=days_ago(ago), who=who, how="video", by=by)


@pytest.mark.parametrize(
    ("who", "ago", "silent"), [("mother", 59, False), ("father", 0, False), ("both", 59, False), ("both", 60, True)]
)
def test_a_parent_in_touch_with_the_child_is_not_out_of_reach(child, director, who, ago, silent):
    assert is_silent(child)
    noted(child, director, ago, who)
    assert is_silent(child) is silent


def test_a_contact_that_is_struck_out_reaches_nobody(child, director):
    entry = noted(child, director, 3)
    assert not is_silent(child)
    contacting.strike_contact(entry, because="另一个孩子", by=director)
    assert is_silent(child)


def test_who_calls_one_child_is_in_touch_with_its_brothers_and_sisters(community, director):
    caller, sister = siblings(community)
    stranger = left_behind_child(community, name="别人")
    Away.objects.update(verified_on=days_ago(60))
    noted(caller, director, 3)
    assert [is_silent(one) for one in (caller, sister, stranger)] == [False, False, True]


def test_the_first_page_and_the_register_say_the_same(child, community, director, signed_in):
    other = left_behind_child(community, name="别人")
    Away.objects.update(verified_on=days_ago(60))
    noted(child, director, 3)
    period = Period.day(timezone.localdate())
    found = measures.get("parents_unreachable").rows(Scope.of(community.pk), period)
    assert list(found) == [other]
    browser = signed_in(director)

    def listed():
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/admin/children/child/?follow=unreachable")
        return len(queries), [row.get_text(" ") for row in soup(page).select("#result_list tbody tr")]

    listed()
    cost, rows = listed()
    assert len(rows) == 1 and "别人" in rows[0]
    for name in "甲乙":
        noted(left_behind_child(community, name=name), director, 70)
    Away.objects.update(verified_on=days_ago(60))
    again, rows = listed()
    assert (again, len(rows)) == (cost, 3)


entries = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["father", "mother", "both"]),
        st.integers(55, 65),
        st.sampled_from(["noted", "struck", "answered", "no answer"]),
    ),
    max_size=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries)
def test_a_plain_recount_finds_the_same(community, director, written):
    with transaction.atomic():
        ours = [left_behind_child(community, name=name) for name in ("甲", "乙")]
        Away.objects.update(verified_on=days_ago(60))
        heard = set()
        for whose, who, ago, kind in written:
            one = ours[whose]
            named = ["father", "mother"] if who == "both" else [who]
            if kind in ("noted", "struck"):
                entry = noted(one, director, ago, who)
                if kind == "struck":
                    contacting.strike_contact(entry, because="记错", by=director)
            else:
                for adult in Adult.objects.filter(kinships__child=one, kinships__relation__in=named):
                    stays.log_contact(adult, on=days_ago(ago), reached=kind == "answered", by=director)
            if kind in ("noted", "answered") and ago < 60:
                heard.add(one.pk)
        by_table = Child.objects.filter(parents_in_sql.unreachable(timezone.localdate())).order_by("pk")
        assert list(by_table) == [one for one in ours if one.pk not in heard]
        assert [one for one in ours if is_silent(one)] == list(by_table)
        transaction.set_rollback(True)
