"""What the federation sees of a district: published figures alone, on every page and in every workbook."""

import random
import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from records.measures import Period
from records.trail import TrailEntry
from reports.models import Amendment, PublishedFigure, PublishedQuarter, ReportReminder
from reports.published import Published
from reports.publishing import figures_in_force
from tests.reports.reported import ELSEWHERE, A, B, C, account, cells, divisions, report, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

Q1, Q2, Q3 = (Period.quarter(2026, number) for number in (1, 2, 3))
DISTRICT, STREET, OTHER_STREET = "150902", "150902001", "150902002"
REGISTER = "children_on_register"
OVERVIEW, COMPARE = "/reports/district/", "/reports/district/compare/"


def compared(browser, **choices):
    return cells(browser.get(f"{COMPARE}?{urlencode(choices, doseq=True)}"))


def test_small_counts_are_hidden_with_what_would_reveal_them(browser):
    report(A, Q3, {REGISTER: 3, "sessions_held": 2})
    report(B, Q3, {REGISTER: 20, "sessions_held": 1})
    report(C, Q3, {REGISTER: 40, "sessions_held": 0})
    rows = compared(browser, level="community", figure=[REGISTER, "sessions_held"], quarter="2026Q3")
    assert rows[1:] == [[f"区划{A}", "•", "2"], [f"区划{B}", "•", "1"], [f"区划{C}", "40", "0"]]
    rows = compared(browser, level="street", figure=[REGISTER, "sessions_held"], quarter="2026Q3")
    assert rows[1:] == [[f"区划{STREET}", "23", "3"], [f"区划{OTHER_STREET}", "40", "0"]]
    assert ["Children on the register", "63", "—", "—", "3"] in cells(browser.get(f"{OVERVIEW}?quarter=2026Q3"))


def test_only_accepted_reports_of_the_district_are_read(browser):
    report(A, Q3, {REGISTER: 777}, status="submitted")
    report(B, Q3, {REGISTER: 888}, status="returned")
    report(ELSEWHERE, Q3, {REGISTER: 999})
    page = browser.get(f"{OVERVIEW}?quarter=2026Q3").content.decode()
    assert "No accepted report yet" in page
    assert not re.search("777|888|999|区划150903", page)
    assert not PublishedFigure.objects.exists()


def test_a_sum_of_measures_is_neither_published_nor_offered(browser, federation, places):
    """Beside hidden summands it would tell them; what was kept before it was known to be a sum is dropped."""
    figures = {REGISTER: 30, "counted_children": 21, "left_behind_children": 9, "migrant_children": 12}
    report(A, Q3, figures)
    kept = {"district": places[0].parent.parent, "year": 2026, "quarter": 3, "measure": "counted_children"}
    PublishedFigure.objects.create(**kept, code=A, value=21, communities=1)
    page = browser.get(f"{OVERVIEW}?quarter=2026Q3").content.decode()
    assert "Migrant children" in page and "Left-behind and migrant children" not in page
    assert set(PublishedFigure.objects.values_list("measure", flat=True)) == set(figures) - {"counted_children"}
    PublishedFigure.objects.create(**kept, code=A, value=21, communities=1)
    address = "/reports/district/figure/counted_children/?quarter=2026Q3"
    assert ["21"] not in [row[-1:] for row in cells(browser.get(address))]
    compared_by_it = browser.get(f"{COMPARE}?figure=counted_children").content.decode()
    assert 'value="migrant_children"' in compared_by_it and 'value="counted_children"' not in compared_by_it
    assert Published(federation, places[0].parent.parent).of_quarter(Q3).keys() == {
        (key, code) for key in set(figures) - {"counted_children"} for code in (A, A[:9], A[:6])
    }


@pytest.mark.parametrize(
    "address",
    [
        f"{OVERVIEW}?district=150903",
        f"{OVERVIEW}?place={ELSEWHERE}&district=150903",
        f"{COMPARE}?district=150903",
        "/reports/district/states/?district=150903",
        f"/reports/district/figure/{REGISTER}/?district=150903",
        f"{OVERVIEW}?place=150902999",
        f"{OVERVIEW}?workbook=nothing",
        "/reports/district/figure/no_such_figure/",
    ],
)
def test_what_is_out_of_reach_is_not_there(browser, address):
    report(ELSEWHERE, Q3, {REGISTER: 50})
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("role", ["director", "supervisor", "counsellor", "administrator"])
def test_the_pages_are_the_federations(role, request, places, signed_in):
    client = signed_in(request.getfixturevalue(role))
    for name in ("district", "district_compare", "district_states", "views", "save_view"):
        assert client.get(reverse(f"reports:{name}")).status_code == 404


