import datetime as dt

import pytest
import time_machine

from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper, a_term
from tests.volunteers.home_duty_world import MONDAY, T, at
from volunteers import home_roster
from volunteers.models import HomeDay, HomeShift


@pytest.fixture
def volunteer_user(make_user, community):
    return make_user("volunteer", community, "volunteer", name="王爱华")


@pytest.fixture
def helper(community, director, volunteer_user):
    """A helper in good standing with an account and places for five children."""
    return a_helper(community, director, user=volunteer_user, capacity=5)


@pytest.fixture
def this_term(district):
    return a_term()


@pytest.fixture
def portal(signed_in, volunteer_user):
    return signed_in(volunteer_user)


# Duty at a Home: a Monday noon, a Home with one shift on Wednesdays.


@pytest.fixture
def at_noon():
    with time_machine.travel(at(MONDAY, 12), tick=False):
        yield


@pytest.fixture
def term(district):
    return a_term()


@pytest.fixture
def home(community):
    return make_home(community)


@pytest.fixture
def shift(home, director):
    return HomeShift.plan(home, weekday=2, starts_at=T(16), ends_at=T(18), needed=2, by=director)


@pytest.fixture
def slot(home, shift, director):
    """Wednesday of this week, 16 to 18 o'clock, two needed."""
    home_roster.make_roster(home, first=MONDAY, last=MONDAY + dt.timedelta(days=6), by=director)
    return HomeDay.objects.get()
