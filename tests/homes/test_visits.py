"""The visits of a street or district planned in one act: good lines go in, wrong ones come back with what was typed."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Posting
from homes.models import Evaluation, Home
from records.trail import TrailEntry
from tests.children.pages import filled, soup, words
from tests.conftest import _division, freshly_signed_in
from tests.homes.evaluations import POOR, days, decided, drafted, fresh, inspected
from tests.homes.factories import make_home, managed, submitted_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(year):
    return reverse("evaluations:visits", args=[year.pk])


@pytest.fixture
def far(year, far_community):
    return year.evaluations.get(community=far_community)


@pytest.fixture
def officer(make_user, far_street):
    """Who inspects in the far street."""
    return make_user("street_officer", far_street, "officer")


def line(evaluation, day, who):
    """What is typed on the line of a Home."""
    return {f"v{evaluation.pk}-visit_on": str(day), f"v{evaluation.pk}-inspector": str(getattr(who, "pk", who))}


def sent(client, page, **typed):
    """The page's form with what is typed on it, its button pressed; `fill` presses the other."""
    form = next(
        n for n, form in enumerate(soup(client.get(page)).main.find_all("form")) if form.get("method") == "post"
    )
    data = filled(client.get(page), form_index=form, **typed)
    if "fill" not in typed:
        data = {name: value for name, value in data.items() if not name.startswith("spread-")}
    return client.post(page, data)


def plan_of(*evaluations):
    return [(fresh(one).visit_on, fresh(one).inspector) for one in evaluations]


def names(answer):
    return [row.select_one("a").text for row in soup(answer).select("main tbody tr")]


# One act --------------------------------------------------------------------------------------------------------------


def test_the_whole_district_is_planned_in_one_act(evaluation, far, page, federation, supervisor, officer, signed_in):
    typed = {**line(evaluation, days(3), supervisor), **line(far, days(4), officer)}
    client = signed_in(federation)
    answer = sent(client, page, **typed)
    assert answer["Location"] == evaluation.year.get_absolute_url()
    assert plan_of(evaluation, far) == [(days(3), supervisor), (days(4), officer)]
    assert [fresh(one).version for one in (evaluation, far)] == [2, 2]
    for one in (evaluation, far):
        entry = TrailEntry.objects.about(one).first()
        assert (entry.verb, entry.actor, entry.fields) == ("planned a visit", federation, ["inspector", "visit_on"])
    assert "2 visits are planned." in words(client.get(answer["Location"]))


def test_what_nobody_touches_is_no_fault_when_who_was_to_go_has_left(
    evaluation, far, page, federation, supervisor, officer, signed_in
):
    client = signed_in(federation)
    sent(client, page, **line(evaluation, days(3), supervisor))
    Posting.objects.filter(user=supervisor).update(ends_on=days(-1))
    answer = sent(client, page, **line(far, days(4), officer))
    assert answer["Location"] == evaluation.year.get_absolute_url()
    assert plan_of(evaluation, far) == [(days(3), supervisor), (days(4), officer)]


def test_a_home_that_closed_while_its_line_was_typed_is_spoken_of(
    evaluation, far, page, federation, supervisor, officer, signed_in
):
    client = signed_in(federation)
    form = next(n for n, one in enumerate(soup(client.get(page)).main.find_all("form")) if one.get("method") == "post")
    data = filled(
        client.get(page), form_index=form, **line(far, days(4), officer), **line(evaluation, days(3), supervisor)
    )
    data = {name: value for name, value in data.items() if not name.startswith("spread-")}
    Home.objects.filter(pk=far.home_id).update(closed_on=days(0))
    answer = client.post(page, data)
    assert plan_of(evaluation, far) == [(days(3), supervisor), (None, None)]
    said = words(client.get(answer["Location"]))
    assert "1 visit is planned." in said and "Homes that closed meanwhile are no longer on the page." in said


def test_good_lines_go_in_and_wrong_ones_come_back(evaluation, far, page, federation, supervisor, officer, signed_in):
    client = signed_in(federation)
    typed = {**line(evaluation, days(3), supervisor), **line(far, days(300), officer)}
    answer = sent(client, page, **typed)
    assert plan_of(evaluation, far) == [(days(3), supervisor), (None, None)]
    said = words(answer)
    assert "1 visit is planned." in said and "1 line needs another look." in said and "Choose a day from" in said
    day = soup(answer).select_one(f"#id_v{far.pk}-visit_on")
    assert day["value"] == str(days(300))
    assert "Choose a day from" in day.parent.text
    again = filled(answer, form_index=-1)
    client.post(page, {**again, **line(far, days(4), officer)})
    assert plan_of(evaluation, far) == [(days(3), supervisor), (days(4), officer)]