def test_junk_in_an_address_falls_away(browser):
    report(A, Q3, {REGISTER: 30})
    for junk in ("?quarter=2026Q9&figure=x&level=planet&sort=--1", "?place=١٥", "?sort=99999999", "?sort=-", "?show=x"):
        for page in (OVERVIEW, COMPARE, "/reports/district/states/"):
            assert browser.get(page + junk).status_code == 200


def test_a_trend_tells_each_quarter_in_the_picture_and_in_the_table(browser):
    report(A, Period.quarter(2025, 3), {REGISTER: 10})
    report(A, Q1, {REGISTER: 12})
    report(A, Q2, {REGISTER: 3})
    report(A, Q3, {REGISTER: 30})
    for code in (B, C):
        report(code, Q2, {REGISTER: 0})
    page = browser.get(f"{OVERVIEW}?quarter=2026Q3&figure={REGISTER}")
    drawing = re.search(r"<svg viewBox.*?</svg>", page.content.decode(), re.DOTALL).group(0)
    numbers = re.findall(r'class="series-number"[^>]*>([^<]+)<', drawing)
    assert numbers == ["10", "12", "•", "30"]
    assert "fill=" not in drawing
    rows = cells(page)
    assert ["Quarter 3 of 2026", "30", "1"] in rows
    assert ["Quarter 2 of 2026", "•", "—"] in rows
    assert ["Quarter 4 of 2025", "—", "—"] in rows
    assert "Quarter 2 of 2025" not in [row[0] for row in rows if row]  # nothing was published by then


def test_the_numbers_beside_are_those_of_last_quarter_and_a_year_ago(browser):
    for period, n in ((Period.quarter(2025, 3), 10), (Q2, 20), (Q3, 30)):
        report(A, period, {REGISTER: n})
    assert ["Children on the register", "30", "20", "10", "1"] in cells(browser.get(f"{OVERVIEW}?quarter=2026Q3"))


def test_hidden_numbers_stand_last_in_any_order(browser):
    """A place between two numbers would tell what lies between them."""
    more = [f"{OTHER_STREET}{n:03}" for n in range(2, 6)]
    divisions(*more)
    for code, n in zip([A, B, C, *more], [50, 3, 9, 70, 2, 8, 60], strict=True):
        report(code, Q3, {REGISTER: n})
    ways = {
        sort: [row[1] for row in compared(browser, level="community", figure=REGISTER, quarter="2026Q3", sort=sort)[1:]]
        for sort in (1, -1)
    }
    shown = [n for n in ways[1] if n != "•"]
    assert ways[1] == [*sorted(shown, key=int), *["•"] * (7 - len(shown))]
    assert ways[-1] == [*sorted(shown, key=int, reverse=True), *["•"] * (7 - len(shown))]
    hidden = [
        [
            row[0]
            for row in compared(browser, level="community", figure=REGISTER, quarter="2026Q3", sort=s)[1:]
            if row[1] == "•"
        ]
        for s in (1, -1)
    ]
    assert hidden[0] == hidden[1] == sorted(hidden[0])


def test_parts_are_shown_for_the_district_and_add_up(browser):
    for code, girls, boys in ((A, 12, 8), (B, 3, 9), (C, 7, 20)):
        report(code, Q3, {REGISTER: {"": girls + boys, ("sex", "F"): girls, ("sex", "M"): boys}})
    rows = cells(browser.get(f"/reports/district/figure/{REGISTER}/?quarter=2026Q3"))
    sexes = [row for row in rows if len(row) == 2]
    assert sorted(row[1] for row in sexes) == ["22", "37"]
    assert [f"区划{B}", "community", "12", "1"] in rows


@pytest.mark.parametrize(
    ("address", "table"),
    [
        (OVERVIEW, "section-1"),
        (OVERVIEW, f"trend-{REGISTER}"),
        (OVERVIEW, "reports"),
        (COMPARE, "compare"),
        (f"/reports/district/figure/{REGISTER}/", "places"),
    ],
)
def test_a_workbook_holds_what_the_page_shows(browser, federation, address, table):
    for code, n in ((A, 3), (B, 20), (C, 40)):
        report(code, Q3, {REGISTER: n, "left_behind_children": n})
    figure = [REGISTER, "left_behind_children"]
    written = urlencode({"quarter": "2026Q3", "level": "community", "figure": figure}, doseq=True)
    shown = [row for row in cells(browser.get(f"{address}?{written}")) if row]
    lines = [
        line
        for line in sheet(browser.get(f"{address}?{written}&workbook={table}"))[4:]
        if len(line) > 1 and line[1] != ""
    ]
    assert lines
    for line in lines:
        told = [str(int(cell)) if isinstance(cell, float) else cell for cell in line]
        assert any(row[: len(told)] == told for row in shown), (told, shown)
    assert TrailEntry.objects.filter(actor=federation, verb="exported").count() == 1


