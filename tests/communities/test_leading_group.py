"""The leading group: who answers for what, who is in the office, what each responsibility faces, the contact list."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.group_views import board
from communities.models import LeadingGroupMember, OfficeDuty, Posting
from records import measures
from records.trail import TrailEntry
from tests.communities.factories import a_member, days
from tests.conftest import freshly_signed_in
from tests.volunteers.test_portal import token_of

pytestmark = pytest.mark.django_db

PAGE, ROTA = "/leading-group/", "/leading-group/rota/"


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def test_a_member_is_added_and_stands_on_the_page(desk, community, director):
    form = reverse("admin:communities_leadinggroupmember_add")
    data = {
        "once_token": token_of(desk.get(form)),
        **{"group": "caring", "name": "高志强", "position": "deputy", "duties": ["law", "health"], "phone": ""},
        **{"account": director.pk, "since": days(-9).isoformat(), "until": ""},
    }
    answer = desk.post(form, data)
    assert (answer.status_code, answer.url) == (302, f"{PAGE}?community={community.pk}&group=caring")
    member = LeadingGroupMember.objects.get()
    assert (member.duties, member.account) == (["law", "health"], director)
    shown = desk.get(PAGE).content.decode()
    assert "immunisation and health" in shown
    assert "高志强" in shown
    assert "高志强" not in desk.get(PAGE + "?group=home").content.decode().partition("What each")[0]


def test_an_account_of_elsewhere_is_not_offered(desk, community, stranger, director):
    member = a_member(community, account=director)
    form = desk.get(reverse("admin:communities_leadinggroupmember_change", args=[member.pk])).content.decode()
    assert f'<option value="{director.pk}" selected' in form
    assert f'<option value="{stranger.pk}"' not in form


def test_a_group_has_one_head_at_a_time(desk, community, sister_community):
    first = a_member(community, position="head", until=days(-1))
    a_member(community, name="刘敏", position="head")
    a_member(community, name="孙丽", position="head", group="home")
    a_member(sister_community, name="赵丽", position="head")
    with pytest.raises(IntegrityError, match="one_head_of_a_leading_group"), transaction.atomic():
        LeadingGroupMember.objects.filter(pk=first.pk).update(until=None)
    form = reverse("admin:communities_leadinggroupmember_add")
    data = {"group": "caring", "name": "钱", "position": "head", "phone": "", "account": "", "until": ""}
    answer = desk.post(form, {"once_token": token_of(desk.get(form)), "since": days(0).isoformat(), **data})
    assert "has a head already" in answer.content.decode()


def test_the_board_counts_what_each_responsibility_faces(desk, community, make_child):
    a_member(community, name="高志强", duties=["disability"])
    make_child(community, disability_type="hearing")
    make_child(community, illness="哮喘")
    shown = desk.get(PAGE).content.decode()
    assert measures.get("disabled_children").belongs_to == "disability"
    card = shown.partition("Care for disabled children</h3>")[2].partition("</section>")[0]
    assert "高志强" in card
    assert "<strong>1</strong>" in card
    assert "nobody answers for it" in shown


def test_every_responsibility_named_by_a_measure_is_one_of_a_leading_group():
    named = {one.belongs_to for one in measures.all_measures() if one.belongs_to}
    assert named == set(LeadingGroupMember.Duty.values)


def test_the_rota_is_kept_for_each_weekday(desk, community, director):
    member, other = a_member(community), a_member(community, name="刘敏")
    token = token_of(desk.get(PAGE))
    data = {"once_token": token, "community": community.pk, "day1": member.pk, "day5": other.pk}
    assert desk.post(ROTA, data).status_code == 302
    assert dict(OfficeDuty.objects.exclude(member=None).values_list("weekday", "member")) == {1: member.pk, 5: other.pk}
    before = TrailEntry.objects.count()
    OfficeDuty.keep(community, {1: member, 5: other}, by=director)
    assert TrailEntry.objects.count() == before
    OfficeDuty.keep(community, {1: None, 5: other}, by=director)
    assert OfficeDuty.objects.get(weekday=1).member is None


def test_nobody_overwrites_a_colleagues_day_unseen(desk, community, director):
    member, other = a_member(community), a_member(community, name="刘敏")
    old = {"community": community.pk, "initial-day1": "", "day1": member.pk, "initial-day5": "", "day5": ""}
    tokens = [token_of(desk.get(PAGE)) for _time in range(2)]
    OfficeDuty.keep(community, {5: other}, by=director)
    assert desk.post(ROTA, {**old, "once_token": tokens[0]}).status_code == 302
    assert dict(OfficeDuty.objects.values_list("weekday", "member")) == {1: member.pk, 5: other.pk}
    refused = desk.post(ROTA, {**old, "day5": member.pk, "once_token": tokens[1]})
    assert "meanwhile" in refused.content.decode()
    assert OfficeDuty.objects.get(weekday=5).member == other


def test_the_rota_is_changed_only_where_the_post_lets(make_user, community, far_community, signed_in):
    both = make_user("community_worker", community)
    Posting.objects.create(user=both, division=far_community.parent, role="street_officer", starts_on=days(-1))
    client = signed_in(both)
    assert client.get(PAGE, {"community": far_community.pk}).status_code == 200
    data = {"once_token": token_of(client.get(PAGE)), "community": far_community.pk}
    assert client.post(ROTA, data).status_code == 404


def test_somebody_of_another_community_is_not_put_on_duty(desk, community, sister_community):
    other = a_member(sister_community)
    data = {"once_token": token_of(desk.get(PAGE)), "community": community.pk, "day1": other.pk}
    assert desk.post(ROTA, data).status_code == 200
    data["community"] = sister_community.pk
    assert desk.post(ROTA, data).status_code == 404
    assert not OfficeDuty.objects.exists()


def test_whose_membership_ended_is_on_duty_no_more(desk, community, director):
    member = a_member(community)
    OfficeDuty.keep(community, {1: member}, by=director)
    LeadingGroupMember.objects.update(until=days(-1))
    shown = desk.get(PAGE).content.decode()
    assert member.name not in shown.partition('id="rota"')[2]
    assert member.name in shown.partition("Earlier members")[2]


def test_the_contact_list_carries_phones_and_asks_for_the_password(desk, community, director):
    a_member(community, phone="13800001111", duties=["law"])
    OfficeDuty.keep(community, {1: LeadingGroupMember.objects.get()}, by=director)
    paper = reverse("paper", args=["leading_group", community.pk])
    assert desk.get(paper).status_code == 302
    shown = freshly_signed_in(desk).get(paper).content.decode()
    assert "13800001111" in shown
    assert "law publicity" in shown
    assert "13800001111" not in desk.get(PAGE).content.decode()


def test_others_find_no_list(signed_in, federation, stranger, community):
    a_member(community)
    paper = reverse("paper", args=["leading_group", community.pk])
    for who in (federation, stranger):
        client = freshly_signed_in(signed_in(who))
        assert client.get(paper).status_code == 404
    assert "高志强" not in signed_in(stranger).get(f"{PAGE}?community={community.pk}").content.decode()


def test_a_supervisor_chooses_a_community_and_changes_nothing(signed_in, supervisor, community, sister_community):
    a_member(sister_community, name="赵丽")
    client = signed_in(supervisor)
    assert "赵丽" in client.get(f"{PAGE}?community={sister_community.pk}").content.decode()
    assert client.post(ROTA, {"community": community.pk}).status_code == 404


def test_the_page_asks_nothing_once_per_row(desk, community, director):
    counts = []
    for total in (1, 3):
        for number in range(total):
            one = a_member(community, name=f"m{total}{number}", duties=["law"], account=director)
        OfficeDuty.keep(community, {total: one}, by=director)
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_the_board_counts_concerns_only_where_they_may_be_seen(community, sister_community, director):
    def shown(place):
        lines = board(director, place, [], timezone.localdate())
        return {one.key for _duty, _members, counted in lines for one, _number in counted}

    assert shown(community) - shown(sister_community) == {"open_concerns", "concerns_to_follow_up"}
    assert shown(sister_community)
