"""Where guardian and child are heard before the card is signed, a concern is one step away and the words stay."""

import pytest
from django.urls import reverse

from children.models import Concern
from records.drafts import Draft
from tests.children.pages import filled, soup
from tests.volunteers.factories import a_child, a_helper, a_proposal
from volunteers.models import Pairing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
LIST = reverse("admin:volunteers_pairing_changelist")
SAID = "他说手臂上的伤是摔的"


@pytest.fixture
def pairing(community, director):
    return a_proposal(a_child(community), a_helper(community, director), director)


@pytest.fixture
def web(signed_in, director):
    return signed_in(director)


def opened(web, *pairings, **from_where):
    chosen = {"action": "hear", "_selected_action": [p.pk for p in pairings], "select_across": "0"}
    return web.post(LIST, {**chosen, **from_where})


def words_typed(page):
    return soup(page).find("main").find("textarea", attrs={"name": "words"}) or soup(page).find(
        "input", attrs={"name": "words"}
    )


def typed_and_raised(web, page, child):
    sent = filled(page, words=SAID, guardian="", concern=child.pk)
    sent["_selected_action"] = [field["value"] for field in soup(page).select("input[name=_selected_action]")]
    return web.post(LIST, sent)


def test_from_the_pairings_own_page(web, pairing):
    page = opened(web, pairing, from_row="1")
    assert reverse("children:file", args=[pairing.child_id]) in [
        link["href"] for link in soup(page).find("main").find_all("a")
    ]
    led = typed_and_raised(web, page, pairing.child)
    step = reverse("children:raise_concern", args=[pairing.child_id])
    assert led.url.startswith(f"{step}?next=") and str(pairing.pk) in led.url
    shown = web.get(led.url)
    assert "What you had typed is kept. It stands in the form when you open it again." in shown.content.decode()
    raised = web.post(led.url, filled(shown, what="手臂有伤"))
    assert Concern.objects.get().child_id == pairing.child_id
    assert raised.status_code == 302
    assert Draft.objects.get().key == f"children.child.{pairing.child_id}.pairing.hear"
    again = opened(web, pairing, from_row="1")
    assert SAID in again.content.decode() and "We kept what you had typed before." in again.content.decode()
    web.post(LIST, {**filled(again, guardian="王秀英", opinion="agrees"), "apply": "1"})
    assert Pairing.objects.get().guardian_agreed_on is not None
    assert not Draft.objects.exists()


def test_what_was_kept_is_thrown_away_when_asked(web, pairing):
    typed_and_raised(web, opened(web, pairing), pairing.child)
    again = opened(web, pairing)
    assert SAID in again.content.decode()
    afresh = web.post(LIST, filled(again, afresh="1"))
    assert SAID not in afresh.content.decode()
    assert not Draft.objects.exists()


def test_of_several_each_child_has_its_own_button_and_nobody_elses(web, pairing, community, director):
    other = a_proposal(a_child(community, name="周明"), a_helper(community, director, name="孙丽"), director)
    page = opened(web, pairing, other)
    buttons = [int(button["value"]) for button in soup(page).select("button[name=concern]")]
    assert sorted(buttons) == sorted([pairing.child_id, other.child_id])
    led = typed_and_raised(web, page, other.child)
    assert led.url.startswith(reverse("children:raise_concern", args=[other.child_id]))
    sent = {**filled(page), "_selected_action": [pairing.pk], "concern": other.child_id}
    assert web.post(LIST, sent).status_code == 404


def test_an_act_that_asks_for_nobodys_words_has_no_button(web, pairing):
    page = web.post(LIST, {"action": "agree", "_selected_action": [pairing.pk], "select_across": "0"})
    assert soup(page).select("button[name=concern]") == []
