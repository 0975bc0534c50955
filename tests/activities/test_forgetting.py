"""What becomes of attendance when a file is closed, handed over or erased."""

import pytest

from activities.models import Attendance, Session
from children import erasing
from children.models import Erasure
from tests.activities.factories import days_ago, make_activity, today


@pytest.fixture
def club(director, community):
    return make_activity(community, director, first_day=days_ago(14), times=3)


def erase(child, *, asked_by, decided_by):
    erasing.ask(child, ground=Erasure.Ground.GUARDIAN, by=asked_by)
    erasing.erase(child.erasures.get(), by=decided_by)


def test_an_erased_file_leaves_the_count_of_who_came(club, director, supervisor, community, make_child):
    child = make_child(community)
    held = club.sessions.get(day=today())
    held.join_late(child, by=director)
    erase(child, asked_by=director, decided_by=supervisor)
    assert list(Attendance.objects.values_list("child", "mark")) == [(child.pk, "present")]
    assert Session.objects.with_roll_figures().get(pk=held.pk).present == 1
