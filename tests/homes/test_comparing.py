"""Homes side by side: the neediest first; figures that are kept, and no answer read for the page."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homes import checking
from homes.models import Inspection, Repair, Standing
from tests.children.pages import filled, soup, words
from tests.conftest import _division, freshly_signed_in
from tests.homes.factories import fill_in, make_home, standard_in_force, submitted_check, today

pytestmark = pytest.mark.django_db
PAGE = reverse("evaluations:comparison")
INSPECTION, SELF_CHECK = Inspection.Kind.INSPECTION, Inspection.Kind.SELF_CHECK


@pytest.fixture
def standard(district):
    return standard_in_force(district)


def home_named(name, number, street="150902001"):
    return make_home(_division(f"{street}{number:03}", f"{name}社区", "community"), name=name)


def checked(home, by, *, but=(), kind=INSPECTION, on=None):
    """A submitted check, of the day `on`."""
    with transaction.atomic():
        check = submitted_check(home, by, kind=kind, but=but)
        if on:
            Inspection.objects.filter(pk=check.pk).update(submitted_on=on)
        Standing.renew(home)
    return Inspection.objects.get(pk=check.pk)


def order_of(answer):
    return [row.select_one("a").text for row in soup(answer).select("main .table-frame")[0].select("tbody tr")]


def test_the_neediest_stand_first_and_the_reasons_are_said(standard, street, supervisor, signed_in):
    fine, barred, late, low, unseen, fair = (
        home_named(name, n) for n, name in enumerate(["良好", "受限", "逾期", "偏低", "未查", "一般"], 1)
    )
    checked(fine, supervisor)
    checked(barred, supervisor, but=["H02"])
    gap = checked(late, supervisor, but=["H13"]).answers.get(item__code="H13")
    repair = Repair.plan(gap, what="x", owner="x", due_on=today(), by=supervisor)
    Repair.objects.filter(pk=repair.pk).update(
        planned_on=today() - dt.timedelta(days=9), due_on=today() - dt.timedelta(days=1)
    )
    checked(low, supervisor, but=["H01", "H05", "H08", "H09", "H10", "H12"])
    checked(unseen, supervisor, kind=SELF_CHECK)
    checked(fair, supervisor, but=["H13", "H14"])
    page = signed_in(supervisor).get(PAGE)
    assert order_of(page) == ["受限", "逾期", "偏低", "未查", "一般", "良好"]
    said = words(page)
    for reason in ("must be met and is not: H02", "1 repair overdue", "1 section below 70", "not inspected this year"):
        assert reason in said
    ranked = order_of(signed_in(supervisor).get(PAGE, {"order": "rank"}))
    assert ranked.index("良好") < ranked.index("一般") < ranked.index("偏低")


def test_everybody_compares_what_is_theirs(
    standard,
    street,
    far_street,
    federation,
    supervisor,
    director,
    stranger,
    counsellor,
    community,
    far_community,
    signed_in,
):
    near, far = make_home(community, name="近"), make_home(far_community, name="远")
    for home in (near, far):
        checked(home, federation)
    assert sorted(order_of(signed_in(federation).get(PAGE))) == ["近", "远"]
    assert order_of(signed_in(federation).get(PAGE, {"street": far_street.pk})) == ["远"]
    assert order_of(signed_in(supervisor).get(PAGE)) == ["近"]
    assert order_of(signed_in(supervisor).get(PAGE, {"street": far_street.pk})) == ["近"]
    assert order_of(signed_in(director).get(PAGE)) == ["近"]
    assert order_of(signed_in(stranger).get(PAGE)) == ["远"]
    assert signed_in(counsellor).get(PAGE).status_code == 404
    mapped = soup(signed_in(federation).get(PAGE, {"show": "map"}))
    assert [section.select_one("h2").text.strip() for section in mapped.select(".streets .card")] == [
        "新体路街道", "桥东街道",
    ]  # fmt: skip
    assert "远" not in words(signed_in(supervisor).get(PAGE, {"show": "map"}))


def test_the_map_says_in_signs_and_words_how_needy_each_is(standard, street, supervisor, signed_in):
    for n in range(1, 9):
        checked(home_named(f"之家{n}", n), supervisor, but=["H02"] if n == 8 else ())
    page = soup(signed_in(supervisor).get(PAGE, {"show": "map"}))
    tiles = page.select(".tiles li")
    assert len(tiles) == 6  # the neediest of a street that was not chosen
    assert tiles[0].select_one(".tile-mark").text == "■"
    assert "a requirement that must be met is not:" in tiles[0].text
    chosen = soup(signed_in(supervisor).get(PAGE, {"show": "map", "street": street.pk}))
    assert len(chosen.select(".tiles li")) == 8


def test_an_inspection_outweighs_a_later_self_check_of_its_year_and_a_new_year_begins_anew(
    standard, community, supervisor
):
    home, this = make_home(community), today().year
    old = checked(home, supervisor, but=["H02", "H05"], on=dt.date(this - 1, 5, 1))
    checked(home, supervisor, kind=SELF_CHECK, on=dt.date(this - 1, 11, 1))
    assert list(home.standings.values_list("year", "inspection", "is_latest", "bars")) == [
        (this - 1, old.pk, True, "H02")
    ]
    new = checked(home, supervisor, kind=SELF_CHECK, on=dt.date(this, 1, 2))
    assert list(home.standings.values_list("year", "inspection", "is_inspected", "is_latest")) == [
        (this, new.pk, False, True),
        (this - 1, old.pk, True, False),
    ]


def test_submitting_keeps_what_the_verdict_says(standard, community, supervisor):
    home = make_home(community)
    with transaction.atomic():
        check = checking.begin(home, INSPECTION, by=supervisor)
        fill_in(check, supervisor, ["H02", "S01", "O15"])
        check = checking.submit(check, by=supervisor)
    kept = home.standings.get()
    verdict = check.verdict
    assert (kept.score, kept.grade, kept.bars, kept.bar_count) == (check.score, check.grade, "H02 O15", 2)
    for section in ("hardware", "software", "operation"):
        earned, weight = verdict.of_section(section)
        assert getattr(kept, section) == Decimal(int(1000 * earned / weight)) / 10


def test_five_years_are_drawn_and_told(standard, community, far_community, federation, signed_in):
    near, far, this = make_home(community, name="近"), make_home(far_community, name="远"), today().year
    for year in range(this - 6, this):
        checked(near, federation, on=dt.date(year, 6, 1))
        checked(far, federation, but=["H01", "H02"], on=dt.date(year, 6, 1))
    page = soup(signed_in(federation).get(PAGE))
    rows = [
        [cell.text for cell in row.select("th, td")] for row in page.select("main .table-frame")[1].select("tbody tr")
    ]
    assert [row[0] for row in rows] == [str(year) for year in range(this - 4, this + 1)]
    assert [row[2:4] for row in rows] == [["2", "2"]] * 4 + [["0", "0"]]
    assert len(page.select("svg .trend-point")) == 4
    scores = [s.score for s in Standing.objects.filter(year=this - 1)]
    assert Decimal(rows[3][1]) == Decimal(int(10 * sum(scores) / 2)) / 10


def test_the_workbook_holds_what_the_screen_shows(standard, community, far_community, federation, signed_in, street):
    near, far = make_home(community, name="近"), make_home(far_community, name="远")
    checked(near, federation, but=["H02"])
    checked(far, federation)
    client = freshly_signed_in(signed_in(federation))
    url = reverse("records:export", args=["home_comparison"]) + f"?street={street.pk}"
    answer = client.post(url, filled(client.get(url), reason="report", purpose="交区妇联"))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    cells = [[str(cell) for cell in row if cell] for row in book.active.iter_rows(values_only=True)]
    rows = [row for row in cells if "近" in row or "远" in row]
    assert len(rows) == 1
    assert "H02" in " ".join(rows[0])


def test_the_comparison_is_printed_for_a_division_in_reach(
    standard, community, far_community, street, district, federation, supervisor, signed_in
):
    make_home(community, name="近"), make_home(far_community, name="远")
    whole = soup(signed_in(federation).get(reverse("paper", args=["home_comparison", int(district.pk)])))
    assert [row.select("td")[1].text for row in whole.select("table")[0].select("tbody tr")] == ["近", "远"]
    theirs = soup(signed_in(supervisor).get(reverse("paper", args=["home_comparison", int(street.pk)])))
    assert [row.select("td")[1].text for row in theirs.select("table")[0].select("tbody tr")] == ["近"]
    assert signed_in(supervisor).get(reverse("paper", args=["home_comparison", int(district.pk)])).status_code == 404


@pytest.mark.parametrize("show", ["", "map"])
def test_the_page_asks_as_much_for_three_homes_as_for_one_and_reads_no_answer(
    show, standard, street, far_street, federation, signed_in
):
    def asked():
        with CaptureQueriesContext(connection) as made:
            client.get(PAGE, {"show": show})
        return [query["sql"] for query in made]

    client = signed_in(federation)
    checked(home_named("一", 1), federation)
    asked()
    one = asked()
    checked(home_named("二", 2, far_street.pk), federation, but=["H02"])
    checked(home_named("三", 3), federation, kind=SELF_CHECK)
    three = asked()
    assert len(one) == len(three) <= 12
    assert not [sql for sql in three if "homes_answer" in sql or "explanation" in sql]