def test_every_page_and_workbook_shows_the_published_figure_and_no_other(browser):
    """Looked at after each report that comes, over three quarters: one number is never two."""
    chance = random.Random(5)
    codes = [A, B, C, f"{OTHER_STREET}002", f"{OTHER_STREET}003"]
    divisions(*codes)
    keys = [REGISTER, "left_behind_children", "migrant_children", "newly_registered", "left_register", "contacts_visit"]
    for period in (Q1, Q2, Q3):
        for code in chance.sample(codes, len(codes)):
            report(code, period, {key: chance.choice([0, 1, 3, 4, 6, 12, 40]) for key in keys})
            read = _everything_shown(browser, keys)
            for name, shown in read.items():
                assert len(shown) == 1, (name, shown)
    published = {
        (row.measure, f"{row.year}Q{row.quarter}", row.code): "•" if row.value is None else str(row.value)
        for row in PublishedFigure.objects.filter(breakdown="")
    }
    told = {name: shown for name, (shown,) in read.items() if shown != "—"}
    assert told == published
    assert not {n for (_key, _q, code), n in published.items() if len(code) == 12} & {"1", "2", "3", "4"}


def _everything_shown(browser, keys):
    """{(measure, quarter, code): {what pages and workbooks show}}"""
    found: dict = {}
    quarters = ["2026Q3", "2026Q2", "2026Q1"]
    for level in ("street", "community"):
        written = urlencode({"level": level, "figure": keys, "quarter": quarters}, doseq=True)
        for rows in (
            compared(browser, level=level, figure=keys, quarter=quarters),
            sheet(browser.get(f"{COMPARE}?{written}&workbook=compare"))[4:],
        ):
            names = [(key, quarter) for key in _in_layout(keys) for quarter in reversed(quarters)]
            for row in rows:
                if row and str(row[0]).startswith("区划"):
                    for (key, quarter), cell in zip(names, row[1:], strict=True):
                        cell = str(int(cell)) if isinstance(cell, float) else cell.rstrip("*")
                        found.setdefault((key, quarter, row[0].removeprefix("区划")), set()).add(cell)
    labels = {key: _label(key) for key in keys}
    for quarter in quarters:
        for code in (DISTRICT, STREET, A):
            rows = cells(browser.get(f"{OVERVIEW}?quarter={quarter}&place={code if code != DISTRICT else ''}"))
            for key, label in labels.items():
                for row in rows:
                    if row and row[0] == label:
                        found.setdefault((key, quarter, code), set()).add(row[1])
        for key in keys:
            for row in cells(browser.get(f"/reports/district/figure/{key}/?quarter={quarter}")):
                if len(row) == 4:
                    found.setdefault((key, quarter, row[0].removeprefix("区划")), set()).add(row[2])
    return found


def _label(key):
    from records import measures

    return str(measures.get(key).label)


def _in_layout(keys):
    from reports.choices import figures_offered

    return [measure.key for measure in figures_offered() if measure.key in keys]


def test_an_accepted_amendment_changes_what_is_read_and_a_proposed_one_nothing(browser):
    amended = report(A, Q3, {REGISTER: {"": 30, ("sex", "F"): 14, ("sex", "M"): 16}})
    report(B, Q3, {REGISTER: 20})
    rows = lambda: compared(browser, level="community", figure=[REGISTER], quarter="2026Q3")[1:3]  # noqa: E731
    assert rows() == [[f"区划{A}", "30"], [f"区划{B}", "20"]]
    figures = {REGISTER: {"value": 33, "version": 1, "parts": {"sex": {"F": 15, "M": 18}}}, "gone": {"value": 1}}
    proposed = {"report": amended, "number": 1, "reason": "漏登", "before": {}, "figures": figures}
    amendment = Amendment.objects.create(community_id=A, proposed_by=account("wrote"), **proposed)
    assert rows() == [[f"区划{A}", "30"], [f"区划{B}", "20"]]
    amendment.accept(by=account("decided"))
    assert rows() == [[f"区划{A}", "33"], [f"区划{B}", "20"]]
    totals, parts = figures_in_force(A[:6], Q3)
    assert (totals[REGISTER], parts[REGISTER]) == ({A: 33, B: 20}, {(A, "sex", "F"): 15, (A, "sex", "M"): 18})


