"""A concern: raised with nothing, reported, followed up, closed; who sees it, and the clock that reminds."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from children import transfer
from children.models import Concern, ConcernEntry, ConcernNaming
from children.referring import refer
from communities.models import HelpLine
from config.workdesk import workdesk
from records import measures
from records.drafts import Draft
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import left_behind_child, offered
from tests.children.pages import filled, soup
from tests.records.threads import at_once

NOON = dt.datetime(2026, 3, 10, 4, 0, tzinfo=dt.UTC)  # noon in China


@pytest.fixture
def child(community):
    return left_behind_child(community)


@pytest.fixture
def elsewhere(far_community, stranger):
    return Concern.raise_for(left_behind_child(far_community, name="别处"), what="别处的伤", by=stranger)


@pytest.fixture
def second(make_user, district):
    return make_user("counsellor", district, "second")


def finds(user, concern, action="view"):
    fresh = type(user).objects.get(pk=user.pk)
    return Concern.objects.visible_to(fresh, action).filter(pk=concern.pk).exists()


# Who sees it ---------------------------------------------------------------------------------------------------------


def test_exactly_the_raiser_those_named_the_director_and_the_supervisor_see_it(
    child,
    elsewhere,
    director,
    supervisor,
    counsellor,
    second,
    stranger,
    federation,
    administrator,
    make_user,
    community,
):
    refer(child, counsellor, by=director)
    refer(child, second, by=director)
    helper = make_user("volunteer", community, "helper")
    concern = Concern.raise_for(child, what="淤青", by=counsellor)
    everybody = [director, supervisor, counsellor, second, stranger, federation, administrator, helper]
    assert [finds(one, concern) for one in everybody] == [True, True, True, False, False, False, False, False]
    assert [finds(one, concern, "change") for one in everybody] == [True, True, *[False] * 6]
    assert [finds(one, elsewhere) for one in everybody] == [*[False] * 4, True, False, False, False]
    naming = concern.name(second, by=supervisor)
    assert finds(second, concern)
    assert finds(second, concern, "follow")
    assert not finds(second, concern, "change")
    naming.end(by=supervisor)
    assert not finds(second, concern)
    with pytest.raises(Refused, match="cannot be named"):
        concern.name(federation, by=supervisor)
    with pytest.raises(Refused, match="cannot be named"):
        concern.name(administrator, by=supervisor)


def test_only_the_supervisor_names_and_takes_back(child, director, supervisor, second, signed_in):
    concern = Concern.raise_for(child, by=director)
    url = f"/children/concerns/{concern.pk}/"
    assert signed_in(director).post(f"{url}name/", {"user": second.pk}).status_code == 404
    web = signed_in(supervisor)
    assert second.name in web.get(url).content.decode()
    web.post(f"{url}name/", {"user": second.pk})
    naming = ConcernNaming.objects.get()
    assert signed_in(second).get(url).status_code == 200
    assert signed_in(second).get(f"/children/{child.pk}/").status_code == 404
    assert signed_in(director).post(f"/children/concerns/namings/{naming.pk}/end/").status_code == 404
    web.post(f"/children/concerns/namings/{naming.pk}/end/")
    assert signed_in(second).get(url).status_code == 404


def test_namings_end_when_the_child_goes_elsewhere(child, director, supervisor, second, far_community, stranger):
    concern = Concern.raise_for(child, by=director)
    concern.name(second, by=supervisor)
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    assert [finds(one, concern) for one in (second, director, supervisor, stranger)] == [False, False, False, True]


# From step to step ---------------------------------------------------------------------------------------------------


def test_every_step_is_stamped_with_who_and_when(child, director, supervisor, counsellor, signed_in):
    refer(child, counsellor, by=director)
    raising = signed_in(counsellor)
    url = f"/children/{child.pk}/concern/"
    address = raising.post(url, filled(raising.get(url))).url
    concern = Concern.objects.get()
    assert address == f"/children/concerns/{concern.pk}/"
    assert (concern.what, concern.seen_at, concern.raised_by) == ("", "", counsellor)
    assert "It has been reported" not in raising.get(address).content.decode(), "the raiser looks on"
    web = signed_in(director)
    web.post(address, filled(web.get(address), 0, receive="yes"))
    concern.refresh_from_db()
    assert (concern.received_by, concern.status) == (director, "open")
    page = web.get(address)
    assert "This field is required" in web.post(address, filled(page, 0, report="yes")).content.decode()
    told = {"told": "派出所", "told_person": "民警", "reference": "A1"}
    web.post(address, filled(page, 0, report="yes", **told))
    web.post(address, filled(page, 0, report="yes", told="再报"))
    concern.refresh_from_db()
    assert (concern.status, concern.told, concern.told_person, concern.reference) == ("reported", *told.values())
    assert concern.reported_by == director
    web = signed_in(supervisor)
    assert web.post(address, filled(web.get(address), -3, close="yes", outcome="")).status_code == 200
    page = web.get(address)
    form = next(n for n, f in enumerate(soup(page).find("main").find_all("form")) if f.find(attrs={"name": "close"}))
    web.post(address, filled(page, form, close="yes", outcome="已安置"))
    concern.refresh_from_db()
    assert (concern.status, concern.outcome, concern.closed_by) == ("closed", "已安置", supervisor)
    verbs = list(TrailEntry.objects.about(concern).exclude(verb="read").values_list("verb", flat=True))
    assert verbs == ["closed", "reported", "received the concern", "raised a concern"]


def test_follow_ups_are_kept_in_order_and_end_with_the_concern(child, director, supervisor):
    concern = Concern.raise_for(child, by=director)
    concern.follow_up(text="去了家里", next_step="问老师", next_by=timezone.localdate(), by=director)
    concern.follow_up(text="问了老师", by=supervisor)
    assert list(concern.entries.values_list("written_by__username", flat=True)) == ["director", "supervisor"]
    with pytest.raises(Refused, match="lies in the past"):
        concern.follow_up(text="x", next_by=timezone.localdate() - dt.timedelta(days=1), by=director)
    concern.report(told="110", by=director)
    concern.close(outcome="好", by=director)
    with pytest.raises(Refused, match="is closed"):
        concern.follow_up(text="晚了", by=director)
    assert ConcernEntry.objects.count() == 2


def test_closing_without_a_report_needs_the_supervisor_and_not_the_raiser(child, director, supervisor, counsellor):
    concern = Concern.raise_for(child, by=director)
    with pytest.raises(Refused, match="another person must"):
        concern.close(outcome="误会", by=director)
    own = Concern.raise_for(child, by=supervisor)
    with pytest.raises(Refused, match="another person must"):
        own.close(outcome="误会", by=supervisor)
    with pytest.raises(Refused, match="Only the child supervisor"):
        own.close(outcome="误会", by=director)
    concern.close(outcome="核实为误会", by=supervisor)
    assert (concern.status, concern.reported_at, concern.closed_by) == ("closed", None, supervisor)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(closed_by=director)


@pytest.mark.django_db(transaction=True)
def test_two_people_following_up_at_once_lose_nothing(child, director, supervisor):
    concern = Concern.raise_for(child, by=director)
    concern.report(told="110", by=director)
    at_once(
        lambda: Concern.objects.get(pk=concern.pk).follow_up(text="甲", by=director),
        lambda: Concern.objects.get(pk=concern.pk).follow_up(text="乙", by=supervisor),
    )
    assert sorted(entry.text for entry in ConcernEntry.objects.all()) == ["乙", "甲"]

    def closing():
        Concern.objects.get(pk=concern.pk).close(outcome="好", by=director)
        return "closed"

    def writing():
        try:
            return Concern.objects.get(pk=concern.pk).follow_up(text="丙", by=supervisor).text
        except Refused:
            return "refused"

    closed, written = at_once(closing, writing)
    assert closed == "closed"
    assert ConcernEntry.objects.count() == (3 if written == "丙" else 2)


# From any form, and back ---------------------------------------------------------------------------------------------


def test_what_was_typed_in_the_childs_form_waits_for_the_way_back(child, director, signed_in):
    web, url = signed_in(director), f"/children/{child.pk}/edit/"
    answer = web.post(
        url, filled(web.get(url), **{"child-name": "", "child-former_name": "写到一半", "concern": "yes"})
    )
    step = web.get(answer.url)
    raised = web.post(answer.url, filled(step))
    page = web.get(raised.url)
    assert url in [link["href"] for link in soup(page).find("main").find_all("a")]
    form = web.get(url)
    assert soup(form).find(attrs={"name": "child-former_name"})["value"] == "写到一半"
    child.refresh_from_db()
    assert (child.name, child.former_name) != ("", "写到一半")
    web.post(url, filled(form, **{"child-name": child.name}))
    child.refresh_from_db()
    assert child.former_name == "写到一半"
    assert not Draft.objects.exists()
    assert Concern.objects.get().child == child


def test_the_household_form_raises_it_for_a_child_of_the_household_only(child, elsewhere, director, signed_in):
    web, url = signed_in(director), f"/children/household/{child.household_id}/"
    page = web.get(url)
    assert web.post(url, filled(page, concern=str(elsewhere.child_id))).status_code == 404
    assert web.post(url, filled(page, concern="x")).status_code == 404
    answer = web.post(url, filled(page, concern=str(child.pk)))
    assert answer.url.startswith(f"/children/{child.pk}/concern/?next=")
    assert "This is your draft" in web.get(url).content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_never_leads_off_the_site(address, child, director, signed_in):
    page = signed_in(director).get(f"/children/{child.pk}/concern/", {"next": address})
    assert address not in page.content.decode()


# Whom to call --------------------------------------------------------------------------------------------------------


def test_the_numbers_are_the_national_ones_then_those_of_the_street_and_district(
    child, director, district, street, far_street, signed_in
):
    for division, phone, is_current in [
        (district, "0474-1000001", True),
        (street, "0474-1000002", True),
        (far_street, "0474-1000003", True),
        (street, "0474-1000004", False),
    ]:
        HelpLine.objects.create(division=division, name="值班", phone=phone, is_current=is_current)
    page = signed_in(director).get(f"/children/{child.pk}/concern/")
    calls = [a["href"] for a in soup(page).find_all("a", href=True) if a["href"].startswith("tel:")]
    numbers = ["110", "120", "12345", "12338", "12355", "0474-1000002", "0474-1000001"]
    assert calls == [f"tel:{number}" for number in numbers]


def test_the_supervisor_and_the_administrator_keep_the_local_numbers(
    supervisor, administrator, director, street, far_street, district, signed_in
):
    HelpLine.objects.create(division=far_street, name="别处值班", phone="0474-1000003")
    add = "/admin/communities/helpline/add/"
    facts = {"name": "督导员", "phone": "0474-1000002", "hours": "全天", "is_current": "on"}
    web = signed_in(supervisor)
    web.post(add, {**filled(web.get(add)), **facts, "division": street.pk})
    web.post(add, {**filled(web.get(add)), **facts, "division": far_street.pk})
    assert list(HelpLine.objects.filter(name="督导员").values_list("division", flat=True)) == [street.pk]
    assert "别处值班" not in web.get("/admin/communities/helpline/").content.decode()
    assert "别处值班" in signed_in(administrator).get("/admin/communities/helpline/").content.decode()
    assert signed_in(director).get(add).status_code in (403, 404)


# The clock -----------------------------------------------------------------------------------------------------------

CLOCK = ["open_concerns", "concerns_waiting_an_hour", "concerns_waiting_a_day", "concerns_to_follow_up"]


def counted(community):
    day = Period.day(timezone.localdate())
    return [measures.get(key).count(Scope.of(community.pk), day) for key in CLOCK]


def test_the_clock_reminds_after_an_hour_after_a_day_and_when_the_follow_up_is_late(
    child, elsewhere, community, director, rf
):
    with time_machine.travel(NOON, tick=False) as clock:
        concern = Concern.raise_for(child, by=director)
        assert counted(community) == [1, 0, 0, 0]
        clock.shift(dt.timedelta(minutes=60))
        assert counted(community) == [1, 0, 0, 0]
        clock.shift(dt.timedelta(seconds=1))
        assert counted(community) == [1, 1, 0, 0]
        clock.shift(dt.timedelta(hours=23))
        assert counted(community) == [1, 0, 1, 0]
        request = rf.get("/")
        request.user = type(director).objects.get(pk=director.pk)
        lines = [line for group in workdesk(request) for line in group["lines"] if "oncern" in str(line["label"])]
        assert [str(line["label"]) for line in lines] == ["Concerns not reported for over 24 hours", "Open concerns"]
        assert all(line["tone"] == "stop" and "1\xa0day" in line["note"] for line in lines)
        concern.report(told="110", by=director)
        assert counted(community) == [0, 0, 0, 0]
        clock.shift(dt.timedelta(days=7))
        assert counted(community) == [0, 0, 0, 0]
        clock.shift(dt.timedelta(days=1))
        assert counted(community) == [0, 0, 0, 1]
        concern.follow_up(text="去过", next_by=timezone.localdate() + dt.timedelta(days=20), by=director)
        clock.shift(dt.timedelta(days=20))
        assert counted(community) == [0, 0, 0, 0]
        clock.shift(dt.timedelta(days=1))
        assert counted(community) == [0, 0, 0, 1]
        concern.close(outcome="好", by=director)
        assert counted(community) == [0, 0, 0, 0]


def test_the_page_says_how_long_it_has_waited(child, director, signed_in):
    concern = Concern.raise_for(child, by=director)
    Concern.objects.filter(pk=concern.pk).update(raised_at=timezone.now() - dt.timedelta(hours=3, minutes=1))
    text = signed_in(director).get(reverse("children:concern", args=[concern.pk])).content.decode()
    assert "Open and not reported for 3\xa0hours, 1\xa0minute" in text
    assert "I have it in hand" not in text, "who raised it has nothing to receive"
