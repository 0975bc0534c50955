"""The yearly count: the register says afterwards what two people found."""

import pytest

from premises import registering
from premises.measures import homes_without_count
from premises.models import AssetCount
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.gifts.factories import days_ago, today
from tests.premises.factories import a_piece, pieces, statuses

pytestmark = pytest.mark.django_db
TWO = {"handler": "王敏", "counter": "钱淑芬"}


def enter(home, by, *, missing=None, found=None, seen=None, **details):
    seen = registering.newest_line(home) if seen is None else seen
    facts = {"counted_on": today(), **TWO, **details}
    return registering.count(home, missing=missing or {}, found=found or {}, seen=seen, by=by, **facts)


def test_what_is_missing_and_what_is_found_again(home, director):
    one, two, three, lent = pieces(home, director, number=4)
    three.turn("missing", by=director), lent.turn("lent", by=director)
    made = enter(home, director, missing={one.pk: "借走没登记"}, found={three.pk: "在柜子后面"})
    assert (made.expected, made.there) == (2, 2)
    assert statuses(home) == {1: "missing", 2: "in_use", 3: "in_use", 4: "lent"}
    assert set(made.lines.values_list("asset", "found", "why")) == {
        (one.pk, False, "借走没登记"),
        (three.pk, True, "在柜子后面"),
    }
    assert one.notes.first().words == "借走没登记"


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"counter": "王敏"}, "Two different people"),
        ({"why": ""}, "how it is explained"),
        ({"seen": 0}, "changed meanwhile"),
    ],
)
def test_a_count_that_is_not_entered(home, director, details, words):
    piece = a_piece(home, director)
    why = details.pop("why", "丢了")
    with pytest.raises(Refused, match=words):
        enter(home, director, missing={piece.pk: why}, **details)
    assert not AssetCount.objects.exists()
    assert statuses(home) == {1: "in_use"}


def test_a_piece_of_another_home_is_not_counted_here(home, far_home, director, stranger):
    a_piece(home, director)
    other = a_piece(far_home, stranger)
    with pytest.raises(Refused, match="Look at the list again"):
        enter(home, director, missing={other.pk: "丢了"})
    assert statuses(far_home) == {1: "in_use"}


def test_a_home_not_counted_for_a_year_is_a_gap(home, far_home, community, director, stranger, district):
    gap = lambda day: set(homes_without_count(Scope.of(community.pk), Period.day(day)))  # noqa: E731
    assert gap(today()) == set()  # nothing to count
    pieces(home, director, on=days_ago(400)), pieces(far_home, stranger, on=days_ago(400))
    assert gap(today()) == {home}
    assert gap(days_ago(300)) == set()  # it came in less than a year before
    enter(home, director, counted_on=days_ago(366))
    assert gap(today()) == {home}
    enter(home, director, counted_on=days_ago(364))
    assert gap(today()) == set()
