"""Anybody may offer to help, without an account; nothing is told to them, and staff take it from there."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper, days
from volunteers.forgetting import forget_old_applications
from volunteers.models import HelperApplication, Volunteer

TYPED = {
    **{"name": "钱志明", "sex": "M", "birth_date": "1990-05-06", "phone": "15412345679", "kinds": ["tutor"]},
    **{"topics": ["study"], "languages": ["mandarin", "jin"], "free_at": ["6am", "6pm"], "capacity": "1"},
    **{"motivation": "我小时候也是留守儿童", "agreed": "on"},
}
FACTS = {
    **{"name": "钱志明", "sex": "M", "birth_date": dt.date(1990, 5, 6), "phone": "15412345679"},
    **{"kinds": ["tutor"], "languages": ["jin"], "free_at": ["6am"], "motivation": "愿意陪伴"},
}


@pytest.fixture(autouse=True)
def _nobody_applied_yet():
    cache.clear()


@pytest.fixture
def offer(community):
    return HelperApplication.receive(community=community, facts=FACTS)


def send(client, community, **changes):
    url = reverse("apply:offer", args=[community.pk])
    return client.post(url, {**TYPED, "once_token": _token(client.get(url)), **changes})


def _token(answer):
    words = answer.content.decode()
    return words.split('name="once_token" value="')[1].split('"')[0]


# The public page ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stranger_finds_the_community_by_its_name_or_its_streets(community, sister_community, far_community):
    client = Client()
    page = client.get(reverse("apply:where"), {"q": "恩和路"}).content.decode()
    assert "恩和路社区" in page
    assert "体育场社区" not in page
    page = client.get(reverse("apply:where"), {"q": "新体路"}).content.decode()
    assert "恩和路社区" in page
    assert "体育场社区" in page
    assert "龙湾社区" not in page
    assert "No community of that name" in client.get(reverse("apply:where"), {"q": "%_"}).content.decode()


@pytest.mark.django_db
def test_an_application_ends_in_a_number_and_waits_for_staff(community, director):
    client = Client(enforce_csrf_checks=False)
    answer = send(client, community)
    application = HelperApplication.objects.get()
    assert answer.url == reverse("apply:sent", args=[application.number])
    page = client.get(answer.url).content.decode()
    assert application.number in page
    assert "record check" in page
    assert application.name not in page
    assert (application.phone, application.free_at, application.status) == ("15412345679", ["6am", "6pm"], "received")
    assert get("applications_to_help").count(Scope.of(community.pk), Period.day(days(0))) == 1
    assert HelperApplication.objects.visible_to(director).get() == application
    entry = TrailEntry.objects.about(application).get()
    assert (entry.actor, entry.verb) == (None, "applied")


@pytest.mark.django_db
def test_where_somebody_lives_is_read_by_staff_and_goes_with_the_helper(community, director, signed_in):
    send(Client(), community, address="恩和路3号楼2单元")
    application = HelperApplication.objects.get()
    page = signed_in(director).get(reverse("admin:volunteers_helperapplication_change", args=[application.pk]))
    assert "恩和路3号楼2单元" in page.content.decode()
    application.note_interview(on=days(0), by=director)
    assert application.accept(by=director).address == "恩和路3号楼2单元"


@pytest.mark.django_db
def test_the_form_is_safe_against_forgery(community):
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("apply:offer", args=[community.pk]), TYPED).status_code == 403
    assert not HelperApplication.objects.exists()


@pytest.mark.django_db
def test_who_applies_twice_learns_nothing(community, director):
    a_helper(community, director, phone=TYPED["phone"])
    first, second = send(Client(), community), send(Client(), community)
    numbers = set(HelperApplication.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    pages = [Client().get(answer.url).content.decode() for answer in (first, second)]
    told = [page.split("<main")[1].split("</main>")[0] for page in pages]
    for number in numbers:
        told = [words.replace(number, "") for words in told]
    assert told[0] == told[1]


@pytest.mark.django_db
def test_a_double_click_is_one_application(community):
    client = Client()
    token = _token(client.get(reverse("apply:offer", args=[community.pk])))
    answers = [send(client, community, once_token=token) for _click in range(2)]
    assert answers[0].url == answers[1].url
    assert HelperApplication.objects.count() == 1


@pytest.mark.django_db
def test_a_number_that_was_never_given_looks_like_any_other(community):
    page = Client().get(reverse("apply:sent", args=["ZZZZ-2222"]))
    assert page.status_code == 200
    assert Client().get("/apply/sent/<b>/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agreed": ""}, "This field is required"),
        ({"kinds": []}, "This field is required"),
        ({"phone": "123"}, "not a phone number"),
        ({"phone": ""}, "This field is required"),
        ({"birth_date": "2012-01-01"}, "Helpers are 18 or older"),
        ({"birth_date": "2012-01-01", "kinds": ["student"], "school_class": "集宁一中高一3班"}, "14 or older"),
        ({"kinds": ["student"]}, "Say which school and class"),
        ({"kinds": ["king"]}, "Select a valid choice"),
        ({"reach_km": "900"}, "between 1 and 200 km"),
        ({"capacity": "0"}, "between 1 and 20"),
        ({"name": "\u200b"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(community, changes, words):
    if changes.get("birth_date") and changes.get("kinds"):
        changes = {**changes, "birth_date": days(-13 * 365).isoformat()}
    answer = send(Client(), community, **changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not HelperApplication.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["150902", "150902001", "999999999999", "x"])
def test_only_communities_take_applications(code, street):
    assert Client().get(f"/apply/{code}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_languages(community, language):
    client = Client(headers={"accept-language": language})
    page = client.get(reverse("apply:offer", args=[community.pk])).content.decode()
    assert ("Send the application" in page) == (language == "en")
    assert ("Saturday morning" in page) == (language == "en")


# Staff ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_others_do_not_see_it(offer, stranger, federation, counsellor, administrator, supervisor):
    assert HelperApplication.objects.visible_to(supervisor).exists()
    for user in (stranger, federation, counsellor, administrator):
        assert not HelperApplication.objects.visible_to(user).exists()
    assert not HelperApplication.objects.visible_to(supervisor, "change").exists()


@pytest.mark.django_db
def test_from_interview_to_helper(offer, director, signed_in):
    client = signed_in(director)
    act(client, offer, "note_interview", on=days(-1).isoformat(), note="耐心")
    act(client, offer, "accept")
    offer.refresh_from_db()
    helper = Volunteer.objects.get()
    assert (offer.status, offer.helper, offer.decided_by) == ("accepted", helper, director)
    assert (helper.name, helper.phone, helper.languages, helper.free_at) == ("钱志明", "15412345679", ["jin"], ["6am"])
    assert sorted(helper.evidence.values_list("what", flat=True)) == ["application", "interview"]
    assert not helper.is_cleared_on(days(0))


def act(client, offer, action, **answers):
    url = reverse("admin:volunteers_helperapplication_changelist")
    data = {"action": action, "_selected_action": offer.pk, "select_across": "0", "from_row": "1", "apply": "1"}
    return client.post(url, {**data, **answers}, follow=True)


@pytest.mark.django_db
def test_without_an_interview_nobody_is_accepted(offer, director):
    with pytest.raises(Refused, match="interview first"):
        offer.accept(by=director)
    assert not Volunteer.objects.exists()


@pytest.mark.django_db
def test_a_refusal_has_a_reason_and_ends_it(offer, director):
    offer.refuse(reason="no_need", note="名额已满", by=director)
    with pytest.raises(Refused):
        offer.note_interview(on=days(0), by=director)
    assert (offer.reason, offer.closed_on) == ("no_need", days(0))


@pytest.mark.django_db
def test_staff_see_that_the_person_is_known(offer, community, director, signed_in):
    helper = a_helper(community, director, phone=FACTS["phone"], name="钱志明的旧档")
    page = signed_in(director).get(reverse("admin:volunteers_helperapplication_change", args=[offer.pk]))
    assert helper.name in page.content.decode()


@pytest.mark.django_db
def test_what_came_to_nothing_is_forgotten_after_half_a_year(offer, community, director):
    other = HelperApplication.receive(community=community, facts=FACTS)
    offer.refuse(reason="no_need", by=director)
    assert forget_old_applications(days(180)) == 0
    assert forget_old_applications(days(181)) == 1
    assert forget_old_applications(days(181)) == 0
    offer.refresh_from_db()
    other.refresh_from_db()
    assert (offer.name, offer.phone, offer.phone_hash, offer.motivation, offer.reason) == ("", "", None, "", "no_need")
    assert other.name == "钱志明"


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_accept_one_application_once(offer, director):
    offer.note_interview(on=days(0), by=director)

    def accept():
        try:
            HelperApplication.objects.get(pk=offer.pk).accept(by=director)
        except Refused as refusal:
            return refusal.message

    assert sorted(at_once(accept, accept), key=str) == [None, "This application has been decided already."]
    assert Volunteer.objects.count() == 1
