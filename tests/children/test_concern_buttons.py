"""The concern step stands on every form about a child, and what was typed there is found again."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from children import referring
from children.closing import leave_register
from children.models import Away, Concern, GrowthNote
from communities.models import Division, User
from guardianship import signing
from records.drafts import Draft
from support import applying
from tests.children.factories import siblings
from tests.children.pages import filled, soup
from tests.gifts.factories import a_gift, a_thing
from tests.guardianship.factories import days_ago
from tests.support.factories import a_kind
from tests.surveys.roster_factories import a_round
from tests.volunteers.factories import a_helper, a_pairing
from volunteers.matching import proposing

pytestmark = pytest.mark.django_db
TYPED = "他说手臂上的伤是摔的"


@pytest.fixture
def pair(community):
    return siblings(community)


def a_visit(child, director, street, _elsewhere):
    survey_round = a_round(street, director)
    address = reverse("surveys:visit", args=[survey_round.pk]) + f"?household={child.household_id}"
    return address, {"note": TYPED, "result": "met"}


def a_new_stay(child, *_others):
    return reverse("children:note_stay", args=[mother_of(child).pk]), {"stay-place": TYPED}


def a_stay(child, *_others):
    stay = Away.objects.get(adult=mother_of(child))
    return reverse("children:stay", args=[stay.pk]), {"stay-place": TYPED}


def a_try_to_reach(child, *_others):
    return reverse("children:parent_contact", args=[mother_of(child).pk]), {"note": TYPED, "reached": "no"}


def a_class(child, *_others):
    return reverse("children:school", args=[child.pk]), {"child-school": TYPED, "child-grade": "G4"}


def a_rating(child, *_others):
    return reverse("children:rate", args=[child.pk]), {"note": TYPED, "quality": "poor"}


def a_new_note(child, *_others):
    return reverse("children:add_note", args=[child.pk]), {"note-text": TYPED, "note-title": "x"}


def a_note(child, director, *_others):
    day = timezone.localdate()
    note = GrowthNote.objects.create(child=child, kind="growth", day=day, title="学琴", text="y", written_by=director)
    return reverse("children:note", args=[note.pk]), {"note-text": TYPED}


def a_letter(child, director, *_others):
    return signing.prepare(child, by=director).get_absolute_url(), {"opinion_how": TYPED, "has_habit": "no"}


def an_offer(child, _director, _street, elsewhere):
    address = reverse("children:transfer_to", args=[child.pk])
    return f"{address}?to={elsewhere.pk}", {"message": TYPED, "reason": "moved"}


def a_leaving(child, *_others):
    return reverse("children:leave", args=[child.pk]), {"reason": "moved_out", "on": str(days_ago(2))}


def a_return(child, director, *_others):
    leave_register(child, on=days_ago(5), reason="moved_out", by=director)
    return reverse("children:return", args=[child.pk]), {"on": str(days_ago(1)), "was_mistake": "on"}


def a_review(child, *_others):
    return reverse("children:review", args=[child.pk]), {"note": TYPED}


def an_application(child, director, _street, _elsewhere):
    made = applying.prepare(child, a_kind(Division.objects.get(pk=child.district), sex="", stages=[]), by=director)
    return made.get_absolute_url(), {"reason": TYPED, "amount": "x"}


def a_correction(child, *_others):
    return reverse("children:ask_correction", args=[child.pk]), {"wrong": TYPED, "asked_by": "王秀英"}


def an_erasure(child, *_others):
    return reverse("children:ask_erasure", args=[child.pk]), {"note": TYPED}


def paired(child, by):
    return a_pairing(child, a_helper(child.community, by), by)


def an_answer(child, director, *_others):
    return reverse("letters:answer", args=[paired(child, director).pk]), {"text": TYPED}


def a_letter_on_paper(child, director, *_others):
    return reverse("letters:on_paper", args=[paired(child, director).pk]), {"text": TYPED}


def what_they_said_to_a_proposal(child, director, *_others):
    a_helper(child.community, director, kinds=["loving_mother"], birth_date=dt.date(1980, 3, 1), capacity=3)
    run = proposing.make(child.community, "loving_mother", by=director)
    line = run.lines.get(child=child, is_over=False)
    return reverse("matching:line", args=[line.pk]), {"child_words": TYPED, "child_said": "agrees"}


def a_thing_given_out(child, director, *_others):
    line = a_gift(child.community, director, a_thing()).lines.get()
    return reverse("gifts:give", args=[line.pk]), {"child": str(child.pk), f"signed-{child.pk}": TYPED}


def a_case(child, director, *_others):
    counsellor = User.objects.get(username="counsellor")
    referring.refer(child, counsellor, by=director)
    return reverse("counselling:open", args=[child.pk]), {"complaint": TYPED}, counsellor


def mother_of(child):
    return child.kinships.get(relation="mother").adult


FORMS = [a_visit, a_new_stay, a_stay, a_try_to_reach, a_class, a_rating, a_new_note, a_note, a_letter, an_offer]
FORMS += [a_leaving, a_return, a_review, an_application, a_correction, an_erasure, an_answer, a_letter_on_paper]
FORMS += [what_they_said_to_a_proposal, a_case, a_thing_given_out]


def form_of(page):
    """(its place among the forms of the page, its concern buttons by child)."""
    for place, form in enumerate(soup(page).find("main").find_all("form")):
        if found := form.select("button[name=concern]"):
            return place, {int(button["value"]): button for button in found}
    return None, {}


@pytest.fixture
def drawn(request, pair, director, counsellor, street, far_community, term, signed_in):
    """(the browser, the form's address, what is sent with something typed, its place on the page, its buttons)."""
    address, typed, *somebody_else = request.param(pair[0], director, street, far_community)
    web = signed_in(*somebody_else or [director])
    page = web.get(address)
    place, buttons = form_of(page)
    return web, address, filled(page, place, **typed), place, buttons


@pytest.mark.parametrize("drawn", FORMS, indirect=True)
def test_a_concern_is_one_step_away_and_nothing_typed_is_lost(drawn, pair):
    child, sister = pair
    web, address, sent, place, buttons = drawn
    assert child.pk in buttons
    assert buttons.keys() <= {child.pk, sister.pk}
    sent_to = soup(web.get(address)).find("main").find_all("form")[place].get("action") or address
    led = web.post(sent_to, {**sent, "concern": child.pk})
    assert led.status_code == 302 and led.url.startswith(reverse("children:raise_concern", args=[child.pk]) + "?next=")
    step = web.get(led.url)
    raised = web.post(led.url, filled(step, what="手臂有伤"), follow=True)
    assert raised.status_code == 200 and Concern.objects.get().child_id == child.pk
    again = web.get(address)
    refilled = filled(again, place)
    kept = {name: value for name, value in sent.items() if name not in ("csrfmiddlewaretoken", "once_token")}
    assert {name: refilled.get(name) for name in kept} == kept
    assert "We kept what you had typed before." in again.content.decode()
    assert "Somebody else saved this" not in again.content.decode()
    assert TYPED not in web.get(address + ("&" if "?" in address else "?") + "afresh=1").content.decode()
    far = web.post(sent_to, {**sent, "concern": 10**9})
    assert far.status_code == 404
    of_the_file = (
        f"children.child.{child.pk}.",
        f"children.household.{child.household_id}.",
        f"counselling.{child.pk}.",
    )
    assert Draft.objects.get().key.startswith(of_the_file), "what is erased with the file"


@pytest.mark.parametrize(
    ("drawn", "what_lacks"),
    [(a_rating, {"reasons": "nobody"}), (a_class, {"child-since": str(days_ago(3))}), (a_try_to_reach, {})],
    indirect=["drawn"],
)
def test_what_was_set_aside_is_gone_once_the_form_is_sent(drawn, what_lacks, pair):
    web, address, sent, place, _buttons = drawn
    web.post(address, {**sent, "concern": pair[0].pk})
    assert Draft.objects.count() == 1
    again = web.get(address)
    assert web.post(address, filled(again, place, **what_lacks)).status_code == 302
    assert not Draft.objects.exists()
