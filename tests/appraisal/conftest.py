"""A call of the district, its committee, a nomination and two awards."""

import pytest

from tests.appraisal.factories import a_call, a_nomination, decided, voted, voting
from tests.volunteers.factories import a_child, a_helper, consents


@pytest.fixture
def helper(community, director):
    return a_helper(community, director, name="赵春梅")


@pytest.fixture
def officers(make_user, street, far_street, federation, supervisor):
    """Three on the committee: supervisor, federation, an officer of another street."""
    return [supervisor, federation, make_user("street_officer", far_street, "far.officer")]


@pytest.fixture
def call(district, federation, officers):
    return a_call(district, federation, seats=officers)


@pytest.fixture
def nomination(call, helper, director):
    return a_nomination(call, helper, director)


@pytest.fixture
def awarded(nomination, call, officers, make_user, district):
    voting(call)
    for user in officers:
        voted(nomination, user)
    return decided(nomination, officers[1])


@pytest.fixture
def of_child(district, federation, officers, community, director):
    """An award for a child with consent to publicity."""
    child = a_child(community, name="陈小雨", school="集宁一小")
    consents(child, "publicity")
    call = a_call(district, federation, "example", title="好榜样", seats=officers)
    nomination = a_nomination(call, child, director, title="自强少年", words="照顾家人，坚持读书。")
    voting(call)
    for user in officers:
        voted(nomination, user)
    return decided(nomination, federation)
