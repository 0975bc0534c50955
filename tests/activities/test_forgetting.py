"""What becomes of attendance when a file is closed, handed over or erased."""

import pytest

from activities.models import Attendance, Session
from children import erasing
from children.models import Erasure
from records.lifecycle import Refused
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


def test_nobody_is_marked_on_the_roll_of_an_erased_file(club, director, supervisor, community, make_child, signed_in):
    child, stays = make_child(community), make_child(community)
    club.enrol(child, on=days_ago(14), by=director), club.enrol(stays, on=days_ago(14), by=director)
    held, later = club.sessions.get(day=days_ago(14)), club.sessions.get(day=days_ago(7))
    later.mark(child, Attendance.Mark.ABSENT, by=director)
    erase(child, asked_by=director, decided_by=supervisor)
    for session in (held, later):
        assert list(session.roll()) == [stays]
        with pytest.raises(Refused):
            session.mark(child, Attendance.Mark.PRESENT, by=director)
    assert held.mark_all_present(by=director) == 1
    assert list(held.attendances.values_list("child", flat=True)) == [stays.pk]
