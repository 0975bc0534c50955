import pytest
import time_machine

from tests.premises.factories import NOON, open_home


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def home(community, director):
    return open_home(community, director)


@pytest.fixture
def far_home(far_community, stranger):
    return open_home(far_community, stranger, name="龙湾儿童之家")
