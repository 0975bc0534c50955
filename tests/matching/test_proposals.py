"""A proposal from its making to its acceptance, through the verbs and the pages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from children.merging import merge
from children.models import Need
from records.lifecycle import Refused
from tests.children.pages import soup
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, an_adult, days
from volunteers.matching import proposing, words
from volunteers.matching.weighing import Weighing
from volunteers.models import MatchLine, MatchRun, MatchVeto, Pairing

BORN = dt.date(1980, 3, 1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def mother(community, by, name="王爱华", **details):
    facts = {"kinds": ["loving_mother"], "birth_date": BORN, "capacity": 1, **details}
    return a_helper(community, by, name=name, **facts)


def needs(child, topic):
    Need.objects.create(child=child, topic=topic, noted_on=days(-5))


def accepted(run, by):
    """Accepted as it stands now."""
    run = MatchRun.objects.get(pk=run.pk)
    return proposing.accept(run, seen=run.version, by=by)


def line_of(run, child):
    return run.lines.get(child=child, is_over=False)


@pytest.fixture
def two(community, director):
    """Two children with one need each and the two helpers who answer them."""
    rain, ming = a_child(community, name="陈小雨"), a_child(community, name="周明")
    needs(rain, "law")
    needs(ming, "study")
    return (
        rain,
        ming,
        mother(community, director, "赵敏", topics=["study"]),
        mother(community, director, "孙丽", topics=["law"]),
    )


def test_each_gets_the_helper_who_answers_the_need(two, community, director):
    rain, ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    assert {line.child_id: line.volunteer_id for line in run.lines.all()} == {rain.pk: lawyer.pk, ming.pk: teacher.pk}
    assert "law" in words.why(line_of(run, rain))
    assert run.is_proven and run.points == sum(line.points for line in run.lines.all())


def test_who_has_such_a_helper_or_cannot_help_stays_out(community, sister_community, director):
    paired, free = a_child(community, name="陈小雨"), a_child(community, name="周明")
    busy = mother(community, director)
    a_pairing(paired, busy, director)
    mother(community, director, "无检查", checked=False)
    mother(community, director, "无生日", birth_date=None)
    mother(sister_community, director, "别处")
    a_child(sister_community, name="外面")
    run = proposing.make(community, "loving_mother", by=director)
    line = run.lines.get()
    assert (line.child, line.volunteer) == (free, None)
    assert sorted(line.reasons) == ["age:1", "places:1", "ready:1"]
    assert "1 has no place left" in words.why(line)


def test_a_relative_is_not_suggested(community, director):
    child = a_child(community)
    an_adult(child, phone="15412345678")
    mother(community, director)
    run = proposing.make(community, "loving_mother", by=director)
    assert run.lines.get().reasons == ["related:1"]


def test_a_street_pairs_across_its_communities_with_who_comes_that_far(street, community, sister_community, director):
    child = a_child(sister_community)
    mother(community, director, "不远行", reach_km=1)
    far = mother(community, director, "远行", reach_km=10)
    run = proposing.make(street, "loving_mother", by=director)
    assert (run.lines.get().child, run.lines.get().volunteer) == (child, far)


def test_kept_and_excluded_pairings_stay_so_when_worked_out_anew(two, community, director):
    rain, ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    best = run.points
    proposing.keep(line_of(run, rain), teacher, by=director)
    proposing.work_out_anew(run, by=director)
    run.refresh_from_db()
    assert line_of(run, rain).volunteer == teacher and line_of(run, rain).is_locked
    assert line_of(run, ming).volunteer == lawyer
    assert run.points < best
    proposing.exclude(line_of(run, rain), teacher, by=director)
    assert line_of(run, rain).volunteer == lawyer
    later = Weighing(line_of(run, rain)).choices()
    assert [helper for helper, *_rest in later] == [lawyer.pk]
    proposing.allow_again(MatchVeto.objects.get(), run=run, by=director)
    assert len(Weighing(line_of(run, rain)).choices()) == 2


def test_what_a_change_costs(two, community, director):
    rain, _ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    costs = {helper: lost for helper, _points, lost, _without in Weighing(line_of(run, rain)).choices()}
    assert costs == {lawyer.pk: (0, 0, 0), teacher.pk: (0, 0, 24)}
    assert words.cost((0, 0, 24)) == "24 points less in all"
    assert words.cost((1, 0, -9)) == "1 priority child fewer has a helper"
    assert words.cost((0, 2, 3)) == "2 children fewer have a helper"
    assert words.cost((0, -1, 3)) == "1 child more has a helper"
    assert words.cost((-2, -2, 3)) == "2 priority children more have a helper"
    assert words.cost((0, 0, -24)) == "24 points more in all"


def said_beside(page, button):
    """What the page says the act behind a button would cost."""
    named = next(one for one in soup(page).select("main button") if one.text == button)
    return " ".join(named.find_next_sibling("span").text.split())


def test_each_act_says_beforehand_what_it_costs_and_does_just_that(two, community, director, signed_in):
    rain, ming, teacher, lawyer = two
    run, desk = proposing.make(community, "loving_mother", by=director), signed_in(director)
    best, line = run.points, reverse("matching:line", args=[line_of(run, rain).pk])
    assert said_beside(desk.get(line), "Exclude this pairing") == "24 points less in all · then with 赵敏"
    proposing.exclude(line_of(run, rain), lawyer, by=director)
    run.refresh_from_db()
    assert (run.points, line_of(run, rain).volunteer, line_of(run, ming).volunteer) == (best - 24, teacher, lawyer)
    assert (
        said_beside(desk.get(line), "Exclude this pairing")
        == "1 priority child fewer has a helper · without a helper then: 陈小雨"
    )
    proposing.allow_again(MatchVeto.objects.get(), run=run, by=director)
    proposing.keep(line_of(run, rain), teacher, by=director)
    page = desk.get(line)
    for button in ("Let go", "Exclude this pairing"):
        assert said_beside(page, button) == "24 points more in all · then with 孙丽"
    proposing.let_go(line_of(run, rain), by=director)
    run.refresh_from_db()
    assert (run.points, line_of(run, rain).volunteer) == (best, lawyer)


def test_letting_a_family_part_says_what_it_brings(community, director, signed_in):
    elder = a_child(community, name="陈小雨")
    younger = a_child(community, elder.household, name="陈小云")
    first = mother(community, director, "赵敏")
    run, desk = proposing.make(community, "loving_mother", by=director), signed_in(director)
    page = desk.get(reverse("matching:line", args=[line_of(run, elder).pk]))
    apart = "Brothers and sisters may have different helpers"
    assert said_beside(page, apart) == "1 priority child more has a helper · then with 赵敏"
    proposing.let_part(line_of(run, elder), by=director)
    assert (line_of(run, elder).volunteer, line_of(run, younger).volunteer) == (first, None)


def test_what_a_rule_forbids_cannot_be_kept(two, community, director):
    rain, *_rest = two
    man = a_helper(community, director, name="李强", sex="M", kinds=["loving_mother"], birth_date=BORN)
    run = proposing.make(community, "loving_mother", by=director)
    with pytest.raises(Refused, match="Loving mothers are women"):
        proposing.keep(line_of(run, rain), man, by=director)
    assert not MatchLine.objects.filter(is_locked=True).exists()


def test_brothers_and_sisters_stay_together_until_they_may_part(community, director):
    elder = a_child(community, name="陈小雨")
    younger = a_child(community, elder.household, name="陈小云")
    mother(community, director, "赵敏")
    mother(community, director, "孙丽")
    run = proposing.make(community, "loving_mother", by=director)
    assert [line.reasons for line in run.lines.all()] == [["family:2"], ["family:2"]]
    proposing.let_part(line_of(run, younger), by=director)
    assert run.lines.exclude(volunteer=None).count() == 2


def test_a_no_excludes_and_what_both_said_comes_with_the_pairing(two, community, director):
    rain, ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    said = {"guardian_said": "yes", "guardian_name": "李红", "by": director}
    with pytest.raises(Refused, match="Please write what the child said"):
        proposing.hear(line_of(run, rain), helper=lawyer.pk, child_said="against", child_words="", **said)
    proposing.hear(line_of(run, rain), helper=lawyer.pk, child_said="against", child_words="不认识", **said)
    assert MatchVeto.objects.get().asked_by == "child"
    assert (line_of(run, rain).volunteer, line_of(run, rain).child_said) == (teacher, "")
    proposing.hear(line_of(run, rain), helper=teacher.pk, child_said="conditions", child_words="周末来", **said)
    accepted(run, director)
    heard, unheard = Pairing.objects.get(child=rain), Pairing.objects.get(child=ming)
    assert (heard.guardian_agreed, heard.child_opinion, heard.child_words) == ("李红", "conditions", "周末来")
    heard.agree(by=director)
    with pytest.raises(Refused, match="Record the guardian's consent"):
        unheard.agree(by=director)
    with pytest.raises(Refused, match="was accepted meanwhile"):
        proposing.hear(line_of(run, rain), helper=teacher.pk, child_said="agrees", child_words="", **said)


def test_accepting_says_where_something_changed_meanwhile(two, community, director):
    rain, ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    a_proposal(rain, lawyer, director)
    assert accepted(run, director) == (1, 1)
    run.refresh_from_db()
    assert run.status == "accepted"
    assert line_of(run, ming).pairing.volunteer == teacher
    assert "meanwhile" in line_of(run, rain).refusal
    with pytest.raises(Refused, match="was accepted meanwhile"):
        proposing.discard(run, by=director)


@pytest.mark.django_db(transaction=True)
def test_two_people_accept_at_once(two, community, director, supervisor):
    run = proposing.make(community, "loving_mother", by=director)

    def act(by):
        try:
            return accepted(run, by)
        except Refused:
            return "refused"

    results = at_once(lambda: act(director), lambda: act(supervisor))
    assert sorted(map(str, results)) == ["(2, 0)", "refused"]
    assert Pairing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_street_and_a_community_accept_at_once(two, street, community, director, supervisor):
    runs = [proposing.make(place, "loving_mother", by=director) for place in (community, street)]
    results = at_once(*(lambda r=r: accepted(r, director) for r in runs))
    assert sorted(results) == [(0, 2), (2, 0)]
    assert Pairing.objects.count() == 2


def test_the_pages_from_making_to_accepting(two, community, director, signed_in):
    rain, _ming, teacher, _lawyer = two
    client = signed_in(director)
    sent = {"division": community.pk, "kind": "loving_mother", "keep_together": "on"}
    page = client.post(reverse("matching:make"), {**sent, "once_token": "0a8a1d0e-0000-4000-8000-000000000001"})
    run = MatchRun.objects.get()
    assert page["Location"] == reverse("matching:run", args=[run.pk])
    for show in ("", "left", "excluded"):
        assert client.get(page["Location"], {"show": show}).status_code == 200
    text = client.get(page["Location"]).content.decode()
    assert "陈小雨" in text and "赵敏" in text and "Helps with what the child needs (law)" in text
    line = reverse("matching:line", args=[line_of(run, rain).pk])
    assert "24 points less in all" in client.get(line).content.decode()
    client.post(line + "keep/", {"helper": teacher.pk})
    assert line_of(run, rain).is_locked
    client.post(line + "let-go/")
    client.post(line + "exclude/", {"helper": teacher.pk, "asked_by": "family"})
    assert MatchVeto.objects.get().asked_by == "family"
    agreed = {"helper": line_of(run, rain).volunteer_id, "guardian_said": "yes", "child_said": "agrees"}
    answer = client.post(line + "hear/", {**agreed, "guardian_name": ""})
    assert "Give the name of the guardian" in answer.content.decode()
    unsaid = client.post(line + "hear/", {**agreed, "guardian_name": "李红", "child_said": "conditions"})
    assert "Please write what the child said" in unsaid.content.decode()
    assert soup(unsaid).find("input", attrs={"name": "guardian_name"})["value"] == "李红", "nothing typed is lost"
    client.post(line + "hear/", {**agreed, "guardian_name": "李红"})
    assert line_of(run, rain).is_heard
    token = {"once_token": "0a8a1d0e-0000-4000-8000-000000000002", "seen": hidden(client.get(page["Location"]), "seen")}
    client.post(reverse("matching:accept", args=[run.pk]), token)
    assert Pairing.objects.count() == 2
    said = Pairing.objects.get(child=rain)
    assert (said.guardian_agreed, said.child_opinion) == ("李红", "agrees"), "what was said goes with the pairing"
    assert not Pairing.objects.exclude(child=rain).get().guardian_agreed_on
    assert client.get(line).status_code == 200


def hidden(page, name):
    return soup(page).select_one(f"main input[type=hidden][name={name}]")["value"]


def test_what_was_said_of_one_helper_is_not_recorded_for_another(two, community, director, supervisor, signed_in):
    rain, _ming, teacher, lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    client, line = signed_in(director), line_of(run, rain)
    address = reverse("matching:line", args=[line.pk])
    asked_about = hidden(client.get(address), "helper")
    form = soup(client.get(address)).find("form", action=address + "hear/")
    assert form.find("input", {"name": "helper"})["value"] == asked_about == str(lawyer.pk)
    proposing.keep(line, teacher, by=supervisor)
    said = {"guardian_said": "yes", "guardian_name": "李红", "child_said": "agrees"}
    answer = client.post(address + "hear/", {**said, "helper": asked_about}, follow=True)
    assert "Another helper is suggested by now" in answer.content.decode()
    assert (line_of(run, rain).volunteer, line_of(run, rain).heard_on) == (teacher, None)
    client.post(address + "hear/", said)
    assert line_of(run, rain).heard_on is None, "without a word about whom"
    client.post(address + "hear/", {**said, "helper": teacher.pk})
    assert line_of(run, rain).is_heard


def test_what_was_not_seen_is_not_accepted(two, community, director, supervisor, signed_in):
    rain, _ming, teacher, _lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    client, token = signed_in(director), "0a8a1d0e-0000-4000-8000-00000000000"
    address = reverse("matching:accept", args=[run.pk])
    seen = hidden(client.get(run.get_absolute_url()), "seen")
    proposing.keep(line_of(run, rain), teacher, by=supervisor)
    for number, sent in enumerate([{"seen": seen}, {}, {"seen": "x"}]):
        answer = client.post(address, {"once_token": f"{token}{number}", **sent}, follow=True)
        assert "was worked out anew meanwhile" in answer.content.decode()
    assert not Pairing.objects.exists()
    now = hidden(client.get(run.get_absolute_url()), "seen")
    client.post(address, {"once_token": f"{token}9", "seen": now})
    assert Pairing.objects.get(child=rain).volunteer == teacher


def test_nobody_else_sees_it(two, community, director, stranger, federation, signed_in):
    run = proposing.make(community, "loving_mother", by=director)
    for person in (stranger, federation):
        client = signed_in(person)
        assert client.get(reverse("matching:run", args=[run.pk])).status_code == 404
        assert client.get(reverse("matching:line", args=[run.lines.first().pk])).status_code == 404


def test_the_same_queries_for_one_child_and_for_three(community, director, signed_in):
    client, counts = signed_in(director), []
    run = proposing.make(community, "loving_mother", by=director)
    for names in ("甲", "乙丙"):
        for name in names:
            a_child(community, name=f"陈{name}")
            mother(community, director, f"王{name}")
        with CaptureQueriesContext(connection) as making:
            proposing.work_out_anew(run, by=director)
        client.get(run.get_absolute_url())
        with CaptureQueriesContext(connection) as showing:
            client.get(run.get_absolute_url())
        line = run.lines.exclude(volunteer=None).first()
        MatchLine.objects.filter(pk=line.pk).update(is_locked=True)
        with CaptureQueriesContext(connection) as weighing:
            client.get(reverse("matching:line", args=[line.pk]))
        counts.append((len(showing), len(making), len(weighing)))
    assert run.lines.exclude(volunteer=None).count() == 3
    assert counts[0][0] == counts[1][0]
    assert counts[1][2] <= counts[0][2]  # names are looked up only where somebody goes without
    assert counts[1][1] - counts[0][1] <= 1  # lines are changed as well as made


def test_two_files_of_one_child_become_one_line_and_one_exclusion(two, community, director):
    rain, ming, teacher, _lawyer = two
    run = proposing.make(community, "loving_mother", by=director)
    for child in (rain, ming):
        proposing.exclude(line_of(run, child), teacher, by=director)
    merge(rain, ming, by=director)
    assert run.lines.get(is_over=False).child == rain
    assert MatchVeto.objects.get(lifted_at=None).child == rain
