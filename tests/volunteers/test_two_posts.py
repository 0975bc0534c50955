"""A person with two posts has in each place the rights of the post there, whatever the other one allows."""

import pytest
from django.urls import reverse

from tests.children.pages import soup
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, days
from tests.volunteers.test_portal import token_of
from volunteers import contacts
from volunteers.models import (
    CareGroup,
    ChildLetter,
    CloseOut,
    Deputy,
    Duty,
    Feedback,
    Promise,
    Renewal,
    Thanks,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(make_user, far_community):
    return make_user("community_worker", far_community, "stranger")


@pytest.fixture
def there(far_community, worker, district):
    """A pairing where the person only looks."""
    a_term(starts=-30, ends=90)
    helper = a_helper(far_community, worker, name="赵敏")
    return a_pairing(a_child(far_community, name="周明"), helper, worker, starts=-100)


@pytest.fixture
def here(community, director, helper, there):
    return a_pairing(a_child(community, name="陈小雨"), helper, director, starts=-100)


def test_a_review_is_for_the_own_community(two_posts, there, here):
    address = reverse("pairings:renewals") + f"?community={there.community_id}"
    page = two_posts.get(address)
    assert "周明" in page.content.decode() and not page.context["may_review"]
    own = two_posts.get(reverse("pairings:renewals") + f"?community={here.community_id}")
    assert own.context["may_review"]
    sent = {"once_token": token_of(own), f"decision_{there.pk}": "end", f"decision_{here.pk}": "go_on"}
    assert two_posts.post(address, sent).status_code == 404
    assert not Renewal.objects.exists()


@pytest.mark.parametrize("named", ["there", "nowhere"])
def test_a_group_is_set_up_in_the_own_community_alone(named, two_posts, there, here):
    community = there.community_id if named == "there" else "999999999999"
    assert not two_posts.get(reverse("pairings:care_group") + f"?community={there.community_id}").context["may_change"]
    assert two_posts.post(reverse("pairings:set_up_group"), {"community": community}).status_code == 404
    assert not CareGroup.objects.exists()
    assert two_posts.post(reverse("pairings:set_up_group"), {"community": here.community_id}).status_code == 302
    assert CareGroup.objects.get().community_id == here.community_id


def test_what_a_pairing_leaves_behind_is_written_in_the_own_community_alone(two_posts, worker, there, here):
    CloseOut.write(there, works_well="先陪他画画", by=worker)
    page = two_posts.get(reverse("pairings:close_out", args=[there.pk]))
    assert page.status_code == 200 and not page.context["may_change"] and not page.context["may_promise"]
    sent = {
        "promise": {"text": "去公园", "due_on": str(days(3))},
        "words": {"works_well": "另一句"},
        "pass_on": {},
        "feedback": {"side": "child", "words": "好"},
        "leave_out": {"step": "letter", "why": "搬走"},
    }
    for name, data in sent.items():
        token = token_of(two_posts.get(reverse("pairings:close_out", args=[here.pk])))
        answer = two_posts.post(reverse(f"pairings:{name}", args=[there.pk]), {"once_token": token, **data})
        assert answer.status_code == 404, name
    assert not Promise.objects.exists() and not Feedback.objects.exists()
    close_out = CloseOut.objects.get(pairing=there)
    assert (close_out.works_well, close_out.released_on) == ("先陪他画画", None)


def test_deputies_and_letters_too(two_posts, worker, there, here):
    for name in ("pairings:deputy", "letters:on_paper", "letters:answer"):
        assert two_posts.get(reverse(name, args=[here.pk])).status_code == 200, name
        assert two_posts.get(reverse(name, args=[there.pk])).status_code == 404, name
    file = two_posts.get(reverse("admin:volunteers_pairing_change", args=[there.pk])).content.decode()
    assert reverse("pairings:close_out", args=[there.pk]) in file
    assert reverse("pairings:deputy", args=[there.pk]) not in file
    assert not Deputy.objects.exists() and not ChildLetter.objects.exists()


def test_a_street_reminds_and_neither_excuses_nor_thanks(two_posts, worker, there, here):
    Duty.objects.update(due_on=days(-20), opens_on=days(-30))
    for pairing in (there, here):
        pairing.recount_duties()
    page = two_posts.get(reverse("five_ones:board"), {"show": "due"})
    assert len(soup(page).select("tbody form")) == 2
    assert len({cell["href"] for cell in soup(page).select("tbody td a[href*=excuse]")}) == here.duties.count()
    token = token_of(two_posts.get(reverse("letters:thank", args=[here.volunteer_id])))
    words_of_thanks = {"source": "office", "text": "谢谢", "said_on": str(days(0)), "once_token": token}
    entry = contacts.log(there.volunteer, pairings=[there], kinds=["talk"], note="x", by=worker)
    shown = two_posts.get(entry.get_absolute_url())
    assert shown.status_code == 200 and not shown.context["may_thank"]
    for refused in (
        reverse("letters:thank", args=[there.volunteer_id]),
        reverse("contacts:thank", args=[entry.pk]),
    ):
        assert two_posts.post(refused, words_of_thanks).status_code == 404, refused
    assert not Thanks.objects.exists()
    two_posts.post(reverse("letters:thank", args=[here.volunteer_id]), words_of_thanks)
    assert Thanks.objects.get().community_id == here.community_id