@pytest.mark.parametrize(
    ("day", "who", "said"),
    [
        ("2026-13-01", "supervisor", "Enter a valid date."),
        ("0202-01-01", "supervisor", "within 2 years of today"),
        ("", "supervisor", "Give the day and who inspects."),
        ("soon", "", "Give the day and who inspects."),
        ("soon", "director", "Select a valid choice."),
        ("soon", "officer", "Select a valid choice."),
        ("soon", "x", "Select a valid choice."),
    ],
)
def test_what_cannot_be_planned_is_said_beside_its_line(
    day, who, said, evaluation, page, federation, officer, supervisor, director, signed_in
):
    people = {"supervisor": supervisor, "director": director, "officer": officer}
    typed = line(evaluation, days(3) if day == "soon" else day, people.get(who, who))
    answer = sent(signed_in(federation), page, **typed)
    row = next(row for row in soup(answer).select("main tbody tr") if "恩和路" in row.text)
    assert said in row.text
    assert (
        row.select_one("input[type=date], input[name$=visit_on]")["value"] == typed[f"v{evaluation.pk}-visit_on"]
        or not day
    )
    assert plan_of(evaluation) == [(None, None)]


def test_a_plan_is_changed_and_what_is_left_as_it_stands_is_not_touched(
    evaluation, far, page, federation, supervisor, officer, chair, signed_in
):
    for one, who in ((evaluation, supervisor), (far, officer)):
        one.plan_visit(visit_on=days(5), inspector=who, seen=one.version, by=federation)
    sent(signed_in(federation), page, **line(far, days(6), chair))
    assert plan_of(evaluation, far) == [(days(5), supervisor), (days(6), chair)]
    assert [fresh(one).version for one in (evaluation, far)] == [2, 3]
    assert "0 visits are planned." in words(
        signed_in(federation).post(page, _untouched(page, federation, signed_in), follow=True)
    )


def _untouched(page, user, signed_in):
    return {name: value for name, value in filled(signed_in(user).get(page)).items() if not name.startswith("spread-")}


def test_what_a_colleague_planned_meanwhile_is_said_before_it_is_changed(
    evaluation, page, federation, chair, supervisor, signed_in
):
    client = signed_in(federation)
    typed = {**_untouched(page, federation, signed_in), **line(evaluation, days(3), supervisor)}
    evaluation.plan_visit(visit_on=days(9), inspector=chair, seen=evaluation.version, by=chair)
    answer = client.post(page, typed)
    assert "Something changed meanwhile" in words(answer) and "chair inspects" in words(answer)
    assert plan_of(evaluation) == [(days(9), chair)]
    client.post(page, filled(answer))
    assert plan_of(evaluation) == [(days(3), supervisor)]


def test_a_double_click_plans_once(evaluation, page, federation, supervisor, signed_in):
    client = signed_in(federation)
    typed = {**_untouched(page, federation, signed_in), **line(evaluation, days(3), supervisor)}
    first, second = client.post(page, typed), client.post(page, typed)
    assert first["Location"] == second["Location"]
    assert fresh(evaluation).version == 2


# Which Homes stand there ----------------------------------------------------------------------------------------------


def test_the_neediest_stand_first_and_who_was_visited_stands_there_no_more(
    evaluation, far, page, federation, supervisor, street, signed_in
):
    client = signed_in(federation)
    assert names(client.get(page)) == ["恩和路儿童之家", "龙湾儿童之家"]
    submitted_check(far.home, federation, kind="self_check", but=["H02"])
    submitted_check(evaluation.home, supervisor, kind="self_check")
    assert names(client.get(page)) == ["龙湾儿童之家", "恩和路儿童之家"]
    assert "not inspected this year" in words(client.get(page))
    assert names(client.get(page, {"street": street.pk})) == ["恩和路儿童之家"]
    inspected(evaluation.home, supervisor)
    assert names(client.get(page)) == ["龙湾儿童之家"]
    far.leave_out(reason="late", seen=far.version, by=federation)
    assert "No Home waits for a visit" in words(client.get(page))


def test_a_home_judged_meanwhile_is_refused_in_words(evaluation, page, federation, supervisor, signed_in):
    typed = {**_untouched(page, federation, signed_in), **line(evaluation, days(3), supervisor)}
    drafted(evaluation, supervisor)
    typed[f"v{evaluation.pk}-seen"] = str(fresh(evaluation).version)
    assert "no visit is to be planned" in words(signed_in(federation).post(page, typed))
    assert plan_of(evaluation) == [(None, None)]


