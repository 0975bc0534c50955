"""Readings of measures, and what each reader may know of them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from homes import measuring
from homes.findings import Findings, measure_url
from homes.models import Answer, StandardItem
from homes.standard_2026 import shipped_items
from records import measures
from records.measures import Measure

pytestmark = pytest.mark.django_db


class FixedRows:
    """Stands for a measure's queryset of a known length."""

    def __init__(self, model, number):
        self.model, self.number = model, number

    def count(self):
        return self.number


@pytest.fixture
def rows_of(monkeypatch):
    """rows_of(key=number, …): measures of child-like rows, which only some may see."""
    from communities.models import LeadingGroupMember

    measures.load()

    def register(**numbers):
        for key, number in numbers.items():
            stand_in = Measure(key, key, key, lambda scope, period, n=number: FixedRows(LeadingGroupMember, n))
            monkeypatch.setitem(measures._registry, key, stand_in)

    return register


def item(code):
    return next(item for item in shipped_items() if item.code == code)


def measured(code, community, day=dt.date(2026, 5, 20)):
    requirement = item(code)
    reading = measuring.read(requirement, community.pk, day)
    return Answer(
        item=requirement,
        measured=True,
        number=reading.value,
        numerator=reading.numerator,
        denominator=reading.denominator,
    )


@pytest.mark.parametrize(
    ("part", "base", "value"),
    [(37, 41, "90.2"), (0, 7, "0.0"), (7, 7, "100.0"), (999, 1000, "99.9"), (2000, 2001, "99.9"), (0, 0, None)],
)
def test_a_share_is_rounded_down(rows_of, community, part, base, value):
    rows_of(files_complete=part, children_on_register=base)
    reading = measuring.read(item("S08"), community.pk, dt.date(2026, 5, 20))
    assert (reading.numerator, reading.denominator) == (part, base)
    assert reading.value == (None if value is None else Decimal(value))


def test_a_requirement_without_its_measure_is_answered_by_hand(monkeypatch, community, rows_of):
    rows_of(files_complete=3)
    monkeypatch.delitem(measures._registry, "children_on_register", raising=False)
    assert not measuring.is_measurable(item("S08"))
    assert measuring.read(item("S08"), community.pk, dt.date(2026, 5, 20)) is None
    assert measuring.read(item("H01"), community.pk, dt.date(2026, 5, 20)) is None


@pytest.mark.parametrize(
    ("without", "base", "part", "value"), [(4, 41, 37, "90.2"), (0, 5, 5, "100.0"), (0, 0, 0, None)]
)
def test_the_covered_share_is_what_the_measure_leaves(rows_of, community, without, base, part, value):
    rows_of(left_behind_without_helper=without, left_behind_children=base)
    reading = measuring.read(item("S06"), community.pk, dt.date(2026, 5, 20))
    assert (reading.numerator, reading.denominator) == (part, base)
    assert reading.value == (None if value is None else Decimal(value))


def test_a_term_measure_waits_for_a_term(rows_of, community):
    rows_of(duties_done=3, duties_due_base=3)
    assert measuring.read(item("S07"), community.pk, dt.date(2026, 5, 20)) is None


def test_the_monthly_number_is_that_of_three_months(rows_of, community):
    rows_of(sessions_held=7)
    reading = measuring.read(item("O05"), community.pk, dt.date(2026, 5, 20))
    assert (reading.numerator, reading.denominator, reading.value) == (7, 3, Decimal("2.3"))


@pytest.mark.parametrize(
    ("day", "quarters"),
    [
        (dt.date(2026, 4, 10), [(2025, n) for n in (1, 2, 3, 4)]),
        (dt.date(2026, 4, 11), [(2026, 1)]),
        (dt.date(2026, 11, 24), [(2026, 1), (2026, 2), (2026, 3)]),
        (dt.date(2027, 1, 5), [(2026, 1), (2026, 2), (2026, 3)]),
        (dt.date(2027, 1, 11), [(2026, 1), (2026, 2), (2026, 3), (2026, 4)]),
    ],
)
def test_quarters_owed(day, quarters):
    assert [(q.start.year, q.number) for q in measuring.quarters_owed(day)] == quarters


def test_those_who_see_the_rows_read_the_figures(rows_of, community, director):
    rows_of(files_complete=37, children_on_register=41, sessions_held=7)
    words = Findings(director).words
    assert words(measured("S08", community)).replace("\u00a0", " ") == "37 of 41 = 90.2 %"
    assert words(measured("O05", community)).replace("\u00a0", " ") == "7 in 3 months = 2.3 a month"


@pytest.mark.parametrize(
    ("part", "base", "shown"),
    [
        (50, 60, "83 %"),
        (60, 60, "100 %"),
        (0, 60, "0 %"),
        (57, 60, "not shown: small figures"),  # 3 have no complete file
        (4, 60, "not shown: small figures"),
        (2, 4, "not shown: small figures"),
        (0, 3, "not shown: small figures"),
    ],
)
def test_others_read_no_count_and_nothing_to_reckon_one_from(rows_of, community, federation, part, base, shown):
    rows_of(files_complete=part, children_on_register=base)
    assert Findings(federation).words(measured("S08", community)) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 people"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5 people")]
)
def test_small_counts_hide(rows_of, community, federation, number, shown):
    rows_of(helpers_active=number)
    assert Findings(federation).words(measured("S05", community)).replace("\u00a0", " ") == shown


def test_meetings_are_no_secret(community, federation):
    answer = measured("O04", community)
    assert Findings(federation).words(answer).replace("\u00a0", " ") == "0 a year"


def test_a_share_of_nobody_says_so(rows_of, community, director):
    rows_of(files_complete=0, children_on_register=0)
    answer = measured("S08", community)
    assert answer.has_nothing_to_measure
    assert Findings(director).words(answer) == "nothing to measure"


def test_the_measures_page_is_linked_where_there_is_one(rows_of):
    rows_of(helpers_active=3)
    assert measure_url(item("S05")).endswith("/helpers_active/")
    assert measure_url(item("H01")) == ""


def test_choices_read_in_the_readers_language(director):
    answer = Answer(item=item("H03"), choice=1)
    with translation.override("zh-hans"):
        assert Findings(director).words(answer) == "一般"
    assert Findings(director).words(answer) == "fair"


def test_every_shipped_measure_has_its_parts():
    for requirement in shipped_items():
        if requirement.kind == StandardItem.Kind.COMPUTED:
            assert requirement.measure
            assert bool(requirement.base_measure) == (requirement.reckoned in ("share", "covered"))
