"""Who has a second post elsewhere is on a child's file what the post there makes of them, and nothing more."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from children import duplicates, referring
from children.consenting import give_consent
from children.models import Child, Concern, Consent, Correction, Erasure, Household, Referral
from children.sections import TABS
from children.transfer import Transfer
from communities.models import Posting, User
from guardianship import issuing
from guardianship.models import Card, FamilyContact, Letter
from support.models import Application
from tests.children.factories import a_child, left_behind_child
from tests.children.pages import filled, soup
from tests.conftest import freshly_signed_in
from tests.guardianship.factories import a_draft, a_letter
from tests.support.factories import a_kind, submitted

pytestmark = pytest.mark.django_db
TOKENS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken.*?>", re.DOTALL)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def child(community, director, supervisor, district):
    """A file with something in every section that a counsellor does not read."""
    facts = {"name": "陈小雨", "registered_address": "幸福巷七号", "school": "第一小学", "grade": "G4"}
    child = left_behind_child(community, id_number="150902201503050026", **facts)
    carer = child.kinships.get(is_caregiver=True).adult
    carer.phone = "16100002468"
    carer.save()
    give_consent(child, "photo", given_by="王秀英", on=timezone.localdate(), by=director)
    a_letter(child, director)
    issuing.issue([child], ["phone"], by=director)
    of_child = {"child": child, "community": child.community, "noted_by": director}
    FamilyContact.objects.create(made_on=timezone.localdate(), how="call", who="mother", **of_child)
    submitted(child, a_kind(district, hardships=[]), director)
    Correction.objects.create(wrong="生日", asked_by="家长", asked_on=timezone.localdate(), **of_child)
    return child


@pytest.fixture
def referred(child, counsellor, director):
    referring.refer(child, counsellor, by=director)
    return child


def post_elsewhere(user, division):
    """The same account with a post as child director of `division` beside the one it has."""
    Posting.objects.create(user=user, division=division, role="community_worker", starts_on=dt.date(2020, 1, 1))
    return User.objects.get(pk=user.pk)


def main_of(page):
    return TOKENS.sub("", str(soup(page).find("main") or page.content.decode()))


def pages_of(child):
    file = reverse("children:file", args=[child.pk])
    return [*(f"{file}?tab={tab}" for tab in TABS), reverse("paper", args=["file_summary", child.pk])]


def test_a_counsellor_reads_on_a_referred_file_what_counsellors_read(referred, counsellor, far_community, signed_in):
    addresses = pages_of(referred)
    once = freshly_signed_in(signed_in(counsellor))
    plain = [main_of(once.get(address)) for address in addresses]
    both = freshly_signed_in(signed_in(post_elsewhere(counsellor, far_community)))
    for address, before in zip(addresses, plain, strict=True):
        page = both.get(address)
        assert page.status_code == 200
        assert main_of(page) == before, address
        text = page.content.decode()
        assert not [told for told in ("150902201503050026", "16100002468", "幸福巷七号") if told in text], address


def test_the_director_of_the_place_who_is_counsellor_as_well_reads_all(referred, counsellor, community, signed_in):
    both = freshly_signed_in(signed_in(post_elsewhere(counsellor, community)))
    file, *_others, summary = pages_of(referred)
    assert "<a" in main_of(both.get(file))
    assert "150902201503050026" in both.get(summary).content.decode()


def test_what_else_a_counsellor_may_not_is_refused_there_too(referred, counsellor, far_community, signed_in):
    here = left_behind_child(far_community, name="周明", id_number="150902201503050047")
    both = freshly_signed_in(signed_in(post_elsewhere(counsellor, far_community)))
    for name in ("children:copy", "children:edit", "children:rate", "children:ask_correction"):
        assert both.get(reverse(name, args=[referred.pk])).status_code == 404, name
        assert both.get(reverse(name, args=[here.pk])).status_code == 200, name
    assert both.post(reverse("children:reveal", args=[referred.pk])).status_code == 404
    found = both.get(reverse("admin:children_child_changelist")).content.decode()
    assert "陈小雨" in found and "周明" in found
    listed = both.get(reverse("records:export", args=["register"]))
    assert listed.context["sheet"].count == 1, "a list that is taken out holds no referred child of elsewhere"


def test_a_referral_reaches_where_the_counsellor_is_posted_as_counsellor_and_nowhere_else(
    make_user, street, far_community, stranger
):
    counsellor = make_user("counsellor", street, "near")
    child = left_behind_child(far_community)
    Referral.objects.create(child=child, community=far_community, counsellor=counsellor, starts_on=timezone.localdate())
    raised = Concern.raise_for(child, what="x", by=counsellor)
    Posting.objects.create(user=counsellor, division=far_community, role="volunteer", starts_on=dt.date(2020, 1, 1))
    person = User.objects.get(pk=counsellor.pk)
    assert not Referral.objects.visible_to(person).exists()
    assert not Child.objects.visible_to(person).exists()
    assert not Concern.objects.visible_to(person).filter(pk=raised.pk).exists()


# Acts whose row is found by one right and whose own right is another -------------------------------------------------


@pytest.fixture
def desk(signed_in, supervisor, far_community):
    """Child supervisor of the street, and child director of one community in another street."""
    return freshly_signed_in(signed_in(post_elsewhere(supervisor, far_community)))


def acts_on(child):
    """{route: what is sent} of the acts that child directors have and child supervisors have not."""
    today = str(timezone.localdate())
    return {
        "guardianship:prepare": {},
        "guardianship:contact": {"made_on": today, "how": "call", "who": "mother"},
        "support:prepare": {"kind": "1"},
    }


def test_a_supervisor_does_in_the_street_what_supervisors_do(desk, district, community, far_community, director):
    there, here = left_behind_child(community, name="陈小雨"), left_behind_child(far_community, name="周明")
    kind = a_kind(district, hardships=[], sex="", stages=[])
    for child, is_own in ((there, False), (here, True)):
        file = desk.get(reverse("children:file", args=[child.pk]) + "?tab=family")
        prepare = reverse("guardianship:prepare", args=[child.pk])
        assert bool(soup(file).find("form", action=prepare)) is is_own
        token = {"once_token": token_of(file) if is_own else "5f0c7f1e-0000-4000-8000-000000000000"}
        answers = {
            name: desk.post(reverse(name, args=[child.pk]), {**sent, **token, "kind": kind.pk}).status_code
            for name, sent in acts_on(child).items()
        }
        assert answers == dict.fromkeys(answers, 302 if is_own else 404)
    assert {letter.child_id for letter in Letter.objects.all()} == {here.pk}
    assert not FamilyContact.objects.filter(child=there).exists()
    assert not Application.objects.filter(child=there).exists()
    assert not Consent.objects.exists() and not Transfer.objects.exists() and not Erasure.objects.exists()


def token_of(page):
    return soup(page).find("input", {"name": "once_token"})["value"]


def test_cards_are_issued_in_the_own_community_alone(desk, community, far_community):
    there, here = left_behind_child(community, name="陈小雨"), left_behind_child(far_community, name="周明")
    page = reverse("guardianship:cards")
    assert not desk.get(page, {"community": community.pk}).context["may_issue"]
    own = desk.get(page, {"community": far_community.pk})
    assert own.context["may_issue"]
    sent = {"child": [there.pk, here.pk], "kind": "phone", "once_token": token_of(own)}
    assert desk.post(reverse("guardianship:issue"), sent).status_code == 302
    assert {card.child_id for card in Card.objects.all()} == {here.pk}


def test_letters_are_filled_in_and_renewed_in_the_own_community_alone(
    desk, community, far_community, director, stranger
):
    there = a_draft(left_behind_child(community, name="陈小雨"), director)
    here = a_draft(left_behind_child(far_community, name="周明"), stranger)
    for letter, is_own in ((there, False), (here, True)):
        page = desk.get(letter.get_absolute_url())
        assert (page.context["form"] is not None, page.context["may_change"]) == (is_own, is_own)
        assert desk.post(letter.get_absolute_url(), {"opinion": "改过的话"}).status_code in (200, 302)
    there.refresh_from_db()
    assert there.opinion == "我愿意跟奶奶住"
    sides = ((community, director), (far_community, stranger))
    signed = [a_letter(left_behind_child(place, name="x"), by) for place, by in sides]
    page = desk.get(reverse("guardianship:renew"), {"letter": [one.pk for one in signed]})
    assert [letter.pk for letter, _standing in page.context["shown"]] == [signed[1].pk]
    listed = desk.get(reverse("guardianship:letters"))
    ticks = {int(box["value"]) for box in soup(listed).select("input[name=letter]")}
    assert ticks == {signed[1].pk}


def test_applications_are_filled_in_in_the_own_community_alone(desk, district, community, far_community, director):
    from support import applying

    kind = a_kind(district, hardships=[], sex="", stages=[])
    child = left_behind_child(community, name="陈小雨")
    application = applying.prepare(child, kind, by=director)
    here = left_behind_child(far_community, name="周明")
    page = desk.get(application.get_absolute_url())
    assert page.context["form"] is None and not page.context["may_change"]
    sent = {"reason": "改过的话", "amount": "1", "seen_version": application.version}
    desk.post(application.get_absolute_url(), sent)
    application.refresh_from_db()
    assert application.reason == ""
    listed = desk.get(reverse("support:could_apply"))
    assert [f["action"] for f in soup(listed).select("main table form")] == [reverse("support:prepare", args=[here.pk])]


def test_no_new_file_is_opened_in_a_family_of_the_street(desk, community, far_community):
    there, here = left_behind_child(community, name="陈小雨"), left_behind_child(far_community, name="周明")
    for child, is_own in ((there, False), (here, True)):
        page = desk.get(reverse("children:household", args=[child.household_id]))
        assert page.context["family"].may_add is is_own
    sent = filled(desk.get(reverse("children:household", args=[there.household_id])), -1)
    row = {"name": "陈小雪", "sex": "F", "birth_date": "2018-01-01"}
    sent |= {"new_children": "1", **{f"newchild0-{name}": value for name, value in row.items()}}
    desk.post(reverse("children:household", args=[there.household_id]), sent)
    assert Household.objects.get(pk=there.household_id).children.count() == 1


def test_pupils_are_moved_up_in_the_own_community_alone(desk, community, far_community):
    facts = {"grade": "G3", "registered_on": dt.date(2020, 1, 1)}
    a_child(community, **facts)
    here = a_child(far_community, name="周明", **facts)
    assert [form.child.pk for form in desk.get(reverse("children:move_up")).context["forms"]] == [here.pk]


@pytest.mark.parametrize("typed", ["150902201503050026", "0026"])
def test_an_id_number_finds_no_file_where_the_post_tells_none(
    typed, referred, counsellor, far_community, make_child, signed_in
):
    """A counsellor reads the file, and not the number on it: a hit would tell."""
    make_child(far_community, name="李小山", id_number="150902201503050026")
    post_elsewhere(counsellor, far_community)
    client, address = signed_in(User.objects.get(pk=counsellor.pk)), reverse("admin:children_child_changelist")
    assert [name in client.get(address).content.decode() for name in ("陈小雨", "李小山")] == [True, True]
    found = client.get(address, {"q": typed}).content.decode()
    assert [name in found for name in ("陈小雨", "李小山")] == [False, True]


def test_a_likely_file_is_not_known_by_a_number_the_post_does_not_tell(referred, counsellor, director, far_community):
    post_elsewhere(counsellor, far_community)
    user = User.objects.get(pk=counsellor.pk)
    stranger = Child(name="周周", birth_date=dt.date(2014, 1, 1), id_number="150902201503050026")
    assert duplicates.likely([stranger], [], user) == []
    stranger.birth_date = referred.birth_date  # known by something else: the number is no reason
    assert duplicates.likely([stranger], [], user) == []
    assert [likely.why for likely in duplicates.likely([stranger], [], director)] == ["same ID number"]
