"""What the measures share, and a little of everything in two communities, counted by hand.

The recounts over random populations stand in `test_recount_*.py`, a file for each subject.
"""

import datetime as dt
import inspect
from decimal import Decimal

import pytest
from django.utils import timezone

from activities.models import Session
from children.models import Concern
from gifts.models import GiftLine, HandOut
from guardianship.models import Card, FamilyContact, Letter
from homes.models import Home
from records import measures
from records.measures import AS_TODAY, IN_PERIOD, PERIOD_RULES, Period
from records.scoping import Scope
from reports import layout
from support.models import Application
from tests.children.factories import a_child
from tests.communities.factories import held_meeting
from tests.gifts.factories import a_gift, a_thing, money
from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper, a_pairing, days
from volunteers.models import Contact, Pairing

pytestmark = pytest.mark.django_db


def period():
    return Period(days(-60), days(0))


NUMBERS = {
    "pairings_ended": 1,
    "pairings_begun": 3,
    "hours_of_contacts": 2,
    "contacts_visit": 3,
    "family_contacts_noted": 2,
    "special_meetings": 2,
    "gifts_received": 2,
    "gifts_of_money": 201,
    "concerns_raised": 2,
    "concerns_reported": 0,
    "concerns_closed": 0,
    "home_hours": 18,
    "homes_open": 1,
    "homes_scored": 0,
    "home_points": 0,
}


class TestWork:
    """A little of everything in two communities; before the period, in it, on its edges, after it, and taken back."""

    @pytest.fixture
    def scope(self, community, far_community, director, stranger):
        for place, by in ((community, director), (far_community, stranger)):
            self.tell(place, by)
        return Scope.of(community.pk)

    def tell(self, place, by):
        children = [a_child(place, name=f"孩子{n}") for n in range(4)]
        for child, starts in zip(children, (-90, -60, -5, -4), strict=True):
            helper = a_helper(place, by, name=f"帮扶人{child.pk}")
            a_pairing(child, helper, by, starts=starts)
        self.end(place)
        for ago, minutes in ((61, 600), (60, 50), (10, 75), (0, None)):
            _a_contact(place, helper, by, ago, minutes)
        for ago in (61, 60, 0):
            FamilyContact.objects.create(
                community=place, child=children[0], made_on=days(-ago), who="mother", how="call", noted_by=by
            )
            held_meeting(place, kind="special", day=days(-ago))
            a_gift(place, by, money("100.60"), a_thing(), received_on=days(-ago))
            Concern.raise_for(children[0], by=by)
        Concern.objects.filter(
            pk__in=list(Concern.objects.filter(community=place).values_list("pk", flat=True)[:1])
        ).update(raised_at=timezone.now() - dt.timedelta(days=61))
        make_home(place, weekly_hours=Decimal("18.5"))

    def end(self, place):
        """The first two ended, on the last day before the period and on its first."""
        for pairing, ends in zip(
            Pairing.objects.filter(community=place).order_by("starts_on")[:2], (-61, -60), strict=True
        ):
            Pairing.objects.filter(pk=pairing.pk).update(status="ended", ends_on=days(ends), end_reason="helper_left")

    def test_what_happened_in_the_period_counts_and_nothing_else(self, scope, district):
        for key, number in NUMBERS.items():
            one = measures.get(key)
            assert one.count(scope, period()) == number, key
            everywhere = one.per_community(Scope.of(district.pk), period())
            assert [n for n in everywhere.values() if n] == ([number, number] if number else []), key

    def test_the_reasons_of_endings_add_up(self, scope):
        parts = measures.get("pairings_ended").all_parts(scope, period())["reason"]
        assert parts == {(scope.codes[0], "helper_left"): 1}


def _a_contact(place, helper, by, ago, minutes):
    return Contact.objects.create(
        community=place,
        volunteer=helper,
        made_on=days(-ago),
        minutes=minutes,
        kinds=["visit"],
        met=["child"],
        created_by=by,
    )


def test_every_measure_has_a_definition_in_both_languages_and_a_rule_of_period():
    from django.utils.translation import override

    for one in measures.all_measures():
        with override("en"):
            english = str(one.definition)
        with override("zh-hans"):
            chinese = str(one.definition)
        assert english and chinese and english != chinese, one.key
        assert one.when in PERIOD_RULES, one.key
        assert set(one.earlier) == set(range(1, one.version)), f"{one.key}: keep the definition each version replaced"


def test_a_measure_says_of_its_period_what_its_rows_ask():
    """Rows that ask when the period begins are of the period; rows that ask nothing of it are those of today."""
    for one in measures.all_measures():
        asks = inspect.getsource(one.rows).partition("(scope, period)")[2]
        if "period.start" in asks:
            assert one.when == IN_PERIOD, one.key
        if "period" not in asks:
            assert one.when == AS_TODAY, one.key


def test_a_flow_counts_nothing_on_a_day_before_anything_happened():
    """What happened in the period must look at its days: a period long past holds nothing."""
    past = Period(dt.date(1990, 1, 1), dt.date(1990, 3, 31))
    for one in measures.all_measures():
        if one.when == IN_PERIOD:
            assert one.count(Scope.of("150902"), past) == 0, one.key


def test_every_line_of_the_report_may_be_read_by_the_federation():
    """No guarded number stands in a table that goes up."""
    assert [m.key for _title, lines in layout.sections() for m in lines if m.guarded] == []


def test_models_named_here_are_those_counted():
    counted = {m.model for _title, lines in layout.sections() for m in lines}
    assert {Letter, FamilyContact, Application, HandOut, GiftLine, Home, Session} <= counted
    assert Card not in counted  # children are counted, not cards
