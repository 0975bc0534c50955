import pytest

from tests.volunteers.factories import a_helper, a_term


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
