"""Supervision visits: planned from above, written up point by point, followed up until nothing is required any more."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import Demand, Finding, Visit
from appraisal.points import BY_KEY, POINTS
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.appraisal.factories import a_demand, a_visit, days, held, sent
from tests.records.threads import at_once
from tests.volunteers.test_portal import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


@pytest.fixture
def office(signed_in, supervisor):
    return signed_in(supervisor)


@pytest.fixture
def visit(street, community, supervisor):
    return held(a_visit(street, community, supervisor), supervisor)


@pytest.fixture
def demand(visit, supervisor):
    return a_demand(visit, supervisor)


def gap(key, code):
    return measures.get(key).count(Scope.of(code), Period.day(days(0)))


def test_from_the_plan_to_the_day_it_is_closed(desk, office, community, sister_community, supervisor):
    """The whole way through both browsers: asked twice, then met."""
    form = reverse("supervision:plan")
    data = {"communities": [community.pk, sister_community.pk], "day": days(0).isoformat(), "visitors": "李国华"}
    assert sent(office, form, form, **data, points=["roster", "home"]).status_code == 302
    assert Visit.objects.count() == 2
    visit = Visit.objects.get(community=community)
    assert (visit.office_id, visit.points) == ("150902001", ["roster", "home"])
    page = visit.get_absolute_url()
    assert "The Children&#x27;s Home" in desk.get(page).content.decode()

    form = reverse("supervision:write_up", args=[visit.pk])
    data = {"roster-verdict": "met", "home-verdict": "not_met", "home-words": "灭火器过期", "summary": "总体较好"}
    assert sent(office, form, form, **data, opinions="加强检查").status_code == 302
    assert list(visit.findings.values_list("point", "verdict")) == [("roster", "met"), ("home", "not_met")]
    assert "灭火器过期" in desk.get(page).content.decode()

    to = reverse("supervision:require", args=[visit.pk])
    assert sent(office, page, to, what="更换灭火器", point="home", due_on=days(7).isoformat()).status_code == 302
    found = Demand.objects.get()
    assert "Requirements of visits to answer" in desk.get("/admin/").content.decode()
    address = found.get_absolute_url()
    to = reverse("supervision:answer", args=[found.pk])
    assert sent(desk, address, to, text="已联系消防公司").status_code == 302
    assert "Answers to look at again" in office.get("/admin/").content.decode()
    first = found.answers.get()
    to = reverse("supervision:ask_again", args=[found.pk])
    assert sent(office, address, to, answer=first.pk, remark="还没有换", due_on=days(3).isoformat()).status_code == 302
    found.refresh_from_db()
    assert (found.status, found.due_on) == ("open", days(3))
    assert "还没有换" in desk.get(address).content.decode()
    to = reverse("supervision:answer", args=[found.pk])
    data = {"text": "已换新", "photo": picture(), "nobody_shown": "on"}
    assert sent(desk, address, to, **data).status_code == 302
    to = reverse("supervision:close", args=[found.pk])
    assert sent(office, address, to, answer=found.answers.latest("pk").pk).status_code == 302
    found.refresh_from_db()
    assert (found.status, found.settled_on) == ("closed", days(0))
    assert list(found.answers.values_list("accepted", "remark")) == [(False, "还没有换"), (True, "")]
    assert [e.verb for e in TrailEntry.objects.about(found)] == [
        *["closed a requirement", "answered a requirement", "asked again", "answered a requirement"],
        "required something",
    ]


def test_what_was_typed_comes_back_where_something_is_missing(office, desk, visit, demand, street, community):
    planned = a_visit(street, community, visit.planned_by, day=0)
    form = reverse("supervision:write_up", args=[planned.pk])
    answer = sent(office, form, form, **{"roster-verdict": "met", "home-verdict": "partly", "summary": "总体较好"})
    assert "Say in words what is not met." in answer.content.decode()
    assert "总体较好" in answer.content.decode()
    form = reverse("supervision:plan")
    answer = sent(office, form, form, communities=[community.pk], day="0202-01-01", visitors="李国华")
    assert "Choose a day within 2 years of today." in answer.content.decode()
    assert "Say what is looked at." in answer.content.decode()
    assert "李国华" in answer.content.decode()
    to = reverse("supervision:answer", args=[demand.pk])
    answer = sent(desk, demand.get_absolute_url(), to, text="已办", photo=picture())
    assert "Only pictures in which nobody can be recognised are kept here." in answer.content.decode()
    assert "已办" in answer.content.decode()
    assert not demand.answers.exists()


def test_a_double_click_requires_and_answers_once(office, desk, visit):
    to = reverse("supervision:require", args=[visit.pk])
    page = office.get(visit.get_absolute_url())
    from tests.volunteers.test_portal import token_of

    data = {"once_token": token_of(page), "what": "补档案", "due_on": days(5).isoformat()}
    assert [office.post(to, data).status_code for _ in range(2)] == [302, 302]
    assert Demand.objects.count() == 1


def test_an_overdue_requirement_is_a_gap_on_both_first_pages_and_elsewhere_nowhere(
    desk, office, visit, supervisor, stranger, signed_in, federation, sister_community
):
    a_demand(visit, supervisor, due=-1)
    words = "Requirements of visits past their day"
    for client in (desk, office, signed_in(federation)):
        assert words in client.get("/admin/").content.decode()
    assert words not in signed_in(stranger).get("/admin/").content.decode()
    assert (gap("requirements_overdue", "150902001001"), gap("requirements_overdue", sister_community.pk)) == (1, 0)
    assert "补齐消防器材" in desk.get(reverse("supervision:demands") + "?show=overdue").content.decode()


def test_the_gaps_count_each_requirement_in_one_place(visit, supervisor, director):
    late, soon, answered, closed = (a_demand(visit, supervisor, due=d) for d in (-1, 0, 5, 5))
    for one in (answered, closed):
        one.answer(text="已办", by=director)
    closed.close(seen=closed.answers.get().pk, by=supervisor)
    keys = ["requirements_overdue", "requirements_to_answer", "answers_to_look_at", "requirements_met"]
    assert [gap(key, "150902001001") for key in keys] == [1, 1, 1, 1]
    assert late.is_overdue
    assert not soon.is_overdue


def test_communities_not_visited_and_visits_to_write_up(visit, street, sister_community, supervisor):
    assert gap("communities_not_visited", "150902001") == 1
    planned = a_visit(street, sister_community, supervisor, day=0)
    assert (gap("communities_not_visited", "150902001"), gap("visits_to_write_up", "150902001")) == (0, 1)
    planned.call_off(reason="改期", by=supervisor)
    assert (gap("communities_not_visited", "150902001"), gap("visits_to_write_up", "150902001")) == (1, 0)
    assert gap("supervision_visits", "150902001") == 1


def test_only_the_office_that_visited_or_one_above_it_judges(
    visit, demand, district, community, supervisor, federation, director, signed_in
):
    demand.answer(text="已办", by=director)
    of_district = a_demand(held(a_visit(district, community, federation), federation), federation)
    of_district.answer(text="已办", by=director)
    client = signed_in(supervisor)
    assert "It is met: close" not in client.get(of_district.get_absolute_url()).content.decode()
    for name in ("close", "ask_again", "withdraw"):
        assert client.post(reverse(f"supervision:{name}", args=[of_district.pk])).status_code == 404
    assert client.get(reverse("supervision:write_up", args=[of_district.visit_id])).status_code == 404
    answer = demand.answers.get()
    to = reverse("supervision:close", args=[demand.pk])
    assert sent(signed_in(federation), demand.get_absolute_url(), to, answer=answer.pk).status_code == 302
    demand.refresh_from_db()
    assert demand.status == "closed"


def test_a_community_answers_and_never_judges(visit, demand, desk, director, stranger, signed_in):
    demand.answer(text="已办", by=director)
    assert desk.post(reverse("supervision:close", args=[demand.pk])).status_code == 404
    assert signed_in(stranger).post(reverse("supervision:answer", args=[demand.pk])).status_code == 404
    assert signed_in(stranger).get(demand.get_absolute_url()).status_code == 404
    demand.refresh_from_db()
    assert demand.status == "answered"


def test_nobody_judges_their_own_answer(visit, demand, supervisor):
    demand.answer(text="已办", by=supervisor)
    with pytest.raises(Refused, match="Somebody else"):
        demand.close(seen=demand.answers.get().pk, by=supervisor)


def test_a_judgement_is_of_the_answer_that_was_seen(visit, demand, director, supervisor):
    demand.answer(text="已办", by=director)
    first = demand.answers.get().pk
    demand.ask_again(seen=first, remark="没有", due_on=days(2), by=supervisor)
    demand.answer(text="这次办了", by=director)
    with pytest.raises(Refused, match="changed meanwhile"):
        demand.close(seen=first, by=supervisor)


def test_two_inspectors_at_once_judge_once(transactional_db, visit, demand, director, supervisor, make_user, street):
    demand.answer(text="已办", by=director)
    seen, other = demand.answers.get().pk, make_user("street_officer", street)

    def judged(act):
        try:
            act(Demand.objects.get(pk=demand.pk))
            return "done"
        except Refused:
            return "refused"

    results = at_once(
        lambda: judged(lambda d: d.close(seen=seen, by=supervisor)),
        lambda: judged(lambda d: d.ask_again(seen=seen, remark="没有", due_on=days(2), by=other)),
    )
    assert sorted(results) == ["done", "refused"]
    assert demand.answers.exclude(judged_at=None).count() == 1


def test_what_does_not_go(visit, demand, street, community, far_community, supervisor, director):
    with pytest.raises(Refused, match="above the community"):
        a_visit(street, far_community, supervisor)
    ahead = a_visit(street, community, supervisor, day=3)
    with pytest.raises(Refused, match="its day has come"):
        held(ahead, supervisor)
    with pytest.raises(Refused, match="Write the visit up first"):
        a_demand(ahead, supervisor)
    due = a_visit(street, community, supervisor)
    findings = {"roster": ("met", "")}
    with pytest.raises(Refused, match="was changed meanwhile"):
        due.hold(findings=findings, summary="好", by=supervisor)
    with pytest.raises(Refused, match="still to come"):
        Demand.make(visit, what="补", due_on=days(-1), by=supervisor)
    demand.withdraw(reason="重复", by=supervisor)
    with pytest.raises(Refused, match="cannot become"):
        demand.answer(text="已办", by=director)


@pytest.mark.parametrize("office", ["150902002", "150902001001"])
def test_the_database_knows_that_a_visit_comes_from_above(visit, office, far_street):
    with pytest.raises(IntegrityError, match="visit_comes_from_above"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(office=office)


def test_what_is_not_met_needs_words(visit):
    with pytest.raises(IntegrityError, match="what_is_not_met"), transaction.atomic():
        Finding.objects.filter(visit=visit).update(verdict="partly")


def test_a_plan_that_somebody_else_changed_comes_back(office, street, community, supervisor):
    planned = a_visit(street, community, supervisor, day=3)
    to = reverse("supervision:change", args=[planned.pk])
    data = {"day": days(4).isoformat(), "visitors": "郑海燕", "points": ["files"], "seen_version": planned.version}
    Visit.objects.get(pk=planned.pk).save()
    assert "Somebody else saved this" in office.post(to, data).content.decode()
    planned.refresh_from_db()
    assert planned.points == ["roster", "home"]


def test_for_meetings_sums_up_the_year_in_ones_own_scope(
    desk, office, visit, demand, far_street, far_community, stranger, make_user
):
    far_officer = make_user("street_officer", far_street)
    far = held(a_visit(far_street, far_community, far_officer), far_officer, home="partly")
    a_demand(far, far_officer, what="远方的要求")
    Finding.objects.filter(visit=visit, point="home").update(words="图书角办得好")
    page = desk.get(reverse("supervision:for_meetings")).content.decode()
    assert "图书角办得好" in page
    assert "补齐消防器材" in page
    assert "远方的要求" not in page
    assert "远方的要求" not in office.get(reverse("supervision:for_meetings")).content.decode()


def test_the_record_prints_for_those_who_see_the_visit(desk, visit, demand, stranger, signed_in):
    page = desk.get(reverse("paper", args=["supervision_visit", visit.pk])).content.decode()
    assert "督导检查记录" in page
    assert "补齐消防器材" in page
    assert signed_in(stranger).get(reverse("paper", args=["supervision_visit", visit.pk])).status_code == 404


@pytest.mark.parametrize("name", ["visits", "demands", "for_meetings"])
def test_lists_ask_the_database_as_often_for_one_row_as_for_three(office, visit, demand, street, supervisor, name):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            office.get(reverse(f"supervision:{name}"))
        return len(queries)

    office.get(reverse(f"supervision:{name}"))
    one = asked()
    for _ in range(2):
        more = held(a_visit(street, visit.community, supervisor), supervisor)
        Visit.objects.filter(pk=more.pk).update(opinions="好")
        a_demand(more, supervisor)
    assert asked() <= one + (1 if name == "for_meetings" else 0)


def test_every_point_names_the_scheme_that_asks_for_it():
    assert len(BY_KEY) == len(POINTS)
    assert all(part.strip()[:3] in ("S1-", "S2-", "S3-") for point in POINTS for part in point.source.split(","))
