import pytest

from tests.children.factories import left_behind_child
from tests.counselling.factories import a_case, a_session


@pytest.fixture
def child(community):
    return left_behind_child(community, name="白小兰")


@pytest.fixture
def case(child, counsellor, director):
    """One case with a session; others exist elsewhere."""
    case = a_case(child, counsellor, by=director)
    a_session(case)
    return case


@pytest.fixture
def second(make_user, district):
    return make_user("counsellor", district, "second")


@pytest.fixture
def elsewhere(second, stranger, far_community):
    """A case of another counsellor with a child of another street."""
    case = a_case(left_behind_child(far_community, name="别处的孩子"), second, by=stranger)
    a_session(case, course="别处说的话")
    return case