def test_only_the_federation_plans(evaluation, page, supervisor, director, stranger, counsellor, signed_in):
    for who in (supervisor, director, stranger, counsellor):
        assert signed_in(who).get(page).status_code == 404, who
        assert signed_in(who).post(page, line(evaluation, days(3), supervisor)).status_code == 404, who
    assert plan_of(evaluation) == [(None, None)]


def test_a_key_of_another_year_or_district_is_no_line(evaluation, page, federation, supervisor, signed_in, make_user):
    elsewhere = _division("150903", "外区", "district")
    other = make_user("federation_officer", elsewhere, "elsewhere")
    assert signed_in(other).get(page).status_code == 404
    typed = {"v999999-seen": "1", "v999999-visit_on": str(days(3)), "v999999-inspector": str(supervisor.pk)}
    token = _untouched(page, federation, signed_in)["once_token"]
    assert signed_in(federation).post(page, {**typed, "once_token": token}).status_code == 302
    assert not Evaluation.objects.exclude(visit_on=None).exists()


# Filling in -----------------------------------------------------------------------------------------------------------


def test_empty_lines_are_filled_in_and_nothing_is_kept_until_it_is_sent(
    evaluation, far, page, federation, supervisor, officer, signed_in
):
    client = signed_in(federation)
    spread = {"spread-first": str(days(1)), "spread-last": str(days(14)), "spread-a_day": "1", "fill": "yes"}
    answer = sent(client, page, **spread, **{"spread-people": [str(supervisor.pk), str(officer.pk)]})
    assert plan_of(evaluation, far) == [(None, None), (None, None)]
    assert "2 lines are filled in." in words(answer)
    form = filled(answer)
    day = form[f"v{evaluation.pk}-visit_on"]
    assert str(days(1)) <= day <= str(days(4))
    assert (form[f"v{evaluation.pk}-inspector"], form[f"v{far.pk}-inspector"]) == (str(supervisor.pk), str(officer.pk))
    client.post(page, {name: value for name, value in form.items() if not name.startswith("spread-")})
    assert [(str(one[0]), one[1]) for one in plan_of(evaluation, far)] == [(day, supervisor), (day, officer)]


def test_what_is_typed_stays_and_where_there_is_no_room_it_is_said(
    evaluation, far, page, federation, supervisor, chair, signed_in
):
    client = signed_in(federation)
    spread = {"spread-first": str(days(1)), "spread-last": str(days(14)), "spread-a_day": "1", "fill": "yes"}
    typed = line(far, days(20), chair)
    answer = sent(client, page, **spread, **typed, **{"spread-people": [str(chair.pk)]})
    assert "1 line is filled in." in words(answer)
    form = filled(answer)
    assert (form[f"v{far.pk}-visit_on"], form[f"v{evaluation.pk}-inspector"]) == (str(days(20)), str(chair.pk))
    nobody = sent(client, page, **{**spread, "spread-last": str(days(0))}, **{"spread-people": [str(chair.pk)]})
    assert "Give a last day within a year after the first." in words(nobody)
    unticked = sent(client, page, **spread, **{"spread-people": []})
    assert "Tick somebody." in words(unticked)
    far.home.close(by=supervisor, on=days(0))
    evaluation.plan_visit(visit_on=days(2), inspector=supervisor, seen=evaluation.version, by=federation)
    full = sent(client, page, **spread, **{"spread-people": [str(supervisor.pk)]})
    assert "0 lines are filled in." in words(full)


# On paper and in a workbook -------------------------------------------------------------------------------------------


@pytest.fixture
def planned(evaluation, far, federation, supervisor, officer, director, stranger):
    managed(evaluation.home, director, "王丽", "16112345678")
    evaluation.plan_visit(visit_on=days(4), inspector=supervisor, seen=evaluation.version, by=federation)
    far.plan_visit(visit_on=days(3), inspector=officer, seen=far.version, by=federation)
    return evaluation.year


def on_paper(client, year, **asked):
    sheet = soup(freshly_signed_in(client).get(reverse("paper", args=["evaluation_plan", year.pk]), asked))
    return [
        [cell.text.split()[0] if cell.text.strip() else "" for cell in row.select("td")]
        for row in sheet.select("tbody tr")
    ]


def test_the_plan_prints_who_goes_where_and_when(planned, street, supervisor, federation, director, officer, signed_in):
    near = [str(days(4)), "supervisor", "恩和路儿童之家", "恩和路社区", "1"]
    far = [str(days(3)), "officer", "龙湾儿童之家", "龙湾社区", "1"]
    assert on_paper(signed_in(federation), planned) == [[*far, ""], [*near, ""]]
    assert on_paper(signed_in(federation), planned, street=street.pk) == [[*near, ""]]
    for who in (supervisor, director):
        assert on_paper(signed_in(who), planned) == [[*near, "王丽", "16112345678", ""]], who
    assert on_paper(signed_in(officer), planned) == [[*far, "—", "", ""]]  # nobody manages that Home
    assert on_paper(signed_in(federation), planned, street="x") == [[*far, ""], [*near, ""]]


