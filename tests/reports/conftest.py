"""Reports on a short table, so that a drawing costs little; a district of three communities, and its browser."""

import datetime as dt
import uuid

import pytest
import time_machine

from records.measures import Period
from reports import layout
from reports.models import QuarterlyReport
from tests.reports.reported import ELSEWHERE, A, B, C, divisions

Q2, Q3 = Period.quarter(2026, 2), Period.quarter(2026, 3)
SHORT = [
    ("Children", ["children_on_register", "counted_children", "left_behind_children", "migrant_children"]),
    ("Flows", ["newly_registered", "left_register", "study_meetings", "hours_of_contacts"]),
]


@pytest.fixture
def october():
    with time_machine.travel(dt.datetime(2026, 10, 6, 9, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def short_table(monkeypatch):
    monkeypatch.setattr(layout, "SECTIONS", SHORT)


@pytest.fixture
def handed_in(october, short_table):
    """handed_in(place, by, officer=None, period=Q3): a report submitted, and accepted where an officer is given."""

    def hand_in(place, by, officer=None, period=Q3):
        found = QuarterlyReport.open_for(place, period, by=by)
        found.done = "走访、活动正常开展。"
        found.explanations = {key: "集中登记" for key, change in found.changes().items() if change.is_jump}
        found.save()
        found.submit(by=by)
        if officer:
            found.accept(by=officer)
        return QuarterlyReport.objects.get(pk=found.pk)

    return hand_in


@pytest.fixture
def november():
    with time_machine.travel(dt.datetime(2026, 11, 6, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def places(db):
    return divisions(A, B, C, ELSEWHERE)


@pytest.fixture
def once():
    return lambda: {"once_token": str(uuid.uuid4())}


@pytest.fixture
def browser(places, federation, signed_in):
    return signed_in(federation)
