"""A district's own requirements: drafted by one, read and approved by another; the past keeps its rules."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from homes.models import Standard, StandardItem
from records.lifecycle import Refused
from tests.children.pages import filled, soup
from tests.homes.factories import approver, make_home, standard_in_force, submitted_check

pytestmark = pytest.mark.django_db
OWN = {"section": "hardware", "label_zh": "有防滑地垫", "label_en": "Non-slip mats", "kind": "bool", "weight": 2}


@pytest.fixture
def first(district):
    return standard_in_force(district)


@pytest.fixture
def draft(first, administrator):
    return first.new_draft(by=administrator)


def make_room(draft, code="H01", by=2):
    """Take weight from another requirement, so that the sum is 100 again."""
    item = draft.items.get(code=code)
    item.weight -= by
    item.save()


def test_an_own_requirement_counts_in_checks_of_its_edition_alone(draft, first, community, supervisor, administrator):
    past = submitted_check(make_home(community), supervisor)
    item = draft.add_own_item(StandardItem(**OWN), by=administrator)
    assert (item.code, item.position, item.is_own) == ("X01", 50, True)
    with pytest.raises(Refused, match="102"):
        draft.approve(by=approver())
    make_room(draft)
    draft.approve(by=approver())
    later = submitted_check(past.home, supervisor, but={"X01"})
    assert past.answers.count() == 49 and later.answers.count() == 50
    (missed,) = [line for line in later.verdict.lines if line.is_gap and line.code == "X01"]
    assert (missed.earned, missed.weight) == (0, 2)
    past.refresh_from_db()
    assert "X01" not in [line.code for line in past.verdict.lines]


def test_the_next_edition_takes_own_requirements_over_and_counts_on(draft, administrator):
    draft.add_own_item(StandardItem(**OWN), by=administrator)
    make_room(draft)
    draft.approve(by=approver())
    Standard.objects.filter(pk=draft.pk).update(in_force_from="2020-06-01")
    draft.refresh_from_db()
    following = draft.new_draft(by=administrator)
    assert following.items.filter(code="X01").exists()
    second = following.add_own_item(StandardItem(**{**OWN, "weight": 0}), by=administrator)
    assert second.code == "X02"
    following.drop_own_item(following.items.get(code="X01"), by=administrator)
    assert draft.items.filter(code="X01").exists() and not following.items.filter(code="X01").exists()
    following.drop_own_item(second, by=administrator)
    another = following.add_own_item(StandardItem(**{**OWN, "label_zh": "有护眼灯"}), by=administrator)
    assert another.code == "X02"  # a task for the one dropped goes by its code


def test_what_was_approved_or_shipped_is_not_taken_out(draft, first, administrator):
    with pytest.raises(Refused, match="district's own"):
        draft.drop_own_item(draft.items.get(code="H01"), by=administrator)
    with pytest.raises(Refused, match="draft a new edition"):
        first.add_own_item(StandardItem(**OWN), by=administrator)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        first.items.filter(code="H01").delete()


def test_who_approves_has_read_what_is_approved(draft, administrator, make_user, district):
    read = draft.mark()
    make_room(draft, by=1)
    make_room(draft, "H02", by=-1)
    with pytest.raises(Refused, match="has changed since you read it"):
        draft.approve(seen=read, by=approver())
    draft.approve(seen=draft.mark(), by=approver())
    assert draft.status == "in_force"


def test_the_page_says_what_changes_and_another_approves(draft, administrator, make_user, district, signed_in):
    client, url = signed_in(administrator), draft.get_absolute_url()
    add = reverse("homes:standard_add", args=[draft.pk])
    page = client.get(url)
    typed = filled(page, label_zh="有防滑地垫", label_en="Non-slip mats", kind="number", weight="2")
    answer = client.post(add, typed)
    assert "Numbers and photos need a threshold" in answer.content.decode() and "有防滑地垫" in answer.content.decode()
    answer = client.post(add, {**typed, "kind": "choice", "choices_zh": "好|差", "choices_en": "good"})
    assert "as many in Chinese as in English" in answer.content.decode()
    client.post(add, {**typed, "threshold": "3"})
    assert draft.items.get(code="X01").threshold == 3
    make_room(draft)
    text = client.get(url).content.decode()
    assert "somebody else approves it" in text and "Approve the draft" not in text
    other = signed_in(make_user("administrator", district))
    page = other.get(url)
    text = page.content.decode()
    assert "Non-slip mats" in text and "4 → 2" in text
    approve = reverse("homes:standard_approve", args=[draft.pk])
    form = next(n for n, one in enumerate(soup(page).main.find_all("form")) if one.get("action") == approve)
    answer = other.post(approve, filled(page, form_index=form), follow=True)
    assert "Approved." in answer.content.decode()
    assert Standard.objects.in_force(district.pk, timezone.localdate()).edition == 2


def test_others_read_the_edition_and_change_nothing(draft, first, director, supervisor, federation, signed_in):
    for user in (director, supervisor, federation):
        client = signed_in(user)
        assert client.get(first.get_absolute_url()).status_code == 200
        assert "Add to the draft" not in client.get(draft.get_absolute_url()).content.decode()
        for name in ("standard_add", "standard_approve"):
            assert client.post(reverse(f"homes:{name}", args=[draft.pk]), OWN).status_code == 404
        own = draft.items.first()
        assert client.post(reverse("homes:item_drop", args=[own.pk])).status_code == 404
