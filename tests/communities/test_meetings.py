"""Meetings of the leading group: the agenda draws itself, what was promised comes back, and who sees it."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities import agenda
from communities.models import Decision, Meeting
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.communities.factories import a_meeting, a_member, days, held_meeting, today
from tests.volunteers.test_portal import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


@pytest.fixture
def member(community, director):
    return a_member(community, account=director)


@pytest.fixture
def decision(community, member, director):
    meeting = held_meeting(community, day=days(-20))
    return meeting.decide(what="走访王家", owner=member, due_on=days(-5), by=director)


def sent(client, page, to, **data):
    """Post to `to` with the one-time token of `page`."""
    return client.post(to, {"once_token": token_of(client.get(page)), **data})


def test_from_the_plan_to_the_minutes_to_what_came_of_it(desk, community, member, make_child):
    """The whole way through the browser."""
    absent = a_member(community, name="刘敏")
    form = reverse("meetings:plan")
    data = {
        "group": "caring",
        "kind": "study",
        "title": "研究暑期安全",
        "day": today().isoformat(),
        "points": "防溺水\n\n用电安全",
    }
    assert sent(desk, form, form, **data).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.community, meeting.status, meeting.points_one_by_one) == (
        community,
        "planned",
        ["防溺水", "用电安全"],
    )
    make_child(community)
    page = meeting.get_absolute_url()
    assert "Children nobody is on file for as caregiver" in desk.get(page).content.decode()

    form = reverse("meetings:write_up", args=[meeting.pk])
    assert sent(desk, form, form, came=[member.pk], guests=2, minutes="听取汇报。", seen_version=1).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.guests, meeting.figures["without_caregiver"][0]) == ("held", 2, 1)
    shown = desk.get(page).content.decode()
    assert member.name in shown
    assert absent.name in shown

    form = reverse("meetings:decide", args=[meeting.pk])
    data = {"what": "走访王家", "owner": member.pk, "due_on": days(7).isoformat()}
    assert sent(desk, page, form, **data).status_code == 302
    found = Decision.objects.get()
    assert "What I promised in meetings" in desk.get("/admin/").content.decode()
    assert "走访王家" in desk.get(reverse("meetings:decisions") + "?mine=1").content.decode()

    upcoming = a_meeting(community, day=days(30), title="下次会议")
    assert "走访王家" in desk.get(upcoming.get_absolute_url()).content.decode()
    form = reverse("meetings:done", args=[found.pk])
    assert sent(desk, found.get_absolute_url(), form, outcome="已走访，孩子安全。").status_code == 302
    found.refresh_from_db()
    assert (found.status, found.outcome, found.settled_on) == ("done", "已走访，孩子安全。", today())
    assert "已走访" in desk.get(upcoming.get_absolute_url()).content.decode()
    assert "What I promised in meetings" not in desk.get("/admin/").content.decode()
    assert [e.verb for e in TrailEntry.objects.about(found)][0] == "carried out"


def test_the_agenda_says_what_grew_since_the_meeting_before(desk, community, director, make_child):
    make_child(community)
    earlier = a_meeting(community, day=days(-10))
    earlier.hold(came=[], guests=0, minutes="听取汇报。", by=director)
    make_child(community)
    meeting = a_meeting(community)
    now = agenda.take_figures(community.pk)
    course = agenda.by_course(agenda.compare(now, meeting.last.figures, director, community.pk))
    lines = {line.measure.key: (line.now, line.then) for line in course["worse"]}
    assert lines["without_caregiver"] == (2, 1)
    assert "(+1)" in desk.get(meeting.get_absolute_url()).content.decode()


def test_the_agenda_begins_with_what_grew_most():
    lines = [agenda.Line(measures.get("without_caregiver"), now, 0) for now in range(13)]
    course = agenda.by_course(lines)
    assert [line.now for line in course["worse"]] == list(range(12, 2, -1))
    assert [line.now for line in course["little"]] == [2, 1]


def test_a_changed_definition_is_compared_with_nothing(community, director, make_child):
    make_child(community)
    now = agenda.take_figures(community.pk)
    then = {**now, "without_caregiver": [0, now["without_caregiver"][1] - 1], "gone": [9, 1]}
    line = next(x for x in agenda.compare(now, then, director, community.pk) if x.measure.key == "without_caregiver")
    assert (line.now, line.then, line.more) == (1, None, 0)


def test_the_agenda_shows_what_the_first_page_would_show_the_person_and_no_more(community, supervisor, make_child):
    make_child(community)
    lines = agenda.compare(agenda.take_figures(community.pk), {}, supervisor, community.pk)
    shown = {line.measure.needs for line in lines}
    assert all(need is None or supervisor.has_perm(need) for need in shown)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda m, one, by: m.hold(came=[], guests=0, minutes="x", by=by), "once its day has come"),
        (lambda m, one, by: m.decide(what="x", owner=one, due_on=days(60), by=by), "Write the meeting up first"),
    ],
)
def test_what_is_not_held_yet_is_not_written_up(act, said, community, member, director):
    with pytest.raises(Refused, match=said):
        act(a_meeting(community, day=days(3)), member, director)


def test_decisions_are_refused_in_words(community, sister_community, member, director, decision):
    meeting = held_meeting(community)
    with pytest.raises(Refused, match="before the meeting"):
        meeting.decide(what="x", owner=member, due_on=days(-1), by=director)
    for other in (a_member(sister_community, name="赵丽"), a_member(community, name="旧人", until=days(-1))):
        with pytest.raises(Refused, match="leading group"):
            meeting.decide(what="x", owner=other, due_on=days(9), by=director)
        with pytest.raises(Refused, match="leading group"):
            decision.pass_on(owner=other, due_on=days(9), by=director)
    decision.drop(reason="一家已搬走", by=director)
    with pytest.raises(Refused, match="cannot become"):
        decision.finish(outcome="x", by=director)
    with pytest.raises(Refused, match="settled already"):
        decision.pass_on(owner=member, due_on=days(9), by=director)


def test_a_meeting_is_held_once_and_a_held_one_is_not_called_off(community, director):
    meeting = a_meeting(community)
    meeting.hold(came=[], guests=0, minutes="x", by=director)
    for act in (
        lambda: meeting.hold(came=[], guests=0, minutes="y", by=director),
        lambda: meeting.call_off(reason="下雪", by=director),
    ):
        with pytest.raises(Refused, match="cannot become"):
            act()


def test_what_was_decided_says_what_came_of_it(decision):
    with pytest.raises(IntegrityError, match="settled_decision_says_what_came_of_it"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(status="done")
    with pytest.raises(IntegrityError, match="meeting_is_planned_held_or_called_off"), transaction.atomic():
        Meeting.objects.update(status="called_off")


def test_passed_on_to_another_with_more_time(desk, decision, community):
    other = a_member(community, name="刘敏")
    form = reverse("meetings:pass_on", args=[decision.pk])
    answer = sent(desk, decision.get_absolute_url(), form, owner=other.pk, due_on=days(9).isoformat())
    assert answer.status_code == 302
    decision.refresh_from_db()
    assert (decision.owner, decision.due_on, decision.is_overdue) == (other, days(9), False)


def test_only_held_meetings_count_and_what_is_left_is_counted(community, decision, director, stranger):
    held_meeting(community, kind="special")
    a_meeting(community, kind="special", day=days(-1))
    a_meeting(community, kind="special", day=days(1))
    a_meeting(community, kind="special").call_off(reason="下雪", by=director)
    scope, now = Scope.of(community.pk), Period(days(-30), days(30))
    keys = ("special_meetings", "meetings_to_write_up", "decisions_overdue", "promised_in_meetings")
    assert [measures.get(key).count(scope, now) for key in keys] == [1, 1, 1, 1]
    promised = measures.get("promised_in_meetings")
    assert [promised.count_to(10, who, scope, now) for who in (director, stranger)] == [1, 0]


def test_what_was_settled_long_ago_does_not_come_back(community, decision, director):
    decision.finish(outcome="done", by=director)
    Decision.objects.update(settled_on=days(-15))
    held_meeting(community, day=days(-10))
    meeting = a_meeting(community)
    assert list(Decision.objects.looked_at_by(meeting)) == []


def test_a_supervisor_reads_and_writes_nothing(signed_in, supervisor, decision):
    client = signed_in(supervisor)
    for page in (decision, decision.meeting):
        assert client.get(page.get_absolute_url()).status_code == 200
    for name, key in (("write_up", decision.meeting_id), ("decide", decision.meeting_id), ("done", decision.pk)):
        assert client.post(reverse(f"meetings:{name}", args=[key])).status_code == 404
    form = client.get(reverse("meetings:plan")).context["form"]  # for the street's own leading group alone
    assert "place" not in form.fields
    assert form.instance.community_id == decision.community_id[:9]


def test_another_community_finds_nothing(signed_in, stranger, decision):
    client = signed_in(stranger)
    for page in (decision, decision.meeting):
        assert client.get(page.get_absolute_url()).status_code == 404
    assert "走访王家" not in client.get(reverse("meetings:decisions")).content.decode()
    assert client.get(reverse("paper", args=["meeting", decision.meeting_id])).status_code == 404


def test_the_prints_are_in_both_languages(desk, decision, community):
    minutes = desk.get(reverse("paper", args=["meeting", decision.meeting_id])).content.decode()
    assert "Minutes of the meeting" in minutes
    assert "走访王家" in minutes
    coming = desk.get(reverse("paper", args=["meeting", a_meeting(community, day=days(3)).pk])).content.decode()
    assert "Agenda of the meeting" in coming
    assert "走访王家" in coming


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


@pytest.fixture
def both_groups(community, director):
    """Gao heads the caring group and sits in the one for the Home; Liu is in the first alone, Zhao in the second."""
    return {
        "gao": a_member(community, "高志强", "head"),
        "liu": a_member(community, "刘敏"),
        "gao at the home": a_member(community, "高志强", group="home", account=director),
        "zhao": a_member(community, "赵丽", "head", group="home"),
    }


@pytest.mark.parametrize(
    ("group", "printed", "came", "there", "absent"),
    [
        ("caring", "关爱工作领导小组 for caring", ["gao"], "高志强", ["刘敏"]),
        ("home", "儿童之家建设领导小组 for building the Home", ["zhao"], "赵丽", ["高志强"]),
        ("both", "两组联席 both together", ["gao", "zhao"], "高志强, 赵丽", ["刘敏"]),
        ("both", "两组联席 both together", ["liu", "gao at the home"], "刘敏, 高志强", ["赵丽"]),
    ],
)
def test_only_the_group_that_met_is_absent(desk, community, both_groups, group, printed, came, there, absent):
    meeting = held_meeting(community, group=group)
    meeting.came.set([both_groups[name] for name in came])
    page = desk.get(meeting.get_absolute_url())
    assert [one.name for one in page.context["absent"]] == absent
    minutes = words_of(desk.get(reverse("paper", args=["meeting", meeting.pk])))
    assert f"Leading group {printed} 类型" in minutes
    assert f"Members who came {len(came)}: {there} 缺席 Absent {len(absent)}: {', '.join(absent)} 列席" in minutes


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        ("caring", ["刘敏 · member", "高志强 · head (party branch secretary)"]),
        ("home", ["赵丽 · head (party branch secretary)", "高志强 · member"]),
        (
            "both",
            ["刘敏 · member", "赵丽 · head (party branch secretary)", "高志强 · head (party branch secretary)"],
        ),
    ],
)
def test_the_group_that_met_is_asked_who_came_and_each_person_once(desk, community, both_groups, group, offered):
    form = desk.get(reverse("meetings:write_up", args=[a_meeting(community, group=group).pk])).context["form"]
    assert sorted(label for _key, label in form.fields["came"].choices) == offered


def test_two_persons_of_one_name_are_two_where_their_accounts_differ(desk, community, both_groups, stranger):
    both_groups["gao"].account = stranger
    both_groups["gao"].save()
    form = desk.get(reverse("meetings:write_up", args=[a_meeting(community, group="both").pk])).context["form"]
    assert sorted(label for _key, label in form.fields["came"].choices) == [
        "刘敏 · member",
        "赵丽 · head (party branch secretary)",
        "高志强 · for building the Home · member",
        "高志强 · for caring · head (party branch secretary)",
    ]


def test_a_name_in_both_groups_says_which_where_somebody_is_chosen(desk, community, both_groups):
    labels = ["刘敏", "赵丽", "高志强 · for building the Home", "高志强 · for caring"]
    page = desk.get(held_meeting(community).get_absolute_url())
    owners = page.context["decision_form"].fields["owner"].choices
    assert sorted(label for key, label in owners if key) == labels
    rota = desk.get(reverse("leading_group:group")).context["rota_form"]
    assert sorted(label for key, label in rota.fields["day1"].choices if key) == labels


def test_what_one_group_promised_comes_back_to_that_group_and_to_both(community, both_groups, director):
    promised = {}
    for group in ("caring", "home", "both"):
        meeting = held_meeting(community, group=group, day=days(-9))
        promised[group] = meeting.decide(what="x", owner=both_groups["liu"], due_on=days(9), by=director)
    seen = {}
    for group in ("caring", "home", "both"):
        meeting = a_meeting(community, group=group)
        rows = Decision.objects.looked_at_by(meeting)
        seen[group] = {name for name, decision in promised.items() if decision in rows}
    assert seen == {"caring": {"caring", "both"}, "home": {"home", "both"}, "both": {"caring", "home", "both"}}


def test_what_one_group_settled_before_the_other_met_is_told_when_both_meet(community, both_groups, director):
    home = held_meeting(community, group="home", day=days(-20))
    done = home.decide(what="x", owner=both_groups["liu"], due_on=days(9), by=director)
    done.finish(outcome="办好了", by=director)
    Decision.objects.filter(pk=done.pk).update(settled_on=days(-15))
    caring = held_meeting(community, group="caring", day=days(-10))
    assert list(Decision.objects.looked_at_by(caring)) == []
    together = held_meeting(community, group="both", day=days(-2))
    assert list(Decision.objects.looked_at_by(together)) == [done]
    assert list(Decision.objects.looked_at_by(a_meeting(community, group="home"))) == []


def test_a_second_writer_sees_what_the_first_wrote(desk, community):
    meeting = a_meeting(community)
    data = {"group": "caring", "kind": "study", "day": today().isoformat(), "seen_version": 1}
    form = reverse("meetings:change", args=[meeting.pk])
    assert desk.post(form, {**data, "title": "一"}).status_code == 302
    again = desk.post(form, {**data, "title": "二"})
    assert again.status_code == 200
    assert "Stored now: 一" in again.content.decode()


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_no_page_asks_once_per_row(who, request, signed_in, community, member, director):
    client = signed_in(request.getfixturevalue(who))
    first = held_meeting(community, day=days(-20))
    coming = a_meeting(community, day=days(5))
    pages = [reverse("meetings:list"), reverse("meetings:decisions"), first.get_absolute_url()]
    pages += [coming.get_absolute_url(), reverse("paper", args=["meeting", first.pk])]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for _total in (1, 3):
        for _n in range(_total):
            held_meeting(community, day=days(-3))
            owner = a_member(community, name=f"m{Decision.objects.count()}")
            first.came.add(owner)
            first.decide(what="x", owner=owner, due_on=days(9), by=director)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts[page].append(len(captured))
    assert {page: n for page, n in counts.items() if len(set(n)) > 1} == {}


def test_years_are_offered_from_the_first_meeting_to_the_last(desk, community):
    assert desk.get("/meetings/").context["years"] == []
    for year in (2023, 2025):
        Meeting.objects.create(community=community, kind="study", title="研究会", day=dt.date(year, 3, 1))
    assert desk.get("/meetings/").context["years"] == [2025, 2024, 2023]
    assert len(desk.get("/meetings/?year=2024").context["page"]) == 0


def test_the_agenda_counts_concerns_only_where_they_may_be_seen(community, sister_community, director):
    """Guarded numbers are asked of the community, not of any post the person holds."""
    guarded = {gap.key for gap in agenda.gaps() if gap.guarded and director.has_perm(gap.needs)}
    assert "open_concerns" in guarded

    def shown(place):
        return {line.measure.key for line in agenda.compare(agenda.take_figures(place.pk), {}, director, place.pk)}

    assert guarded <= shown(community)
    assert not guarded & shown(sister_community)
    assert shown(community) - guarded == shown(sister_community)
