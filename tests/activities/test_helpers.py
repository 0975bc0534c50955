"""Helpers who come to an activity: through the portal and put on by staff."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activities.clashes import clashes
from activities.models import Activity, HelperPlace, Session
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.activities.factories import extra_session, make_activity, today
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper
from volunteers.models import RecordCheck, Volunteer

PAGE = "/portal/activities/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def volunteer_user(make_user, community):
    return make_user("volunteer", community, "volunteer", name="王爱华")


@pytest.fixture
def helper(community, director, volunteer_user):
    return a_helper(community, director, user=volunteer_user)


@pytest.fixture
def portal(signed_in, helper, volunteer_user):
    return signed_in(volunteer_user)


@pytest.fixture
def outing(director, community):
    return make_activity(community, director, title="春游", first_day=today() + DAY, helpers_needed=1)


def send(client, address, **form):
    return client.post(address, {"once_token": uuid.uuid4(), **form}, follow=True)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_a_helper_says_that_they_come_and_that_they_cannot_any_more(portal, outing, helper, director, signed_in):
    assert "春游" in words(portal.get(PAGE))
    assert "The office sees that you come." in words(send(portal, f"{PAGE}{outing.pk}/come/"))
    place = HelperPlace.objects.get()
    assert (place.volunteer, place.status) == (helper, "coming")
    assert "You come to help" in words(portal.get(PAGE))
    office = signed_in(director)
    assert "comes since" in words(office.get(outing.get_absolute_url()))
    assert "Thank you for saying so" in words(send(portal, f"{PAGE}places/{place.pk}/cannot/"))
    place.refresh_from_db()
    assert place.status == "cannot"
    assert "comes since" not in words(office.get(outing.get_absolute_url()))
    assert "I come" in words(portal.get(PAGE))
    verbs = set(TrailEntry.objects.filter(actor=helper.user).values_list("verb", flat=True))
    assert verbs >= {"comes to help", "cannot come to help any more"}


def test_the_page_names_no_child(portal, outing, director, community, make_child, helper):
    outing.enrol(make_child(community, name="欧阳娜娜"), by=director)
    Activity.objects.update(purpose="给欧阳娜娜", topic="欧阳娜娜", materials="欧阳娜娜的画")
    assert "欧阳娜娜" not in words(portal.get(PAGE))
    outing.take_helper(helper, by=director)
    outing.cancel(reason="欧阳娜娜生病", by=director)
    page = words(portal.get(PAGE))
    assert "It does not take place." in page
    assert "欧阳娜娜" not in page


def test_only_what_asks_for_more_helpers_here_is_offered(
    portal, director, community, helper, far_community, stranger, signed_in
):
    make_activity(community, director, title="够了", first_day=today() + DAY)
    make_activity(far_community, stranger, title="别处", first_day=today() + DAY, helpers_needed=3)
    full = make_activity(community, director, title="满了", first_day=today() + DAY, helpers_needed=1)
    full.take_helper(a_helper(community, director, name="赵敏"), by=director)
    make_activity(community, director, title="太晚", first_day=today() + 350 * DAY, helpers_needed=1)
    own = make_activity(
        community, director, title="自己带的", first_day=today() + DAY, hours=(14, 15), helper=helper, helpers_needed=1
    )
    page = words(portal.get(PAGE))
    assert [title for title in ("够了", "别处", "满了", "太晚") if title in page] == []
    assert "You lead this" in page
    assert "I come" not in page
    far = Activity.objects.get(title="别处")
    assert send(portal, f"{PAGE}{far.pk}/come/").status_code == 404
    assert "leads this activity" in words(send(portal, f"{PAGE}{own.pk}/come/"))
    assert "helpers enough" in words(send(portal, f"{PAGE}{full.pk}/come/"))


def test_helpers_are_not_named_to_each_other(portal, director, community):
    other = a_helper(community, director, name="赵敏")
    led = make_activity(community, director, title="春游", first_day=today() + DAY, helper=other, helpers_needed=2)
    led.take_helper(a_helper(community, director, name="孙丽"), by=director)
    page = words(portal.get(PAGE))
    assert "春游" in page
    assert [name for name in ("赵敏", "孙丽") if name in page] == []


def test_a_place_of_somebody_else_does_not_exist(portal, outing, director, community):
    place = outing.take_helper(a_helper(community, director, name="赵敏"), by=director)
    assert send(portal, f"{PAGE}places/{place.pk}/cannot/").status_code == 404
    assert HelperPlace.objects.get().status == "coming"


def test_who_is_not_cleared_is_led_to_what_is_missing(portal, outing, helper):
    RecordCheck.objects.update(valid_until=today() - DAY)
    Volunteer.objects.get(pk=helper.pk).recount_clearance()
    for address in (PAGE, f"{PAGE}{outing.pk}/come/"):
        answer = send(portal, address) if "come" in address else portal.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == "/portal/standing/"
    assert not HelperPlace.objects.exists()


def test_what_is_over_or_has_no_day_before_it_takes_nobody(outing, director, community, helper):
    for session in Session.objects.all():
        session.cancel(reason="下雨", by=director)
    with pytest.raises(Refused, match="No session"):
        outing.take_helper(helper, by=director)
    outing.refresh_from_db()
    outing.cancel(reason="下雨", by=director)
    with pytest.raises(Refused, match="over or cancelled"):
        outing.take_helper(helper, by=director)


def test_staff_put_on_and_take_off(outing, director, signed_in, community, helper):
    a_helper(community, director, name="没有审查", checked=False)
    office = signed_in(director)
    page = words(office.get(outing.get_absolute_url()))
    assert helper.name in page
    assert "没有审查" not in page
    assert "comes to help" in words(send(office, f"/activities/{outing.pk}/helpers/", helper=helper.pk))
    place = HelperPlace.objects.get()
    assert "no longer among the helpers" in words(send(office, f"/activities/helpers/{place.pk}/off/"))
    place.refresh_from_db()
    assert place.status == "off"
    unchecked = Volunteer.objects.get(name="没有审查")
    assert "Choose a helper." in words(send(office, f"/activities/{outing.pk}/helpers/", helper=unchecked.pk))
    assert not HelperPlace.objects.coming().exists()


def test_whose_checks_have_ended_since_is_marked(outing, director, signed_in, helper):
    outing.take_helper(helper, by=director)
    RecordCheck.objects.update(valid_until=today() - DAY)
    Volunteer.objects.get(pk=helper.pk).recount_clearance()
    assert "checks not in order" in words(signed_in(director).get(outing.get_absolute_url()))


def test_a_street_reads_only(outing, supervisor, signed_in, director, helper):
    outing.take_helper(helper, by=director)
    page = signed_in(supervisor).get(outing.get_absolute_url())
    assert helper.name in words(page)
    assert b"/helpers/" not in page.content
    assert send(signed_in(supervisor), f"/activities/{outing.pk}/helpers/", helper=helper.pk).status_code == 404


def test_the_database_holds_one_place_a_helper(outing, director, helper):
    place = outing.take_helper(helper, by=director)
    assert outing.take_helper(helper, by=director) == place
    with pytest.raises(IntegrityError, match="a_helper_comes_to_an_activity_once"), transaction.atomic():
        HelperPlace.objects.create(activity=outing, volunteer=helper, community_id=outing.community_id)


def test_the_pages_ask_no_more_for_many(portal, director, community, helper, signed_in, outing):
    office, counts = signed_in(director), {PAGE: [], outing.get_absolute_url(): []}
    Activity.objects.filter(pk=outing.pk).update(helpers_needed=99)
    for total in (1, 3, 10):
        for n in range(HelperPlace.objects.filter(activity=outing).count(), total):
            outing.take_helper(a_helper(community, director, name=f"帮{n}"), by=director)
            facts = {"first_day": today() + DAY, "times": 3, "helpers_needed": 2}
            make_activity(community, director, title=f"w{n}", venue=f"w{n}", **facts)
            mine = make_activity(community, director, title=f"m{n}", venue=f"m{n}", **facts)
            mine.take_helper(helper, by=director)
        for address, client in ((PAGE, portal), (outing.get_absolute_url(), office)):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {address: found for address, found in counts.items() if len(set(found)) > 1} == {}


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_helper(outing, director, community):
    helpers = [a_helper(community, director, name=f"帮{n}") for n in range(4)]

    def come(helper):
        try:
            Activity.objects.get(pk=outing.pk).take_helper(helper, by=director)
        except Refused as refusal:
            return refusal.message
        return "done"

    results = at_once(*[lambda h=h: come(h) for h in helpers])
    assert sorted(results) == ["There are helpers enough. Thank you all the same."] * 3 + ["done"]
    assert HelperPlace.objects.count() == 1


def test_whoever_is_not_cleared_on_the_day_or_lives_elsewhere_gets_no_place(
    portal, director, community, helper, far_community, stranger
):
    late = make_activity(community, director, title="太晚", first_day=today() + 350 * DAY, helpers_needed=1)
    assert "renew it first" in words(send(portal, f"{PAGE}{late.pk}/come/"))
    with pytest.raises(Refused, match="different communities"):
        late.take_helper(a_helper(far_community, stranger, name="远方"), by=director)
    assert not HelperPlace.objects.exists()


def test_who_leaves_the_service_comes_no_more_and_the_place_is_free(portal, outing, director, community):
    gone = a_helper(community, director, name="赵敏")
    outing.take_helper(gone, by=director)
    assert "I come" not in words(portal.get(PAGE))
    Volunteer.objects.filter(pk=gone.pk).update(left_on=today())
    assert "I come" in words(portal.get(PAGE))
    assert "The office sees that you come." in words(send(portal, f"{PAGE}{outing.pk}/come/"))


def test_who_leads_or_helps_elsewhere_at_the_time_is_told_so(portal, outing, director, community, helper, signed_in):
    """A helper asks the office; staff put on all the same, and read it."""
    make_activity(community, director, title="合唱班", first_day=today() + DAY, hours=(9, 11), helper=helper)
    page = words(send(portal, f"{PAGE}{outing.pk}/come/"))
    assert "You lead or help at “合唱班” at the same time" in page
    assert not HelperPlace.objects.exists()
    page = words(send(signed_in(director), f"/activities/{outing.pk}/helpers/", helper=helper.pk))
    assert "leads or helps at “合唱班” at the same time" in page
    assert HelperPlace.objects.get().volunteer == helper


def test_the_hour_after_another_activity_is_free(portal, outing, director, community, helper):
    make_activity(community, director, title="合唱班", first_day=today() + DAY, hours=(10, 11), helper=helper)
    make_activity(community, director, title="画画班", first_day=today() + 2 * DAY, hours=(9, 10), helper=helper)
    send(portal, f"{PAGE}{outing.pk}/come/")
    assert HelperPlace.objects.get().volunteer == helper


def test_a_clash_names_the_helpers_who_come(outing, director, community, helper):
    """Also where the other activity is led by a helper of this one, and of what is itself no helper's."""
    other = a_helper(community, director, name="赵敏")
    outing.take_helper(helper, by=director)
    make_activity(community, director, title="合唱班", first_day=today() + DAY, hours=(9, 11), helper=helper)
    dance = make_activity(community, director, title="舞蹈班", first_day=today() + DAY, hours=(8, 10), helpers_needed=2)
    dance.take_helper(helper, by=director)
    dance.take_helper(other, by=director)
    at = {"starts_at": dt.time(9), "ends_at": dt.time(10), "venue": "别处", "by": director}
    found = clashes(outing, [today() + DAY], session=outing.sessions.get(), **at)
    said = [clash.words for clash in found[today() + DAY]]
    assert f"{helper.name} also leads: 合唱班, 09:00–11:00." in said
    assert f"{helper.name} helps at: 舞蹈班, 08:00–10:00." in said
    assert not [words for words in said if other.name in words]


