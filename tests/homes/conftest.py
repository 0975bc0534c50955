"""A year's evaluation of two Homes, and a second officer of the federation."""

import pytest
from django.utils import timezone

from homes.models import EvaluationYear
from tests.homes.evaluations import dates, fresh
from tests.homes.factories import make_home, standard_in_force


@pytest.fixture
def evaluated_home(district, community):
    standard_in_force(district)
    return make_home(community, name="恩和路儿童之家")


@pytest.fixture
def chair(make_user, district):
    """A second officer of the federation: who inspects does not decide."""
    return make_user("federation_officer", district, "chair")


@pytest.fixture
def year(evaluated_home, far_community, federation, district):
    make_home(far_community, name="龙湾儿童之家")
    return EvaluationYear.open(district=district, year=timezone.localdate().year, by=federation, **dates())


@pytest.fixture
def evaluation(year, evaluated_home):
    return fresh(year.evaluations.get(home=evaluated_home))
