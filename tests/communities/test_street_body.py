"""A street office has a leading group and meetings of its own; its communities have theirs, and neither writes the
other's."""

import pytest
from django.urls import reverse

from communities.models import Decision, LeadingGroupMember, Meeting, OfficeDuty, Posting
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.communities.factories import a_meeting, a_member, days, held_meeting, today
from tests.volunteers.test_portal import token_of

pytestmark = pytest.mark.django_db

PAGE, ROTA = "/leading-group/", "/leading-group/rota/"


@pytest.fixture
def desk(signed_in, supervisor):
    return signed_in(supervisor)


@pytest.fixture
def member(street, supervisor):
    return a_member(street, name="街道高书记", account=supervisor)


def sent(client, page, to, **data):
    return client.post(to, {"once_token": token_of(client.get(page)), **data})


def test_from_the_streets_member_to_its_decision(desk, street, supervisor, community, make_child):
    """The whole way through the browser: a member, a meeting with its agenda, minutes, a decision, what came of it."""
    form = reverse("admin:communities_leadinggroupmember_add")
    data = {"group": "caring", "name": "街道高书记", "position": "head", "duties": ["law"], "phone": "", "until": ""}
    answer = sent(desk, form, form, account=supervisor.pk, since=days(-9).isoformat(), **data)
    assert (answer.status_code, answer.url) == (302, f"{PAGE}?community={street.pk}&group=caring")
    member = LeadingGroupMember.objects.get()
    assert member.community == street
    assert "街道高书记" in desk.get(PAGE).content.decode()

    form = reverse("meetings:plan")
    data = {"group": "caring", "kind": "special", "title": "全街道专题会", "day": today().isoformat(), "points": "总结"}
    assert sent(desk, form, form, **data).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.community == street
    make_child(community)
    page = meeting.get_absolute_url()
    assert "Children nobody is on file for as caregiver" in desk.get(page).content.decode()

    form = reverse("meetings:write_up", args=[meeting.pk])
    assert sent(desk, form, form, came=[member.pk], guests=2, minutes="听取汇报。", seen_version=1).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.figures["without_caregiver"][0]) == ("held", 1)
    form = reverse("meetings:decide", args=[meeting.pk])
    data = {"what": "走访各社区", "owner": member.pk, "due_on": days(7).isoformat()}
    assert sent(desk, page, form, **data).status_code == 302
    found = Decision.objects.get()
    assert found.community == street
    assert "走访各社区" in desk.get(reverse("meetings:decisions") + "?mine=1").content.decode()
    form = reverse("meetings:done", args=[found.pk])
    assert sent(desk, found.get_absolute_url(), form, outcome="已走访。").status_code == 302
    found.refresh_from_db()
    assert found.status == "done"
    assert desk.get(reverse("paper", args=["meeting", meeting.pk])).status_code == 200


def test_a_street_reads_its_communities_meetings_and_writes_none(desk, community, director):
    member = a_member(community)
    meeting = held_meeting(community, day=days(-1), title="社区的会")
    decision = meeting.decide(what="社区的事", owner=member, due_on=days(3), by=director)
    page = desk.get(meeting.get_absolute_url())
    assert "社区的会" in page.content.decode()
    assert not page.context["may_change"]
    for name in ("change", "write_up", "call_off", "decide"):
        assert desk.post(reverse(f"meetings:{name}", args=[meeting.pk]), {"what": "x"}).status_code == 404
    for name in ("done", "drop", "pass_on"):
        assert desk.post(reverse(f"meetings:{name}", args=[decision.pk]), {"outcome": "x"}).status_code == 404
    assert desk.post(ROTA, {"community": community.pk}).status_code == 404
    form = reverse("admin:communities_leadinggroupmember_change", args=[member.pk])
    answer = desk.post(form, {"name": "改名"})
    member.refresh_from_db()
    assert (answer.status_code in (302, 403, 404), member.name) == (True, "高志强")


def test_a_community_and_another_street_see_nothing_of_the_streets_body(
    signed_in, director, make_user, far_street, street, member, supervisor, federation
):
    meeting = a_meeting(street, title="街道的会", day=days(3))
    for user in (director, make_user("street_officer", far_street), federation):
        client = signed_in(user)
        assert client.get(meeting.get_absolute_url()).status_code == 404
        for page in (PAGE, f"{PAGE}?community={street.pk}", reverse("meetings:list")):
            shown = client.get(page).content.decode()
            assert "街道的会" not in shown
            assert "街道高书记" not in shown


def test_the_streets_rota_is_its_own(desk, street, member, supervisor, community):
    data = {"once_token": token_of(desk.get(PAGE)), "community": street.pk, "day1": member.pk}
    assert desk.post(ROTA, data).status_code == 302
    assert OfficeDuty.objects.get().community == street


def test_decisions_go_to_members_of_the_same_body(street, member, community, director, supervisor):
    ours = held_meeting(street, day=days(-1))
    with pytest.raises(Refused, match="member of this leading group"):
        ours.decide(what="x", owner=a_member(community), due_on=days(3), by=supervisor)


def test_a_meeting_looks_at_those_of_its_own_body_alone(street, member, community, supervisor):
    held_meeting(community, day=days(-5), title="社区的会")
    before = held_meeting(street, day=days(-9), title="上次")
    assert a_meeting(street, title="这次").last == before


def test_a_communitys_report_counts_no_meeting_of_its_street(street, community):
    held_meeting(street, "special")
    held_meeting(community, "special")
    period = Period.quarter_of(today())
    counted = [measures.get("special_meetings").count(Scope.of(code), period) for code in (community.pk, street.pk)]
    assert counted == [1, 2]


def test_who_is_posted_to_both_chooses_and_writes_both(signed_in, supervisor, street, community, sister_community):
    Posting.objects.create(user=supervisor, division=community, role="community_worker", starts_on=days(-9))
    client = signed_in(type(supervisor).objects.get(pk=supervisor.pk))
    offered = client.get(reverse("meetings:plan")).content.decode()
    assert [code for code in (street.pk, community.pk, sister_community.pk) if f'value="{code}"' in offered] == [
        street.pk,
        community.pk,
    ]
    own, sister = a_meeting(community, day=days(3)), a_meeting(sister_community, day=days(3))
    assert client.get(reverse("meetings:change", args=[own.pk])).status_code == 200
    assert client.get(reverse("meetings:change", args=[sister.pk])).status_code == 404
