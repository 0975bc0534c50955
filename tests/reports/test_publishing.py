"""Published each night, the figures wait for nobody who looks."""

from io import StringIO

import pytest
from django.core.management import call_command

from records.measures import Period
from reports.models import PublishedFigure, PublishedQuarter
from reports.published import Published
from tests.reports.reported import divisions, report

pytestmark = pytest.mark.django_db

REGISTER = "children_on_register"
COUNTED = {"150902001001": 3, "150902001002": 12, "150902002001": 40}


def nightly():
    out = StringIO()
    call_command("publish_figures", stdout=out)
    return out.getvalue()


def test_the_night_publishes_what_was_accepted_and_a_look_afterwards_publishes_nothing(make_user):
    district = divisions(*COUNTED)[0].parent.parent
    reader = make_user("federation_officer", district)
    quarters = [Period.quarter(2026, 2), Period.quarter(2026, 3)]
    assert nightly() == "150902: 0 quarters published\n"
    for period in quarters:
        for code, n in COUNTED.items():
            report(code, period, {REGISTER: n})
    assert nightly() == "150902: 2 quarters published\n"
    kept = list(PublishedFigure.objects.order_by("pk").values_list("pk", "code", "value"))
    marks = list(PublishedQuarter.objects.order_by("pk").values_list("pk", "mark"))
    assert dict.fromkeys(code for _pk, code, value in kept if value is not None).keys() >= {"150902", "150902002001"}
    shown = Published(reader, district).over_time("150902", quarters)
    assert [shown[REGISTER, (2026, n)].value for n in (2, 3)] == [55, 55]
    assert nightly() == "150902: 0 quarters published\n"
    assert list(PublishedFigure.objects.order_by("pk").values_list("pk", "code", "value")) == kept
    assert list(PublishedQuarter.objects.order_by("pk").values_list("pk", "mark")) == marks
