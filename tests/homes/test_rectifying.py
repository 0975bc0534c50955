"""Rectification until it is met; decisions that change no more; who reads what of them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from homes.models import Evaluation, Home, Ruling
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.pages import soup, words
from tests.conftest import _division
from tests.homes.evaluations import POOR, act_url, days, decided, drafted, fresh, heard
from tests.homes.factories import make_home

pytestmark = pytest.mark.django_db
Status = Evaluation.Status


def test_rectification_goes_on_until_it_is_met_and_all_of_it_is_kept(
    evaluation, supervisor, federation, director, signed_in
):
    decided(evaluation, supervisor, director, federation, but=POOR)
    now = fresh(evaluation)
    assert (now.status, now.result, now.due_on) == (Status.RECTIFY, "rectify", days(30))
    now.plan_visit(visit_on=days(30), inspector=supervisor, seen=now.version, by=federation)
    decided(evaluation, supervisor, director, federation, but=POOR, rectify_by=days(50))
    now = fresh(evaluation)
    assert (now.status, now.due_on, now.visit_on) == (Status.RECTIFY, days(50), None)
    with pytest.raises(Refused, match="found qualified"):
        drafted(evaluation, supervisor, proposed="excellent", reason="很好")
    decided(evaluation, supervisor, director, federation)
    now = fresh(evaluation)
    assert (now.status, now.result, now.due_on) == (Status.MET, "rectify", None)
    kept = list(now.rulings.values_list("number", "computed", "decided", "decided_rectify_by"))
    assert kept == [
        (1, "rectify", "rectify", days(30)),
        (2, "rectify", "rectify", days(50)),
        (3, "qualified", "qualified", None),
    ]
    page = words(signed_in(director).get(evaluation.get_absolute_url()))
    assert page.count("Print the decision") == 3
    assert "Rectified" in page
    with pytest.raises(Refused):
        drafted(evaluation, supervisor)
    with pytest.raises(Refused, match="found excellent"):
        now.note_reward(reward="x", rewarded_on=days(0), seen=fresh(now).version, by=federation)


def test_the_first_inspection_does_not_serve_as_the_second_look(evaluation, supervisor, federation, director):
    ruling = decided(evaluation, supervisor, director, federation, but=POOR)
    now = fresh(evaluation)
    assert now.inspection_due() is None
    with pytest.raises(Refused, match="No inspection"):
        Ruling.draft(now, inspection=ruling.inspection_id, proposed="qualified", seen=now.version, by=supervisor)


def test_a_decided_verdict_changes_no_more_whatever_becomes_of_the_standard(
    evaluation, supervisor, federation, director, district, administrator, signed_in
):
    ruling = decided(evaluation, supervisor, director, federation, but=["H13"])
    page, printed = evaluation.get_absolute_url(), reverse("paper", args=["home_decision", ruling.pk])
    before = [_without_tokens(signed_in(director).get(url)) for url in (page, printed)]
    newer = ruling.inspection.standard.new_draft(by=None)
    newer.items.filter(code="H13").update(weight=60, is_bar=True)
    newer.items.exclude(code="H13").update(weight=0)
    newer.items.filter(code="H01").update(weight=40)
    newer.approve(by=administrator)
    assert [_without_tokens(signed_in(director).get(url)) for url in (page, printed)] == before
    assert (fresh(ruling).computed, fresh(ruling).decided) == ("excellent", "excellent")
    for change in ({"decided": "rectify"}, {"statement": "x"}, {"computed": "rectify"}):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Ruling.objects.filter(pk=ruling.pk).update(**change)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk)._raw_delete("default")


def _without_tokens(answer):
    assert answer.status_code == 200
    return soup(answer).select_one("main").text


# Who reads what -----------------------------------------------------------------------------------------------------


def test_the_federation_reads_figures_and_no_child(
    evaluation, supervisor, federation, director, community, make_child, signed_in
):
    make_child(community, name="欧阳不可见")
    ruling = decided(evaluation, supervisor, director, federation, but=["H13"])
    item = ruling.inspection.answers.filter(item__kind="computed", measured=True).first()
    assert item is not None
    for url in (evaluation.get_absolute_url(), evaluation.year.get_absolute_url(),
                reverse("paper", args=["home_decision", ruling.pk])):  # fmt: skip
        answer = signed_in(federation).get(url)
        assert answer.status_code == 200
        assert "欧阳不可见" not in answer.content.decode()


def test_the_decision_is_printed_in_both_languages_and_only_once_decided(
    evaluation, supervisor, federation, director, stranger, signed_in
):
    ruling = heard(evaluation, supervisor, director, but=POOR)
    url = reverse("paper", args=["home_decision", ruling.pk])
    assert signed_in(federation).get(url).status_code == 404
    ruling.decide(decided="rectify", rectify_by=ruling.rectify_by, seen=fresh(evaluation).version, by=federation)
    assert signed_in(stranger).get(url).status_code == 404
    page = soup(signed_in(director).get(url))
    chinese, english = page.select("article")
    assert (chinese["lang"], english["lang"]) == ("zh-hans", "en")
    assert "房屋安全、无安全隐患" in chinese.text
    assert "Building is safe; no visible hazards" in english.text
    assert "我们已安排。" in chinese.text and "我们已安排。" in english.text
    assert (
        len(chinese.select("tbody tr"))
        == len(english.select("tbody tr"))
        == len([line for line in ruling.inspection.verdict.lines if line.is_gap])
    )
    assert TrailEntry.objects.about(ruling).filter(verb="printed home_decision").count() == 1


def test_in_a_home_that_closed_nothing_goes_on(evaluation, supervisor, federation, signed_in):
    ruling = drafted(evaluation, supervisor)
    Home.objects.get(pk=evaluation.home_id).close(by=supervisor, on=days(0))
    with pytest.raises(Refused, match="closed"):
        ruling.open_hearing(seen=fresh(evaluation).version, by=supervisor)
    page = soup(signed_in(supervisor).get(evaluation.get_absolute_url()))
    assert not page.select("main form[method=post]:not([action$='/hear/'])")


def test_a_double_click_decides_once(evaluation, supervisor, federation, director, signed_in):
    heard(evaluation, supervisor, director)
    client, page = signed_in(federation), evaluation.get_absolute_url()
    url = act_url(evaluation, "decide")
    form = next(f for f in soup(client.get(page)).select("form[method=post]") if f.get("action") == url)
    sent = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    sent["decision-verdict"] = "excellent"
    first, second = client.post(url, sent), client.post(url, sent)
    assert (first.status_code, first["Location"]) == (302, page)
    assert (second.status_code, second["Location"]) == (302, page)
    assert fresh(evaluation).rulings.exclude(decided_at=None).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(
    number, year, evaluated_home, street, federation, supervisor, director, signed_in, django_assert_max_num_queries
):
    for n in range(number - 1):
        make_home(_division(f"15090200101{n}", f"社区{n}", "community"), name=f"之家{n}")
    year.take_in(by=federation)
    for evaluation in year.evaluations.filter(home__community__parent=street):
        now = fresh(evaluation)
        now.plan_visit(visit_on=days(2), inspector=supervisor, seen=now.version, by=federation)
    client = signed_in(supervisor)
    client.get(year.get_absolute_url())
    with django_assert_max_num_queries(11):
        page = client.get(year.get_absolute_url())
    assert len(soup(page).select("tbody tr")) == number
