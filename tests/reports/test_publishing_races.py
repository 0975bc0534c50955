"""Two people at the same moment: figures are decided once, and a rule or a view of a name is kept once."""

from uuid import uuid4

import pytest
from django.utils import timezone

from records.measures import Period
from reports.models import PublishedFigure, PublishedQuarter, ReportRule, SavedView
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


def test_two_rules_for_one_quarter_at_once_leave_the_later(make_user):
    district = divisions(*COUNTED)[0].parent.parent
    by = make_user("federation_officer", district)
    starts_on = Period.quarter_of(timezone.localdate()).start

    def rule(days):
        return ReportRule(district=district, starts_on=starts_on, community_days=days, street_days=30)

    at_once(*[lambda days=days: rule(days).set(by=by) for days in (11, 12, 13, 14)])
    assert ReportRule.objects.get().community_days in (11, 12, 13, 14)


def test_two_views_of_one_name_at_once_are_one_view_and_a_clear_word(make_user, signed_in):
    reader = make_user("federation_officer", divisions(*COUNTED)[0].parent.parent)
    clients = [signed_in(reader) for _n in range(4)]

    def keep(client):
        sent = {"name": "流动儿童", "once_token": str(uuid4())}
        return client.post("/reports/district/views/save/?page=district_compare&level=community", sent)

    answers = at_once(*[lambda client=client: keep(client) for client in clients])
    first, *others = sorted(answers, key=lambda answer: -answer.status_code)
    assert first.status_code == 302
    assert all("You already keep a view of this name." in answer.content.decode() for answer in others)
    assert SavedView.objects.count() == 1
