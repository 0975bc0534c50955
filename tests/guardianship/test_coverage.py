"""How many left-behind children of each community have a letter that holds."""

import pytest

from children.closing import leave_register
from guardianship.letter_list import coverage
from guardianship.models import Letter
from tests.children.factories import a_child, left_behind_child
from tests.guardianship.factories import a_letter, an_entrusted_child, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def test_the_coverage_of_each_community_is_those_with_a_letter_of_those_who_owe_one(
    community, sister_community, far_community, director, supervisor
):
    an_entrusted_child(community, director)
    left_behind_child(community, name="没有责任书")
    late = left_behind_child(community, name="过期")
    Letter.objects.filter(pk=a_letter(late, director, on=days_ago(90)).pk).update(ends_on=days_ago(35))
    gone, _letter = an_entrusted_child(community, director, name="已注销")
    leave_register(gone, on=days_ago(1), reason="moved_out", by=director)
    a_child(community, name="不是留守")
    left_behind_child(sister_community, name="另一社区")
    left_behind_child(far_community, name="别的街道")
    assert coverage(supervisor) == [(community, 1, 3), (sister_community, 0, 1)]
    assert coverage(director) == [(community, 1, 3)]
