"""A district of three communities in two streets, another district, and the federation's browser."""

import datetime as dt
import uuid

import pytest
import time_machine

from tests.reports.reported import ELSEWHERE, A, B, C, divisions


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