def test_the_plan_goes_out_as_a_workbook(planned, street, supervisor, federation, signed_in):
    assert taken_out(signed_in(federation), planned) == [
        ["1", str(days(3)), "officer", "龙湾儿童之家", "龙湾社区", "桥东街道", "1 号楼"],
        ["2", str(days(4)), "supervisor", "恩和路儿童之家", "恩和路社区", "新体路街道", "1 号楼"],
    ]
    near = ["1", str(days(4)), "supervisor", "恩和路儿童之家", "恩和路社区", "新体路街道", "1 号楼"]
    assert taken_out(signed_in(federation), planned, f"&street={street.pk}") == [near]
    assert taken_out(signed_in(supervisor), planned) == [[*near, "王丽", "16112345678"]]


def taken_out(client, year, query=""):
    client = freshly_signed_in(client)
    url = reverse("records:export", args=["evaluation_plan"]) + f"?year={year.pk}{query}"
    answer = client.post(url, filled(client.get(url), reason="visit", purpose="入户检查"))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = [[str(cell) for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]
    return [row for row in rows if row and row[0].isdigit()]


def test_a_plan_out_of_reach_is_no_list(planned, federation, make_user, signed_in):
    other = make_user("federation_officer", _division("150903", "外区", "district"), "elsewhere")
    url = reverse("records:export", args=["evaluation_plan"])
    for query in (f"?year={planned.pk}", "?year=x", ""):
        assert signed_in(other).get(url + query).status_code == 404
    assert signed_in(other).get(reverse("paper", args=["evaluation_plan", planned.pk])).status_code == 404


def test_a_list_too_long_for_the_federation_is_offered_street_by_street(
    planned, street, federation, signed_in, settings
):
    page = planned.get_absolute_url()
    link = reverse("records:export", args=["evaluation_plan"])

    def offers(**query):
        return [a["href"] for a in soup(signed_in(federation).get(page, query)).select(f'a[href^="{link}"]')]

    assert offers() == [f"{link}?year={planned.pk}"]
    settings.EXPORT_ROWS_ALONE = 1
    assert offers() == []
    assert offers(street=street.pk) == [f"{link}?year={planned.pk}&street={street.pk}"]


# What the page costs --------------------------------------------------------------------------------------------------


def test_the_page_and_the_act_ask_as_much_for_three_homes_as_for_one(
    year, evaluation, far, page, federation, supervisor, street, signed_in
):
    client = signed_in(federation)

    def asked(act):
        with CaptureQueriesContext(connection) as made:
            act()
        return len(made)

    def act(*evaluations):
        typed = _untouched(page, federation, signed_in)
        for one in evaluations:
            typed |= line(one, days(3), supervisor)
        return lambda: client.post(page, typed)

    far.home.close(by=federation, on=days(0))
    client.get(page)
    one = asked(lambda: client.get(page)), asked(act(evaluation))
    for number in (7, 8):
        make_home(_division(f"{street.pk}{number:03}", f"{number}社区", "community"), name=f"{number}之家")
    year.take_in(by=federation)
    others = year.evaluations.exclude(pk__in=[evaluation.pk, far.pk])
    evaluation.plan_visit(visit_on=days(4), inspector=supervisor, seen=fresh(evaluation).version, by=federation)
    client.get(page)  # what was said of the first act is read
    three = asked(lambda: client.get(page)), asked(act(evaluation, *others))
    assert plan_of(evaluation, *others) == [(days(3), supervisor)] * 3
    assert one[0] == three[0] <= 20
    assert one[1] == three[1] <= 32


def test_who_has_until_a_day_to_put_things_right_is_not_filled_in_before_it(
    evaluation, far, page, federation, supervisor, director, chair, signed_in
):
    decided(evaluation, supervisor, director, federation, but=POOR)
    due = fresh(evaluation).due_on
    client = signed_in(chair)
    assert "To be rectified, by " in words(client.get(page))
    spread = {"spread-first": str(days(1)), "spread-a_day": "5", "fill": "yes", "spread-people": [str(supervisor.pk)]}
    early = filled(sent(client, page, **spread, **{"spread-last": str(days(20))}))
    assert early[f"v{evaluation.pk}-visit_on"] == ""
    later = filled(sent(client, page, **spread, **{"spread-last": str(days(60))}))
    assert str(due) <= later[f"v{evaluation.pk}-visit_on"] <= str(days(40))
