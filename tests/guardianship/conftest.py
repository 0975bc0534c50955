"""Cards of one community in every state, beside one of another community."""

import pytest
from django.utils import timezone

from children.models import Away, Household
from guardianship import issuing
from tests.children.factories import left_behind_child


@pytest.fixture
def elsewhere(far_community, stranger):
    """Another community's card, handed over to somebody whose name is nobody else's business."""
    child = left_behind_child(far_community, name="别处孩")
    card = issuing.issue([child], ["contact"], by=stranger)[0]
    issuing.hand_over(card, on=timezone.localdate(), to="别处领取人", by=stranger)
    return card


@pytest.fixture
def cards(community, director, elsewhere):
    """By name: a card that waits, one handed over, one out of date, and one replaced by an edition that waits."""
    names = ["等待", "已领", "过时", "换新"]
    children = {name: left_behind_child(community, name=name) for name in names}
    for number, child in enumerate(children.values(), 1):
        Household.objects.filter(pk=child.household_id).update(grid=f"第{number}网格")
    made = {
        "waiting": issuing.issue([children["等待"]], ["phone"], by=director)[0],
        "given": issuing.issue([children["已领"]], ["contact"], by=director)[0],
        "stale": issuing.issue([children["过时"]], ["contact"], by=director)[0],
        "replaced": issuing.issue([children["换新"]], ["phone"], by=director)[0],
    }
    issuing.hand_over(made["given"], on=timezone.localdate(), to="王秀英", by=director)
    Away.objects.filter(adult__kinships__child=children["过时"]).update(place="广东省深圳市")
    made["newer"] = issuing.issue([children["换新"]], ["phone"], by=director)[0]
    return made
