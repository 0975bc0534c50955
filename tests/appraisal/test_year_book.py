"""The year book: frozen figures where there are any, live ones said to be live, small ones of a district hidden."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from appraisal import year_figures
from appraisal.jobs import make_year_book
from appraisal.models import YearBook
from appraisal.year_figures import joined
from appraisal.year_papers import trends_of
from children.consenting import withdraw_consent
from records import jobs, measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from reports.models import Figure, QuarterlyReport
from reports.published import Published, Shown
from reports.quarters import last_ended, written
from reports.trends import HEIGHT, TOP, Trend
from tests.activities.factories import a_picture, make_activity
from tests.appraisal.factories import a_call, a_nomination, days, decided, sent, voted, voting
from tests.communities.factories import held_meeting
from tests.volunteers.factories import a_child, consents

pytestmark = pytest.mark.django_db
CODES = st.sampled_from([f"15090200100{n}" for n in range(1, 6)])
NUMBERS = st.dictionaries(CODES, st.integers(0, 500))


@pytest.fixture(autouse=True)
def autumn():
    """A day in November, so that the year has three quarters behind it, whenever the tests run."""
    with time_machine.travel(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC), tick=False):
        yield


def reported(community, period, **values):
    """An accepted report with these figures."""
    report = QuarterlyReport.objects.create(
        community=community,
        year=period.start.year,
        quarter=period.number,
        status="accepted",
        due_on=period.end,
        handed_in_on=period.end,
        submitted_at=timezone.now(),
    )
    for measure, value in values.items():
        Figure.objects.create(
            report=report,
            community=community,
            measure=measure,
            value=value,
            definition_version=1,
            drawn_at=timezone.now(),
        )
    return report


def a_book(division, by, year=2026):
    book = YearBook.begin(division, year, by=by)
    make_year_book(book.pk, by=by, progress=lambda done, of: None)
    book.refresh_from_db()
    return book


@given(st.sets(CODES), st.dictionaries(CODES, st.none() | st.integers(0, 500)), NUMBERS)
def test_frozen_figures_go_before_live_ones_and_nothing_is_counted_twice(communities, frozen, live):
    """Held against a plain recount, community by community."""
    found = joined(communities, frozen, live)
    assert set(found) == communities
    for code in communities:
        expected = live.get(code, 0)
        if code in frozen:
            expected = frozen[code] or 0
        assert found[code] == expected


@given(st.lists(st.none() | st.integers(0, 10**7), min_size=1, max_size=8))
def test_a_larger_number_never_has_a_lower_bar(values):
    measure = measures.get("children_on_register")
    drawn = Trend.of(measure, [(str(number), "", Shown(value)) for number, value in enumerate(values)]).bars
    for one, its in zip(values, drawn, strict=True):
        assert TOP <= its.y <= HEIGHT
        for other, theirs in zip(values, drawn, strict=True):
            assert (one or 0) <= (other or 0) or its.height >= theirs.height
    assert [bar.shown.value for bar in drawn] == values


def test_a_trend_begins_where_there_is_something_and_keeps_a_gap_for_what_is_not_reported():
    quarters = ["2025Q3", "2025Q4", "2026Q1", "2026Q2"]
    states = {"2025Q3": ["none", 0, 2], "2025Q4": ["live", 0, 2], "2026Q1": ["none", 0, 2], "2026Q2": ["frozen", 2, 2]}
    rows = {"children_on_register": {"150902": [None, 6, None, 8]}, "sessions_held": {"150902": [None, 1, None, None]}}
    (trend,) = trends_of({"quarters": quarters, "states": states, "rows": rows}, "150902")
    assert [(bar.quarter, bar.shown) for bar in trend.bars] == [
        ("2025Q4", Shown(6)),
        ("2026Q1", None),
        ("2026Q2", Shown(8)),
    ]


def test_accepted_quarters_are_frozen_and_the_others_said_to_be_live(community, director, signed_in):
    period = last_ended()
    reported(community, period, children_on_register=7)
    a_child(community, name="陈小雨", registered_on=days(-400))
    book = a_book(community, director)
    at = book.figures["quarters"].index(written(period))
    row = book.figures["rows"]["children_on_register"][community.pk]
    assert (row[at], book.figures["states"][written(period)]) == (7, ["frozen", 1, 1])
    now = written(Period.quarter_of(timezone.localdate()))
    assert (row[book.figures["quarters"].index(now)], book.figures["states"][now][0]) == (1, "live")
    page = signed_in(director).get(book.get_absolute_url()).content.decode()
    assert "accepted" in page
    assert "live: not accepted yet" in page


def test_a_streets_figures_are_the_sum_of_its_communities_each_frozen_or_live(
    community, sister_community, far_community, street, supervisor
):
    period = last_ended()
    reported(community, period, children_on_register=7)
    reported(far_community, period, children_on_register=900)
    for _ in range(2):
        a_child(sister_community, name="王大力", registered_on=days(-400))
    book = a_book(street, supervisor)
    at = book.figures["quarters"].index(written(period))
    rows = book.figures["rows"]["children_on_register"]
    assert {code: row[at] for code, row in rows.items()} == {
        street.pk: 9,
        community.pk: 7,
        sister_community.pk: 2,
    }
    assert book.figures["states"][written(period)] == ["mixed", 1, 2]
    for key in year_figures.measure_keys():
        live = measures.get(key).per_community(Scope.of(sister_community.pk), period)
        row = book.figures["rows"][key]
        assert row[sister_community.pk][at] == live.get(sister_community.pk, 0), key
        assert row[street.pk][at] == row[community.pk][at] + row[sister_community.pk][at], key


def test_a_book_stays_as_it_was_made_until_it_is_made_again(community, director):
    book = a_book(community, director)
    before = book.figures
    a_child(community, name="陈小雨", registered_on=days(-400))
    book.refresh_from_db()
    assert book.figures == before
    assert a_book(community, director).figures != before
    assert YearBook.objects.count() == 1


def test_a_district_hides_what_its_overview_hides(
    community, sister_community, far_community, district, federation, signed_in
):
    period = last_ended()
    for place, number in ((community, 40), (sister_community, 3), (far_community, 2)):
        reported(place, period, children_on_register=number, sessions_held=number)
    book = a_book(district, federation)
    at = book.figures["quarters"].index(written(period))
    published = Published(federation, district).of_quarter(period)
    for key in ("children_on_register", "sessions_held"):
        rows = book.figures["rows"][key]
        assert set(rows) <= {district.pk, "150902001", "150902002"}
        for code, row in rows.items():
            assert row[at] == published[key, code].value
    assert "150902002" not in book.figures["rows"]["children_on_register"]  # 2 children: not published
    assert "150902001001" not in str(book.figures["rows"])
    page = signed_in(federation).get(book.get_absolute_url()).content.decode()
    assert "Meetings and supervision" not in page


def test_a_district_shows_no_live_figure(community, district, federation):
    for _ in range(9):
        a_child(community, name="陈小雨", registered_on=days(-400))
    book = a_book(district, federation)
    assert {state[0] for state in book.figures["states"].values()} == {"none"}
    assert book.figures["rows"] == {key: {} for key in year_figures.measure_keys()}


def test_who_reads_and_makes_which_book(
    community, street, district, director, supervisor, federation, stranger, signed_in, administrator
):
    books = [a_book(street, supervisor), a_book(community, director), a_book(district, federation)]
    seen = {
        user.username: [book in YearBook.objects.visible_to(user) for book in books]
        for user in (supervisor, director, federation, stranger, administrator)
    }
    assert seen == {
        "supervisor": [True, True, False],
        "director": [False, True, False],
        "federation": [False, False, True],
        "stranger": [False, False, False],
        "administrator": [False, False, False],
    }
    assert signed_in(federation).get(books[1].get_absolute_url()).status_code == 404
    form = reverse("year_book:books")
    page = sent(signed_in(director), form, form, division=street.pk, year=2026)
    assert "Select a valid choice" in page.content.decode()
    with pytest.raises(Refused, match="do not make"):
        make_year_book(books[2].pk, by=supervisor, progress=lambda done, of: None)


def test_a_book_is_made_by_a_job(supervisor, street, signed_in):
    form = reverse("year_book:books")
    browser = signed_in(supervisor)
    answer = sent(browser, form, form, division=street.pk, year=2026)
    waiting = jobs.Job.objects.get()
    assert answer.url == waiting.get_absolute_url()
    book = YearBook.objects.get(division=street)
    assert "not made yet" in browser.get(book.get_absolute_url()).content.decode()
    told = []
    make_year_book(book.pk, by=supervisor, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert browser.get(book.get_absolute_url()).status_code == 200


def test_pictures_and_awards_count_on_the_day_of_reading(
    community, director, supervisor, federation, district, signed_in, make_user, far_street
):
    child = a_child(community, name="陈小雨")
    consents(child, "photo", "publicity")
    club = make_activity(community, director, title="风筝节", first_day=days(-3))
    club.enrol(child, by=director, on=days(-10))
    session = club.sessions.first()
    session.mark(child, "present", by=director)
    session.write_record("放风筝", by=director)
    picture = a_picture(session, director)
    picture.name_children([child], nobody_else=True, by=director)
    held_meeting(community, day=days(-5), title="研究暑期安全")
    officers = [supervisor, federation, make_user("street_officer", far_street)]
    call = a_call(district, federation, "example", seats=officers)
    nomination = a_nomination(call, child, director, title="自强少年", words="照顾家人，坚持读书。")
    voting(call)
    for user in officers:
        voted(nomination, user)
    decided(nomination, federation).publish(by=federation)
    book, of_district = a_book(community, director), a_book(district, federation)
    desk, office = signed_in(director), signed_in(federation)
    page = desk.get(book.get_absolute_url()).content.decode()
    for words in ("风筝节", "研究暑期安全", "自强少年", "陈小雨", "<img"):
        assert words in page
    page = office.get(of_district.get_absolute_url()).content.decode()
    assert "照顾家人" in page
    assert "陈小雨" not in page
    withdraw_consent(child.consents.in_force().get(purpose="publicity"), by=director)
    assert "<img" not in desk.get(book.get_absolute_url()).content.decode()
    assert "照顾家人" not in office.get(of_district.get_absolute_url()).content.decode()
