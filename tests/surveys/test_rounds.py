import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from surveys.models import SurveyRound
from surveys.models.round import usual_due_day
from tests.children.pages import filled, words
from tests.surveys.factories import a_home, a_round, a_visit, days_ago, today


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.message


@pytest.fixture
def district_round(district, federation):
    """The district's own round, of last year."""
    opened = a_round(district, federation, since=400, due_in=-350, title="District")
    opened.close(by=federation)
    return opened


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (dt.date(2027, 1, 3), dt.date(2027, 4, 22)),
        (dt.date(2027, 4, 22), dt.date(2027, 4, 22)),
        (dt.date(2027, 4, 23), dt.date(2028, 4, 22)),
    ],
)
def test_the_usual_due_day_is_the_coming_22_april(day, due):
    assert usual_due_day(day) == due


def test_a_street_office_opens_a_round_for_its_street(signed_in, supervisor, street, director, stranger):
    client = signed_in(supervisor)
    page = client.get("/surveys/rounds/new/")
    form = filled(page)
    assert form["due_on"] == usual_due_day(today()).isoformat()
    assert client.post("/surveys/rounds/new/", {**form, "title": "入户摸底"}).status_code == 302
    opened = SurveyRound.objects.get()
    assert (opened.division, opened.title, opened.opens_on) == (street, "入户摸底", today())
    assert [entry.verb for entry in TrailEntry.objects.about(opened)] == ["opened the round"]
    assert "入户摸底" in words(signed_in(director).get("/surveys/"))
    assert "入户摸底" not in words(signed_in(stranger).get("/surveys/"))
    assert signed_in(stranger).get(f"/surveys/rounds/{opened.pk}/").status_code == 404
    assert client.post("/surveys/rounds/new/", {**form, "title": "入户摸底"}).status_code == 302
    assert SurveyRound.objects.count() == 1


def test_no_office_opens_a_round_for_another(signed_in, supervisor, far_street, director):
    client = signed_in(supervisor)
    form = filled(client.get("/surveys/rounds/new/"))
    assert client.post("/surveys/rounds/new/", {**form, "division": far_street.pk}).status_code == 200
    assert signed_in(director).get("/surveys/rounds/new/").status_code == 404
    assert not SurveyRound.objects.exists()


def test_only_the_division_that_opened_a_round_changes_it(signed_in, supervisor, federation, street, district_round):
    of_street = a_round(street, supervisor, since=0)
    of_district = district_round
    for person, own, other in ((supervisor, of_street, of_district), (federation, of_district, of_street)):
        client = signed_in(person)
        assert client.get(f"/surveys/rounds/{own.pk}/change/").status_code == 200
        seen = client.get(f"/surveys/rounds/{other.pk}/")
        assert seen.status_code == 200 and f"/surveys/rounds/{other.pk}/change/" not in seen.content.decode()
        assert client.get(f"/surveys/rounds/{other.pk}/change/").status_code == 404
        for act in ("close", "reopen"):
            assert client.post(f"/surveys/rounds/{other.pk}/{act}/").status_code == 404
    assert not SurveyRound.objects.exclude(closed_at=None).exclude(pk=of_district.pk).exists()


@pytest.mark.parametrize("first", ["district", "street"])
def test_a_community_is_never_in_two_open_rounds(first, request, supervisor, federation, district, street, far_street):
    by = {"district": federation, "street": supervisor}
    open_one = a_round(request.getfixturevalue(first), by[first], title="First")
    other = "street" if first == "district" else "district"
    said = refusal(lambda: a_round(request.getfixturevalue(other), by[other]))
    assert said == f"{open_one.division} is in a round that is still open: “First”. Close that one first."
    if first == "street":
        assert a_round(far_street, federation).pk


def test_rounds_follow_each_other(supervisor, street):
    first = a_round(street, supervisor, since=20, due_in=5, title="First")
    first.close(by=supervisor)
    assert "ran until" in refusal(lambda: a_round(street, supervisor, since=3, due_in=9))
    second = a_round(street, supervisor, since=0, due_in=9, title="Second")
    assert refusal(lambda: first.reopen(by=supervisor)) == "新体路街道 has been asked by another round since: “Second”."
    second.close(by=supervisor)
    second.reopen(by=supervisor)
    assert not SurveyRound.objects.get(pk=second.pk).is_closed


