import datetime as dt

import pytest

from children.models import Adult
from tests.children.factories import a_child, an_adult, id_number, kin, left_behind_child

PHONE = "16100000001"
NUMBER = id_number(dt.date(1960, 2, 3))


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


@pytest.fixture
def grandmothers(community):
    """The grandmother who looks after a child, and the same once more, tied to the brother."""
    child = left_behind_child(community)
    brother = a_child(community, child.household, name="陈小山")
    for kinship in child.kinships.filter(is_caregiver=False):
        kin(brother, kinship.adult, kinship.relation)
    kept = child.kinships.get(is_caregiver=True).adult
    Adult.objects.filter(pk=kept.pk).update(name="王秀英")
    gone = an_adult(brother, "grandmother_p", name="王秀英", phone=PHONE, id_number=NUMBER, note="耳背", cares=True)
    kept.refresh_from_db()
    return kept, gone
