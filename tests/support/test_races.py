"""Two people at once over the same application."""

from decimal import Decimal

import pytest

from records.lifecycle import Refused
from support import applying, deciding, paying
from support.models import Application, Payment, Sheet
from tests.records.threads import at_once
from tests.support.factories import a_girl, a_kind, approved, ready, submitted, today

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act):
    def attempt():
        try:
            act()
        except Refused:
            return "refused"
        return "done"

    return attempt


def test_two_decide_and_one_is_refused(district, community, director, supervisor, federation, make_user):
    ready(a_girl(community, director), a_kind(district), director, supervisor)
    people = [federation, make_user("federation_officer", district)]
    acts = [
        outcome(lambda by=by, yes=yes: deciding.decide(Sheet.objects.get(), is_approved=yes, reason="好", by=by))
        for by, yes in zip(people, (True, False), strict=True)
    ]
    assert sorted(at_once(*acts)) == ["done", "refused"]


def test_checked_while_the_school_is_noted_only_what_was_read_is_checked(district, community, director, supervisor):
    application = submitted(a_girl(community, director), a_kind(district), director)
    seen = Application.objects.get().version
    note = lambda: applying.note_school(  # noqa: E731
        Application.objects.get(), teacher="王老师", on=today(), opinion="另有情况。", by=director
    )
    check = lambda: deciding.check(Application.objects.get(), seen=seen, by=supervisor)  # noqa: E731
    at_once(outcome(note), outcome(check))
    application.refresh_from_db()
    if application.status == "checked":
        assert Sheet.objects.get().school_opinion == "情况属实，同意推荐。"
    else:
        assert (application.status, application.school_opinion) == ("submitted", "另有情况。")


def test_two_prepare_and_one_is_refused(district, community, director):
    girl, kind = a_girl(community, director), a_kind(district)
    acts = [outcome(lambda: applying.prepare(girl, kind, by=director))] * 2
    assert sorted(at_once(*acts)) == ["done", "refused"]
    assert Application.objects.count() == 1


def test_two_plan_no_more_than_was_granted(district, community, director, supervisor, federation):
    application = approved(a_girl(community, director), a_kind(district), director, supervisor, federation)
    acts = [outcome(lambda: paying.plan(application, planned_on=today(), amount=Decimal(700), by=director))] * 2
    assert sorted(at_once(*acts)) == ["done", "refused"]
    assert Payment.objects.count() == 1