def test_a_leader_whose_checks_run_out_is_named_until_another_leads(director, community, helper, signed_in):
    """The club's last day lies past the check: its page and the list say so, the earlier days do not."""
    club = make_activity(community, director, title="舞蹈班", first_day=today(), helper=helper)
    assert sessions_led(community) == []
    extra_session(club, director, day=today() + 10 * DAY)
    Volunteer.objects.filter(pk=helper.pk).update(cleared_until=today() + 9 * DAY)
    assert sessions_led(community) == [today() + 10 * DAY]
    office = signed_in(director)
    assert "Something that is asked of helpers is missing" in words(office.get(club.get_absolute_url()))
    assert "Name another leader" in words(office.get("/activities/todo/"))
    Volunteer.objects.filter(pk=helper.pk).update(cleared_until=today() + 10 * DAY)
    assert sessions_led(community) == []
    Volunteer.objects.filter(pk=helper.pk).update(left_on=today() + 10 * DAY)
    assert sessions_led(community) == [today() + 10 * DAY]
    assert Volunteer.objects.ready_on(today()).filter(pk=helper.pk).exists()
    Activity.objects.filter(pk=club.pk).update(helper=None, leader=director)
    assert sessions_led(community) == []


def sessions_led(community):
    rows = measures.get("sessions_led_uncleared").rows(Scope.of(community.pk), Period.day(today()))
    return list(rows.values_list("day", flat=True))
