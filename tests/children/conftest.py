import pytest

from tests.children.factories import left_behind_child


@pytest.fixture
def two(community):
    return left_behind_child(community), left_behind_child(community)


class Cast:
    def __init__(self, **people):
        self.__dict__.update(people)


@pytest.fixture
def cast(director, supervisor, counsellor, district, sister_community):
    return Cast(
        director=director,
        supervisor=supervisor,
        counsellor=counsellor,
        district=district,
        sister_community=sister_community,
    )
