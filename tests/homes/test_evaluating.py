"""The yearly evaluation of a Home: plan, inspection, draft, hearing, decision, reward, rectification until met."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from homes import checking
from homes.models import Evaluation, EvaluationYear, Inspection, Ruling, StandardItem
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.pages import soup, words
from tests.homes.evaluations import POOR, act_url, at, dates, days, drafted, fresh, heard, inspected
from tests.homes.factories import make_home
from tests.homes.test_repairs import posted

pytestmark = pytest.mark.django_db
Status = Evaluation.Status


# Opening a year ---------------------------------------------------------------------------------------------------


def test_a_year_takes_in_every_open_home_of_the_district_once(year, evaluated_home, district, federation, community):
    assert sorted(year.evaluations.values_list("home__name", "status")) == [
        ("恩和路儿童之家", "open"),
        ("龙湾儿童之家", "open"),
    ]
    assert year.take_in(by=federation) == 0
    evaluated_home.close(by=federation, on=days(0))
    make_home(community, name="新的儿童之家")
    assert year.take_in(by=federation) == 1
    with pytest.raises(Refused, match="open already"):
        EvaluationYear.open(district=district, year=year.year, by=federation, **dates())


def test_the_federation_opens_a_year_on_its_page(evaluated_home, federation, director, signed_in):
    page = reverse("evaluations:years")
    typed = {name: str(value) for name, value in dates().items()}
    client = signed_in(federation)
    wrong = posted(
        client, page, page, **{**typed, "inspect_until": str(days(-6)), "year": "2026", "district": "150902"}
    )
    assert "decisions come after them" in words(wrong)
    assert not EvaluationYear.objects.exists()
    this = str(timezone.localdate().year)
    made = posted(client, page, page, **typed, year=this, district="150902")
    year = EvaluationYear.objects.get()
    assert made["Location"] == year.get_absolute_url()
    assert (year.self_check_by, year.opened_by, year.evaluations.count()) == (days(10), federation, 1)
    assert not soup(signed_in(director).get(page)).select("main form[method=post]")
    assert signed_in(director).post(page).status_code == 404


def test_two_people_change_the_days_and_nothing_is_lost(year, federation, signed_in):
    url = reverse("evaluations:dates", args=[year.pk])
    client = signed_in(federation)
    typed = {name: str(value) for name, value in dates().items()}
    form = {field["name"]: field.get("value", "") for field in soup(client.get(url)).select("main form input")}
    EvaluationYear.objects.get(pk=year.pk).save()
    EvaluationYear.objects.filter(pk=year.pk).update(hearing_days=9)
    answer = client.post(url, {**form, **typed})
    assert "Somebody else saved this" in words(answer)
    assert fresh(year).hearing_days == 9


# The plan ---------------------------------------------------------------------------------------------------------


def test_the_federation_plans_and_street_and_community_see_it(
    evaluation, federation, supervisor, director, stranger, signed_in
):
    page = evaluation.get_absolute_url()
    posted(
        signed_in(federation), page, act_url(evaluation, "plan"),
        visit_on=str(days(3)), inspector=str(supervisor.pk),
    )  # fmt: skip
    assert (fresh(evaluation).visit_on, fresh(evaluation).inspector) == (days(3), supervisor)
    for who in (federation, supervisor, director):
        assert f"{supervisor.name} inspects" in words(signed_in(who).get(page)), who
    assert signed_in(stranger).get(page).status_code == 404
    plan = evaluation.year.get_absolute_url()
    pages = [soup(signed_in(who).get(plan)) for who in (federation, supervisor, director, stranger)]
    listed = [[link.text for link in page.select("tbody td:first-child a")] for page in pages]
    assert listed == [["恩和路儿童之家", "龙湾儿童之家"], ["恩和路儿童之家"], ["恩和路儿童之家"], ["龙湾儿童之家"]]


def test_a_visit_lies_in_the_window_and_is_made_by_who_inspects_there(evaluation, federation, supervisor, director):
    def plan(day, who):
        now = fresh(evaluation)
        now.plan_visit(visit_on=day, inspector=who, seen=now.version, by=federation)

    for day in (days(-1), days(31)):
        with pytest.raises(Refused, match="Choose a day"):
            plan(day, supervisor)
    with pytest.raises(Refused, match="does not inspect"):
        plan(days(3), director)
    plan(days(30), supervisor)
    assert fresh(evaluation).visit_on == days(30)


def test_only_the_federation_plans_and_only_those_posted_there_decide(
    evaluation, supervisor, director, stranger, signed_in
):
    for who in (supervisor, director, stranger):
        for act in ("plan", "reward", "decide"):
            assert signed_in(who).post(act_url(evaluation, act)).status_code == 404, (who, act)
    for act in ("draft", "hear"):
        assert signed_in(director).post(act_url(evaluation, act)).status_code == 404
    assert signed_in(supervisor).post(act_url(evaluation, "state")).status_code == 404


# Draft, hearing, decision -------------------------------------------------------------------------------------------


def test_from_draft_to_reward(evaluation, supervisor, director, federation, signed_in):
    inspected(evaluation.home, supervisor, ["H13"])
    page, above, here, top = (
        evaluation.get_absolute_url(), signed_in(supervisor), signed_in(director), signed_in(federation),
    )  # fmt: skip
    shown = soup(above.get(page)).select_one("main")
    assert "By the rules: excellent" in " ".join(shown.text.split())
    posted(above, page, act_url(evaluation, "draft"), **{"draft-verdict": "excellent"})
    assert fresh(evaluation).status == Status.DRAFT
    assert "Has not been told yet" in words(top.get(page))
    assert "Outdoor play space" not in words(here.get(page))  # a draft is not for the community yet
    posted(above, page, act_url(evaluation, "hear"))
    assert "Outdoor play space" in words(here.get(page))
    assert not soup(top.get(page)).select(f'form[action="{act_url(evaluation, "decide")}"]')
    posted(here, page, act_url(evaluation, "state"), statement="我们没有意见。")
    assert not soup(above.get(page)).select(f'form[action="{act_url(evaluation, "decide")}"]')
    posted(top, page, act_url(evaluation, "decide"), **{"decision-verdict": "excellent"})
    now = fresh(evaluation)
    assert (now.status, now.result, now.decided_on) == (Status.SETTLED, "excellent", days(0))
    ruling = now.rulings.get()
    assert (ruling.statement, ruling.stated_by, ruling.decided_by) == ("我们没有意见。", director, federation)
    posted(top, page, act_url(evaluation, "reward"), reward="锦旗一面", rewarded_on=str(days(0)))
    assert (fresh(evaluation).reward, fresh(evaluation).rewarded_on) == ("锦旗一面", days(0))
    assert "锦旗一面" in words(here.get(page))
    verbs = list(TrailEntry.objects.about(evaluation).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "took in", "drafted a verdict", "opened the hearing", "commented on a verdict", "decided a verdict",
        "noted a reward",
    ]  # fmt: skip


def test_who_inspected_or_drafted_does_not_decide(evaluation, federation, chair, director, signed_in):
    ruling = heard(evaluation, federation, director)
    assert ruling.inspectors == [federation.pk]
    with pytest.raises(Refused, match="did not inspect"):
        ruling.decide(decided=ruling.proposed, seen=fresh(evaluation).version, by=federation)
    page = evaluation.get_absolute_url()
    assert "Somebody else decides" in words(signed_in(federation).get(page))
    form = f'form[action="{act_url(evaluation, "decide")}"]'
    assert not soup(signed_in(federation).get(page)).select(form)
    assert soup(signed_in(chair).get(page)).select(form)
    with pytest.raises(IntegrityError, match="who_decides_did_not_inspect"), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(
            decided="qualified", decided_reason="x", decided_by=federation, decided_at=timezone.now()
        )


def test_who_answered_one_requirement_took_part(evaluation, federation, chair, supervisor, director):
    with transaction.atomic():
        check = checking.begin(evaluation.home, Inspection.Kind.INSPECTION, by=supervisor)
        answers = checking.open_section(check, StandardItem.Section.HARDWARE)
        answers[1].yes = True
        checking.keep(check, answers[1:2], by=chair)
        check = checking.submit(check, by=supervisor)
    ruling = Ruling.draft(
        evaluation, inspection=check.pk, proposed="rectify", rectify_by=days(20), seen=evaluation.version, by=supervisor
    )
    ruling.open_hearing(seen=fresh(evaluation).version, by=supervisor)
    ruling.state(statement="知道了", seen=fresh(evaluation).version, by=director)
    facts = {"decided": "rectify", "rectify_by": days(20), "seen": fresh(evaluation).version}
    with pytest.raises(Refused, match="did not inspect"):
        ruling.decide(**facts, by=chair)
    with pytest.raises(IntegrityError, match="who_decides_did_not_inspect"), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(
            decided="rectify", decided_rectify_by=days(20), decided_by=chair, decided_at=timezone.now()
        )
    ruling.decide(**facts, by=federation)
    assert fresh(evaluation).status == Status.RECTIFY


def test_a_verdict_is_set_otherwise_only_with_a_reason(evaluation, supervisor, federation, director):
    with pytest.raises(Refused, match="Say why"):
        drafted(evaluation, supervisor, proposed="qualified")
    ruling = heard(evaluation, supervisor, director, proposed="qualified", reason="开放时间不稳定")
    assert (ruling.computed, ruling.proposed, ruling.proposed_reason) == ("excellent", "qualified", "开放时间不稳定")
    with pytest.raises(Refused, match="Say why"):
        ruling.decide(decided="excellent", seen=fresh(evaluation).version, by=federation)
    ruling.decide(decided="excellent", reason="开放时间已改正", seen=fresh(evaluation).version, by=federation)
    kept = fresh(ruling)
    assert (kept.proposed, kept.decided, kept.decided_reason) == ("qualified", "excellent", "开放时间已改正")


def test_nobody_sets_excellent_where_it_is_barred(evaluation, supervisor, federation, director):
    with pytest.raises(Refused, match="barred"):
        drafted(evaluation, supervisor, but=["H02"], proposed="excellent", reason="我们喜欢它")
    ruling = heard(evaluation, supervisor, director, but=["H02"])
    assert (ruling.is_barred, ruling.computed) == (True, "qualified")
    with pytest.raises(Refused, match="barred"):
        ruling.decide(decided="excellent", reason="我们喜欢它", seen=fresh(evaluation).version, by=federation)
    with pytest.raises(IntegrityError, match="barred_home_is_not_excellent"), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(proposed="excellent", proposed_reason="我们喜欢它")


def test_the_community_is_heard_before_anything_is_decided(evaluation, supervisor, federation, director):
    ruling = heard(evaluation, supervisor)
    assert ruling.heard_until == days(7)
    facts = {"decided": ruling.proposed, "by": federation}
    with pytest.raises(Refused, match="may still comment"):
        ruling.decide(seen=fresh(evaluation).version, **facts)
    with at(7), pytest.raises(Refused, match="may still comment"):
        ruling.decide(seen=fresh(evaluation).version, **facts)
    with at(8):
        with pytest.raises(Refused, match="are over"):
            ruling.state(statement="等等", seen=fresh(evaluation).version, by=director)
        ruling.decide(seen=fresh(evaluation).version, **facts)
    assert fresh(evaluation).status == Status.SETTLED


def test_nobody_judges_what_they_have_not_seen(evaluation, supervisor, federation, director):
    ruling = heard(evaluation, supervisor)
    seen = fresh(evaluation).version
    ruling.state(statement="请看这里", seen=seen, by=director)
    with pytest.raises(Refused, match="meanwhile"):
        ruling.decide(decided=ruling.proposed, seen=seen, by=federation)
    with pytest.raises(Refused, match="meanwhile"):
        ruling.decide(decided=ruling.proposed, seen=None, by=federation)
    with pytest.raises(Refused, match="commented already"):
        ruling.state(statement="再说一次", seen=fresh(evaluation).version, by=director)


def test_a_draft_rests_upon_the_inspection_that_was_seen(evaluation, supervisor):
    old = inspected(evaluation.home, supervisor, POOR)
    inspected(evaluation.home, supervisor)
    now = fresh(evaluation)
    with pytest.raises(Refused, match="meanwhile"):
        Ruling.draft(now, inspection=old.pk, proposed="rectify", rectify_by=days(9), seen=now.version, by=supervisor)


def test_a_draft_is_drafted_anew_before_the_hearing_and_not_after(evaluation, supervisor, chair):
    first = drafted(evaluation, supervisor, but=["H13"])
    second = drafted(evaluation, chair, but=POOR)
    assert (first.pk, fresh(evaluation).rulings.count()) == (second.pk, 1)
    assert (second.computed, second.drafted_by, second.inspectors) == ("rectify", chair, [chair.pk])
    second.open_hearing(seen=fresh(evaluation).version, by=chair)
    with pytest.raises(Refused):
        drafted(evaluation, supervisor)
    assert fresh(second).proposed == "rectify"


def test_what_was_typed_stays_and_the_reason_is_said(evaluation, supervisor, signed_in):
    inspected(evaluation.home, supervisor, POOR)
    page = evaluation.get_absolute_url()
    client = signed_in(supervisor)
    for sent, said in (
        ({"draft-verdict": "qualified", "draft-rectify_by": "2031-01-01"}, "Say why the verdict is set otherwise."),
        ({"draft-verdict": "rectify", "draft-rectify_by": str(days(0))}, "a day within the coming year"),
        ({"draft-verdict": "excellent", "draft-reason": "很好"}, "Select a valid choice"),
        ({"draft-verdict": "rectify", "draft-rectify_by": "9999-12-31"}, "years of today"),
    ):
        answer = posted(client, page, act_url(evaluation, "draft"), **sent)
        assert answer.status_code == 200
        assert said in words(answer)
        day = soup(answer).select_one("[name=draft-rectify_by]")
        assert day.get("value", "") == sent.get("draft-rectify_by", "")
    assert fresh(evaluation).status == Status.OPEN
