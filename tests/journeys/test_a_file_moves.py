"""A family moves to another street: its director offers the files, the colleague there takes them over."""

import pytest
from django.urls import reverse

from children.models import Child, Likeness, Transfer
from communities.models import Division, User
from config.demo.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def colleague(told):
    """Committed, for the server asks the database by itself: who works in Longwan Community, able to sign in."""
    user = User.objects.get(username="worker.longwan")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def test_a_household_is_offered_and_taken_over(somebody, colleague):
    there = Division.objects.get(pk="150902002001")
    waiting = Transfer.objects.open().values("lines__child")
    paired = Child.objects.filter(community="150902001001", left_on=None, pairings__status="active")
    for side in ("first", "second"):  # a family with a child on file in two places is refused
        paired = paired.exclude(household__children__in=Likeness.objects.values(side))
    child = paired.exclude(pk__in=waiting)[0]
    family = list(child.household.children.filter(left_on=None).order_by("pk"))
    name, number = child.name, child.number

    director = somebody("director", width=390)
    director.open(reverse("children:file", args=[child.pk]))
    director.follow("Transfer to another community")
    director.page.fill("input[name=q]", there.name)
    with director.page.expect_navigation():
        director.page.keyboard.press("Enter")
    director.follow(str(there.name_en), exact=True)
    assert director.reads("What moves with the file")
    assert director.reads("What ends first")
    director.page.get_by_label(director.label(Transfer.Reason.MOVED)).check()
    director.page.fill("textarea[name=message]", "全家已搬到龙湾社区")
    director.press("Offer")
    assert director.reads("The offer is made. Until the other side accepts, nothing changes.")

    other = somebody("worker.longwan", "zh-hans")
    other.by_menu("Transfers")
    offered = Transfer.objects.open().latest("pk")  # the story has others that wait here
    other.open(reverse("children:transfer", args=[offered.pk]))
    assert "全家已搬到龙湾社区" in other.text()
    assert name not in other.text()
    other.press("Accept the files")
    assert other.reads("The files are here now. Please visit the family and look them through.")

    assert director.page.goto(director.site + reverse("children:file", args=[child.pk])).status == 404
    director.open(reverse("children:transfers") + "?side=going")
    assert number in director.main()
    assert name not in director.main()

    for one in family:
        other.open(reverse("children:file", args=[one.pk]))
        assert one.name in other.heading()
        for tab in ("family", "school", "care", "helpers", "activities", "history"):
            other.open(reverse("children:file", args=[one.pk]) + f"?tab={tab}")
        assert one.household.children.filter(left_on=None).count() == len(family)