def test_looking_again_publishes_nothing_anew(browser, django_assert_max_num_queries):
    report(A, Q3, {REGISTER: 30})
    browser.get(OVERVIEW)
    kept = list(PublishedFigure.objects.order_by("pk").values_list())
    with django_assert_max_num_queries(30):
        browser.get(OVERVIEW)
    assert list(PublishedFigure.objects.order_by("pk").values_list()) == kept
    assert PublishedQuarter.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("address", [OVERVIEW, COMPARE + "?level=community", "/reports/district/states/"])
def test_a_page_costs_the_same_for_one_and_thirty(count, address, browser, django_assert_num_queries):
    for n in range(count):
        divisions(code := f"{STREET}{500 + n}")
        report(code, Q3, {REGISTER: 10 + n})
    browser.get(address)
    with django_assert_num_queries({OVERVIEW: 18, COMPARE + "?level=community": 12}.get(address, 9)):
        browser.get(address)


class TestReportsOfTheQuarter:
    @pytest.fixture(autouse=True)
    def states(self, places):
        report(A, Q3, {REGISTER: 30})
        report(B, Q3, {}, status="returned")

    def test_the_overview_counts_the_states_and_names_who_is_missing(self, browser):
        page = browser.get(f"{OVERVIEW}?quarter=2026Q3")
        assert [f"区划{STREET}", "1", "0", "1", "0", "0"] in cells(page)
        assert [f"区划{OTHER_STREET}", "0", "0", "0", "0", "1"] in cells(page)
        assert f"区划{B}, 区划{C}" in page.content.decode()

    def test_the_list_can_be_narrowed(self, browser):
        address = "/reports/district/states/?quarter=2026Q3&show="
        names = lambda show: [row[0] for row in cells(browser.get(address + show)) if row[0]]  # noqa: E731
        assert names("") == [f"区划{A}", f"区划{B}", f"区划{C}"]
        assert names("missing") == [f"区划{B}", f"区划{C}"]
        assert names("accepted") == [f"区划{A}"]

    def test_the_list_as_a_workbook(self, browser):
        lines = sheet(browser.get("/reports/district/states/?quarter=2026Q3&show=missing&workbook=states"))
        assert [line[:3] for line in lines[4:6]] == [
            [f"区划{B}", f"区划{STREET}", "returned, late"],
            [f"区划{C}", f"区划{OTHER_STREET}", "not begun"],
        ]

    def test_a_reminder_stands_on_the_communitys_first_page_until_the_report_comes(
        self, browser, make_user, places, signed_in, once
    ):
        from reports.models import ReportReminder

        worker = make_user("community_worker", places[2])
        sent = {"quarter": "2026Q3", "community": C}
        answer = browser.post("/reports/district/remind/", {**sent, **once()}, follow=True)
        assert "The community is reminded" in answer.content.decode()
        again = browser.post("/reports/district/remind/", {**sent, **once()}, follow=True)
        assert "This community was reminded today." in again.content.decode()
        assert ReportReminder.objects.count() == 1
        desk = signed_in(worker).get("/admin/").content.decode()
        assert "Reminders of quarterly reports" in desk
        report(C, Q3, {}, status="submitted")
        assert "Reminders of quarterly reports" not in signed_in(worker).get("/admin/").content.decode()

    @pytest.mark.parametrize(
        ("quarter", "community", "said"),
        [("2026Q3", A, "has handed its report in"), ("2026Q4", C, "This quarter is not over yet")],
    )
    def test_who_need_not_be_reminded_is_not(self, browser, once, quarter, community, said):
        sent = {"quarter": quarter, "community": community, **once()}
        assert said in browser.post("/reports/district/remind/", sent, follow=True).content.decode()

    @pytest.mark.parametrize("written", ["2023Q2", "2019Q1", "2027Q1"])
    def test_quarters_long_before_and_to_come_are_none(self, browser, once, community, written):
        sent = {"community": community.pk, "quarter": written, **once()}
        assert browser.post("/reports/district/remind/", sent).status_code == 404
        assert not ReportReminder.objects.exists()

    def test_a_community_elsewhere_is_not_reminded(self, browser, once):
        sent = {"quarter": "2026Q3", "community": ELSEWHERE, **once()}
        assert browser.post("/reports/district/remind/", sent).status_code == 404