def test_the_overlap_is_said_on_the_form_and_keeps_what_was_typed(signed_in, supervisor, street):
    a_round(street, supervisor, title="First")
    client = signed_in(supervisor)
    form = filled(client.get("/surveys/rounds/new/"), title="Mine")
    page = client.post("/surveys/rounds/new/", form)
    assert "still open: “First”" in words(page)
    assert filled(page)["title"] == "Mine"


def test_the_due_day_moves_while_the_round_is_open(signed_in, supervisor, street):
    survey_round = a_round(street, supervisor)
    client = signed_in(supervisor)
    address = f"/surveys/rounds/{survey_round.pk}/change/"
    form = filled(client.get(address))
    later = today() + dt.timedelta(days=33)
    assert client.post(address, {**form, "due_on": later.isoformat()}).status_code == 302
    survey_round.refresh_from_db()
    assert survey_round.due_on == later
    assert "Somebody else saved this" in words(client.post(address, {**form, "due_on": today().isoformat()}))
    early = {**filled(client.get(address)), "due_on": days_ago(30).isoformat()}
    assert "The due day lies before the first day." in words(client.post(address, early))
    assert "within 2 years" in words(client.post(address, {**early, "due_on": "9999-01-01"}))
    survey_round.close(by=supervisor)
    assert "This round is closed" in words(client.post(address, filled(client.get(address))))


@pytest.mark.parametrize(
    ("due_in", "said"), [(3, "3 days left"), (1, "1 day left"), (0, "due today"), (-3, "3 days late")]
)
def test_the_countdown_is_said_in_days(due_in, said, supervisor, street, signed_in, director):
    survey_round = a_round(street, supervisor, since=10, due_in=due_in)
    assert survey_round.countdown() == said
    assert said in words(signed_in(director).get(f"/surveys/rounds/{survey_round.pk}/"))


def test_the_workdesk_counts_down_and_presses_when_late(
    signed_in, supervisor, street, director, community, far_community, make_child
):
    for place in (community, community, far_community):
        make_child(place)
    survey_round = a_round(street, supervisor, due_in=2)
    desk = words(signed_in(director).get("/admin/"))
    assert "2 Households to visit in the survey round Spring round: 2 days left" in desk
    with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
        desk = words(signed_in(director).get("/admin/"))
    assert "2 Households not visited though the survey round is due Spring round: 2 days late" in desk
    assert "Households to visit" not in desk
    survey_round.close(by=supervisor)
    assert "survey round" not in words(signed_in(director).get("/admin/"))


def test_the_gap_holds_exactly_the_households_nobody_has_met(
    supervisor, director, street, community, sister_community, far_community, make_child
):
    homes = [make_child(community).household for _n in range(4)]
    elsewhere = [make_child(place).household for place in (sister_community, far_community)]
    a_home(community)  # no child
    make_child(community, left_on=days_ago(1), left_reason="moved_out")
    survey_round = a_round(street, supervisor)
    a_visit(survey_round, homes[0], director)
    a_visit(survey_round, homes[1], director, "refused")
    a_visit(survey_round, homes[2], director, "nobody_home")
    gap = measures.get("households_to_visit")
    scope, now = Scope.of("150902"), Period.day(today())
    assert set(gap.rows(scope, now)) == {homes[2], homes[3], elsewhere[0]}
    assert gap.per_community(scope, now) == {community.pk: 2, sister_community.pk: 1}
    assert not measures.get("households_overdue").rows(scope, now).exists()


@pytest.mark.parametrize("who", ["director", "counsellor", "administrator"])
def test_who_may_not_change_a_round_cannot_see_the_way(who, request, signed_in, supervisor, street):
    survey_round = a_round(street, supervisor)
    client = signed_in(request.getfixturevalue(who))
    for page in ("change", "close", "reopen"):
        assert client.post(f"/surveys/rounds/{survey_round.pk}/{page}/").status_code == 404
    assert not SurveyRound.objects.get().is_closed


def test_closing_and_reopening_by_the_office(signed_in, supervisor, street):
    survey_round = a_round(street, supervisor)
    client = signed_in(supervisor)
    client.post(f"/surveys/rounds/{survey_round.pk}/close/")
    assert SurveyRound.objects.get().is_closed
    page = client.post(f"/surveys/rounds/{survey_round.pk}/close/", follow=True)
    assert "This round is closed already." in page.content.decode()
    client.post(f"/surveys/rounds/{survey_round.pk}/reopen/")
    assert not SurveyRound.objects.get().is_closed
