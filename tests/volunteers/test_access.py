"""Access ends at local midnight of the last day, in Shanghai, whatever the server's clock is set to."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from communities.models import Posting
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, days
from volunteers.standing import in_good_standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
CHILD_PAGES = ["portal:children", "portal:due", "portal:log", "portal:entries", "portal:concern", "portal:call"]
CHILD_PAGES += ["portal:letters", "portal:letter_new"]


def at(day, hour, minute=0):
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def test_the_last_day_of_a_check_counts_to_midnight(helper, volunteer_user, director):
    helper.refresh_from_db()
    last = helper.cleared_until
    with time_machine.travel(at(last, 23, 59), tick=False):
        assert in_good_standing(fresh(volunteer_user)) == helper
    with time_machine.travel(at(last + dt.timedelta(days=1), 0), tick=False):
        assert in_good_standing(fresh(volunteer_user)) is None


def test_the_last_day_of_a_pairing_counts_to_midnight(community, director, helper):
    last = days(3)
    pairing = a_pairing(a_child(community), helper, director, ends_on=last)
    with time_machine.travel(at(last, 23, 59), tick=False):
        assert helper.pairings.current().get() == pairing
    with time_machine.travel(at(last + dt.timedelta(days=1), 0), tick=False):
        assert not helper.pairings.current().exists()


def test_a_pairing_opens_on_its_first_day(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director, starts=2)
    assert not helper.pairings.current().exists()
    with time_machine.travel(at(days(2), 0), tick=False):
        assert helper.pairings.current().get() == pairing


def test_a_posting_that_ended_closes_the_portal(portal, helper, volunteer_user):
    assert portal.get(reverse("portal:children")).status_code == 200
    Posting.objects.filter(user=volunteer_user).update(ends_on=days(-1))
    assert portal.get(reverse("portal:children")).status_code == 404


def test_an_account_that_may_not_sign_in_sees_nothing(helper, volunteer_user):
    volunteer_user.is_active = False
    volunteer_user.save()
    assert in_good_standing(fresh(volunteer_user)) is None


@pytest.mark.parametrize("page", CHILD_PAGES)
def test_without_a_valid_check_every_page_says_why_and_shows_no_child(page, portal, community, director, helper):
    a_paired_child(community, helper, director)
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    answer = portal.get(reverse(page), follow=True)
    assert answer.redirect_chain == [(reverse("portal:standing"), 302)]
    assert "小雨" not in answer.content.decode()
    assert "110" in answer.content.decode()


def test_an_account_without_a_helper_is_told_so(portal):
    answer = portal.get(reverse("portal:children"), follow=True)
    assert "not yet connected" in answer.content.decode()


def test_staff_have_no_portal(signed_in, director):
    assert signed_in(director).get(reverse("portal:children")).status_code == 404


def test_another_helpers_child_does_not_exist(portal, community, director, helper):
    other = a_helper(community, director, name="赵敏")
    theirs = a_paired_child(community, other, director)
    a_paired_child(community, helper, director)
    for name in ("portal:child", "portal:child_photo"):
        strange = portal.get(reverse(name, args=[theirs.pk]))
        never = portal.get(reverse(name, args=[987654]))
        assert strange.status_code == never.status_code == 404
        assert strange.content == never.content
    assert portal.post(reverse("portal:reveal", args=[theirs.pk])).status_code == 404


def test_the_middleware_asks_only_when_used(rf, volunteer_user, helper, django_assert_num_queries):
    from volunteers.middleware import VolunteerMiddleware

    request = rf.get("/")
    request.user = fresh(volunteer_user)
    with django_assert_num_queries(0):
        VolunteerMiddleware(lambda r: None)(request)
    assert request.volunteer == helper
