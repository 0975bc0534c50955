"""What stands against a pairing is asked at every step that brings it about or into force, by one rule."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from children.merging import merge
from children.models import Child
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from tests.children.pages import soup
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, a_term, an_adult, consents, days, heard
from volunteers.matching import bars, proposing
from volunteers.models import Deputy, MatchVeto, Pairing, Renewal, Volunteer
from volunteers.vetting import lapse_on, let_go_on

pytestmark = pytest.mark.django_db


def a_girl_of(years, community, name="周小雪"):
    return a_child(community, name=name, birth_date=days(-365 * years - 200))


def agreed(child, helper, by, kind="loving_mother"):
    consents(child)
    pairing = a_proposal(child, helper, by, kind)
    heard(pairing, by).agree(card_signed_on=days(-1), by=by)
    return pairing


def veto(child, helper, by):
    MatchVeto.objects.create(child=child, volunteer=helper, community_id=child.community_id, set_by=by)


# What may come to light in the weeks between two steps, and the words with which the next step is refused.


def excluded(pairing, by, monkeypatch):
    veto(pairing.child, pairing.volunteer, by)


def found_related(pairing, by, monkeypatch):
    an_adult(pairing.child, phone="15412345678")


def the_rule_changed(pairing, by, monkeypatch):
    monkeypatch.setitem(bars.KIND_RULES, pairing.kind, bars.KindRule(gap=80))


def another_sex_on_file(pairing, by, monkeypatch):
    Volunteer.objects.filter(pk=pairing.volunteer_id).update(sex="M")


def no_birth_date_on_file(pairing, by, monkeypatch):
    Volunteer.objects.filter(pk=pairing.volunteer_id).update(birth_date=None)


def no_longer_offers(pairing, by, monkeypatch):
    Volunteer.objects.filter(pk=pairing.volunteer_id).update(kinds=["tutor"])


def not_clear(pairing, by, monkeypatch):
    pairing.volunteer.record_check(checked_on=days(0), result="not_clear", by=by)


def off_the_register(pairing, by, monkeypatch):
    Child.objects.filter(pk=pairing.child_id).update(left_on=days(0), left_reason="moved_out")


def of_age(pairing, by, monkeypatch):
    Child.objects.filter(pk=pairing.child_id).update(birth_date=days(-365 * 18 - 10))


CAME_TO_LIGHT = [
    (excluded, "This pairing is excluded"),
    (found_related, "is of the child's family"),
    (the_rule_changed, "not older than the child by the years"),
    (another_sex_on_file, "Loving mothers are women"),
    (no_birth_date_on_file, "no date of birth on file"),
    (no_longer_offers, "did not offer to help in this way"),
    (not_clear, "no valid record check"),
    (off_the_register, "has left the register"),
    (of_age, "is 18 and no longer"),
]
STEPS = {"propose": 0, "agree": 1, "activate": 2, "resume": 3}


@pytest.fixture
def steps(community, director, helper, this_term):
    """A pairing that has come as far as before the step named, and that step."""

    def come_before(step):
        child = a_child(community)
        if step == "propose":
            return Pairing(child=child, volunteer=helper, kind="loving_mother"), lambda p: a_proposal(
                Child.objects.get(pk=child.pk), helper, director
            )
        if step == "agree":
            pairing = a_proposal(child, helper, director)
            heard(pairing, director)
            return pairing, lambda p: p.agree(by=director)
        if step == "activate":
            return agreed(child, helper, director), lambda p: p.activate(by=director)
        pairing = a_pairing(child, helper, director)
        pairing.pause(reason="helper_ill", by=director)
        return pairing, lambda p: p.resume(by=director)

    return come_before


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("what", "said"), CAME_TO_LIGHT)
def test_what_came_to_light_stops_the_next_step(what, said, step, steps, director, monkeypatch):
    pairing, take_step = steps(step)
    before = pairing.pk and Pairing.objects.get(pk=pairing.pk).status
    what(pairing, director, monkeypatch)
    with pytest.raises(Refused, match=said):
        take_step(pairing)
    assert not Pairing.objects.filter(status="active").exists()
    if before:
        assert Pairing.objects.get(pk=pairing.pk).status == before


def test_a_man_tutors_a_girl_until_she_turns_eight(community, director, this_term):
    man = a_helper(community, director, sex="M", kinds=["tutor"], capacity=3)
    with time_machine.travel(timezone.localtime().replace(hour=12), tick=False):
        born = timezone.localdate().replace(year=timezone.localdate().year - 8)
        eve = a_child(community, name="周雪", birth_date=born + (days(1) - days(0)))
        pairing = agreed(eve, man, director, kind="tutor")
        pairing.activate(by=director)
        of_eight = a_child(community, name="周冰", birth_date=born)
        with pytest.raises(Refused, match="a man visits girls at home only"):
            a_proposal(of_eight, man, director, kind="tutor")


def test_what_no_longer_stands_against_it_lets_it_begin(community, director, helper, this_term):
    pairing = agreed(a_child(community), helper, director)
    veto(pairing.child, helper, director)
    with pytest.raises(Refused, match="excluded"):
        pairing.activate(by=director)
    MatchVeto.objects.update(lifted_at=timezone.now(), lifted_by=director)
    pairing.activate(by=director)
    assert pairing.status == "active"


def test_two_files_of_one_child_bring_their_exclusions_together(community, director, helper, this_term):
    pairing, twin = agreed(a_child(community), helper, director), a_child(community, name="陈晓雨")
    veto(twin, helper, director)
    merge(pairing.child, twin, by=director)
    with pytest.raises(Refused, match="excluded"):
        pairing.activate(by=director)


# By night, and at the start of a term


def test_the_night_does_not_bring_a_barred_pairing_back(community, director, helper, this_term):
    pairing, other = (a_pairing(a_child(community, name=name), helper, director) for name in ("陈小雨", "周明"))
    checks = helper.checks.all()
    checks.update(checked_on=days(-370), valid_until=days(-5))
    lapse_on(days(0))
    veto(pairing.child, helper, director)
    helper.record_check(checked_on=days(0), by=director)
    assert let_go_on(days(0)) == 1
    pairing.refresh_from_db(), other.refresh_from_db()
    assert (pairing.status, other.status) == ("paused", "active")
    waiting = get("pairings_to_resume").rows(Scope.of(community.pk), Period.day(days(0)))
    assert list(waiting) == [pairing], "staff find it among those that should go on, and are told why it may not"


@pytest.fixture
def reviewed(community, director, helper, district):
    a_term(starts=-150, ends=-31, kind="spring", year=2025)
    term = a_term(starts=-30, ends=90)
    return a_pairing(a_child(community), helper, director, starts=-100), term


def test_a_barred_pairing_is_not_renewed_and_the_list_says_why(reviewed, community, director, helper, signed_in):
    barred, term = reviewed
    free = a_pairing(a_child(community, name="周明"), helper, director, starts=-100)
    desk, address = signed_in(director), reverse("pairings:renewals")
    assert "pairing is excluded" not in desk.get(address).content.decode()
    veto(barred.child, helper, director)
    page = desk.get(address)
    said = soup(page).select_one(".notice[data-tone=stop]").text
    assert "陈小雨 and 王爱华" in said and "pairing is excluded" in said and "周明" not in said
    rows = {row.find("a").text: row.text for row in soup(page).select("tbody tr")}
    assert "cannot go on" in rows["陈小雨"] and "cannot go on" not in rows["周明"]
    chosen = soup(page).find("select", attrs={"name": f"decision_{barred.pk}"}).find_all("option")
    assert [option["value"] for option in chosen] == ["", "pause", "end"], "nothing is chosen for whoever confirms all"
    with pytest.raises(Refused, match=f"{helper.name}.*pairing is excluded"):
        Renewal.decide(barred, term, decision="go_on", by=director)
    assert Renewal.decide(free, term, decision="go_on", by=director)
    assert Renewal.decide(barred, term, decision="end", by=director)
    assert set(Renewal.objects.exclude(decision="").values_list("pairing", "decision")) == {
        (barred.pk, "end"),
        (free.pk, "go_on"),
    }


# The page keeps what was typed


def test_a_refusal_stands_beside_its_pairing_and_what_was_typed_stays(
    community, director, helper, this_term, signed_in
):
    barred, free = (agreed(a_child(community, name=name), helper, director) for name in ("陈小雨", "周明"))
    veto(barred.child, helper, director)
    desk, address = signed_in(director), reverse("admin:volunteers_pairing_changelist")
    typed = {"starts_on": str(days(2)), "ends_on": str(days(40))}
    chosen = {"action": "activate", "_selected_action": [barred.pk, free.pk], "apply": "1"}
    answer = desk.post(address, {**chosen, **typed})
    page = soup(answer)
    assert [box["value"] for box in page.select("input[name=_selected_action]")] == [str(barred.pk)]
    line = page.select_one("input[name=_selected_action]").find_parent("li").text
    assert "陈小雨" in line and "pairing is excluded" in line
    assert {name: page.find("input", attrs={"name": name})["value"] for name in typed} == typed
    assert "Done for 1 record." in answer.content.decode()
    assert page.find("a", string="Back")["href"] == address
    assert set(Pairing.objects.values_list("pk", "status")) == {(barred.pk, "agreed"), (free.pk, "active")}
    MatchVeto.objects.update(lifted_at=timezone.now(), lifted_by=director)
    own_page = reverse("admin:volunteers_pairing_change", args=[barred.pk])
    asked = desk.post(address, {"action": "activate", "_selected_action": [barred.pk], "from_row": "1"})
    assert soup(asked).find("a", string="Back")["href"] == own_page
    desk.post(address, {**chosen, **typed, "_selected_action": [barred.pk]})
    barred.refresh_from_db()
    assert (barred.status, barred.starts_on, barred.ends_on) == ("active", days(2), days(40))


# Two people at once


def outcome(act):
    def attempt():
        try:
            return act()
        except Refused as refusal:
            return refusal.message

    return attempt


@pytest.mark.django_db(transaction=True)
def test_beginning_against_excluding(community, director, helper, district):
    """Whoever comes first is heard: an exclusion stops the beginning, or tells that the pairing is in force."""
    a_term()
    for round_ in range(6):
        child = a_child(community, name=f"周{round_}")
        pairing = agreed(child, helper, director)
        Volunteer.objects.update(capacity=9)
        run = proposing.make(community, "tutor", by=director)
        line = run.lines.get(child=child)
        begun, in_force = at_once(
            outcome(lambda p=pairing: p.activate(by=director) or "began"),
            outcome(lambda at=line: [p.pk for p in proposing.exclude(at, helper, by=director)]),
        )
        assert in_force == ([pairing.pk] if begun == "began" else [])
        assert begun == "began" or "pairing is excluded" in begun
        assert (Pairing.objects.get(pk=pairing.pk).status == "active") == (begun == "began")
        assert MatchVeto.objects.filter(child=child, volunteer=helper, lifted_at=None).count() == 1
        proposing.discard(run, by=director)


def test_who_excludes_is_told_of_a_pairing_in_force(community, director, helper, this_term, signed_in):
    child = a_child(community)
    a_pairing(child, helper, director, kind="tutor")
    run = proposing.make(community, "loving_mother", by=director)
    line = run.lines.get(child=child)
    address = reverse("matching:line", args=[line.pk])
    answer = signed_in(director).post(address + "exclude/", {"helper": helper.pk, "asked_by": "family"}, follow=True)
    text = answer.content.decode()
    assert "accompanies this child" in text and "end it" in text
    assert MatchVeto.objects.get().asked_by == "family"


def test_who_excludes_is_told_of_a_deputy_too(community, director, helper, this_term, signed_in):
    child, deputy = a_child(community), a_helper(community, director, name="孙丽", capacity=3)
    pairing = a_pairing(child, helper, director, kind="tutor")
    span = {"from_day": days(2), "until_day": days(9), "guardian": "李红"}
    Deputy.name(pairing, volunteer=deputy, by=director, **span)
    run = proposing.make(community, "loving_mother", by=director)
    address = reverse("matching:line", args=[run.lines.get(child=child).pk]) + "exclude/"
    answer = signed_in(director).post(address, {"helper": deputy.pk, "asked_by": "child"}, follow=True)
    assert "孙丽 stands in for 王爱华 with this child. End that" in answer.content.decode()
    Deputy.objects.get().end(by=director)
    assert proposing.exclude(run.lines.get(child=child), deputy, by=director) == []


def test_the_pairings_own_page_says_what_stands_against_it(community, director, helper, this_term, signed_in):
    pairing = a_pairing(a_child(community), helper, director)
    desk, address = signed_in(director), reverse("admin:volunteers_pairing_change", args=[pairing.pk])
    assert "pairing is excluded" not in desk.get(address).content.decode()
    veto(pairing.child, helper, director)
    assert "pairing is excluded" in soup(desk.get(address)).find("main").text
    pairing.end(by=director)
    assert "pairing is excluded" not in desk.get(address).content.decode(), "what is over needs no warning"


def test_a_proposal_that_is_refused_comes_back_as_it_was_chosen(community, director, helper, this_term, signed_in):
    child = a_child(community)
    an_adult(child, phone="15412345678")
    desk, address = signed_in(director), reverse("admin:volunteers_pairing_add")
    token = soup(desk.get(address)).find("input", attrs={"name": "once_token"})["value"]
    chosen = {"child": str(child.pk), "volunteer": str(helper.pk), "kind": "tutor"}
    answer = desk.post(address, {"once_token": token, **chosen})
    page = soup(answer)
    assert "is of the child's family" in page.find("main").text
    marked = {name: page.select_one(f"select[name={name}] option[selected]")["value"] for name in chosen}
    assert marked == chosen and not Pairing.objects.exists()
