"""Two people who look first at the same moment read the same figures, decided once."""

import pytest

from records.measures import Period
from reports.models import PublishedFigure, PublishedQuarter
from reports.published import Published
from tests.records.threads import at_once
from tests.reports.reported import divisions, report

pytestmark = pytest.mark.django_db(transaction=True)

REGISTER = "children_on_register"
COUNTED = {"150902001001": 3, "150902001002": 12, "150902002001": 40}


def test_figures_are_decided_once_however_many_look(make_user):
    places = divisions(*COUNTED)
    district = places[0].parent.parent
    reader = make_user("federation_officer", district)
    period = Period.quarter(2026, 3)
    for code, n in COUNTED.items():
        report(code, period, {REGISTER: n})
    look = lambda: Published(reader, district).of_level([REGISTER], [period], "community")  # noqa: E731
    first, *others = at_once(*[look] * 4)
    assert {code: shown.value for (_key, _quarter, code), shown in first.items()} == {
        "150902001001": None,
        "150902001002": None,
        "150902002001": 40,
    }
    assert all(other == first for other in others)
    assert PublishedFigure.objects.count() == 6
    assert PublishedQuarter.objects.count() == 1
