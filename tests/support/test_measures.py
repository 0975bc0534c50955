"""Each figure about support is exactly the rows meant, of the places asked for and no others."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from children.models import Child
from records import measures
from records.measures import Period
from records.scoping import Scope
from support import applying, deciding, paying
from support.models import Application, Payment, Sheet
from tests.support.factories import a_girl, a_kind, approved, checked, days_ago, filled_in, on_notice, ready, today

pytestmark = pytest.mark.django_db
OF_SUPPORT = {
    *["support_waiting_for_school", "support_waiting_for_street", "support_waiting_for_notice"],
    *["support_waiting_for_federation", "support_unpaid", "support_unconfirmed"],
    *["support_children_helped", "support_payments_made"],
}


def days_on(number):
    return today() + dt.timedelta(days=number)


@pytest.fixture
def told(district, community, far_community, director, stranger, supervisor, make_user, far_street, federation):
    """{place: {figure: rows meant}}: the same story in two communities of two streets."""
    kind = a_kind(district)
    free = a_kind(district, title_zh="助学", title_en="Aid", needs_school_review=False, notice_days=0)
    far_officer = make_user("street_officer", far_street)
    return {
        place.pk: a_story(place, by, officer, federation, kind, free)
        for place, by, officer in ((community, director, supervisor), (far_community, stranger, far_officer))
    }


def a_story(place, by, officer, federation, kind, free):
    def girl():
        return a_girl(place, by)

    draft, sent = filled_in(girl(), kind, by), filled_in(girl(), kind, by)
    applying.submit(sent, by=by)
    withdrawn = filled_in(girl(), kind, by)
    applying.withdraw(withdrawn, why="搬走了", by=by)
    needs_no_school = filled_in(girl(), free, by)
    applying.submit(needs_no_school, by=by)
    filled_in(girl(), free, by)
    to_be_posted, standing, run = (
        checked(girl(), kind, by, officer), on_notice(girl(), kind, by, officer), ready(girl(), kind, by, officer)
    )  # fmt: skip
    needs_no_notice = filled_in(girl(), free, by)
    applying.submit(needs_no_notice, by=by)
    deciding.check(needs_no_notice, by=officer)
    assert standing.pk
    granted = approved(girl(), kind, by, officer, federation, granted=Decimal(1000))
    Application.objects.filter(pk=granted.pk).update(decided_at=timezone.now() - dt.timedelta(days=40))
    granted = Application.objects.get(pk=granted.pk)

    def payment(planned=0, paid=None, confirmed=False):
        made = paying.plan(granted, planned_on=days_on(planned), amount=Decimal(100), by=by)
        if paid is not None:
            paying.pay(made, on=days_on(paid), method="bank", by=by)
        if confirmed:
            paying.confirm(made, received_by="王秀英", on=today(), by=by)
        return made

    due, _later = payment(0), payment(1)
    payment(-3).cancel(by=by)
    fresh, older, signed, wrong = payment(-9, 0), payment(-9, -31), payment(-9, -5, True), payment(-9, -2)
    paying.take_back(wrong, why="记错", by=by)
    return {
        "support_waiting_for_school": {draft.pk, sent.pk},
        "support_waiting_for_street": {needs_no_school.pk},
        "support_waiting_for_notice": {to_be_posted.pk},
        "support_waiting_for_federation": set(
            Sheet.objects.filter(application__in=[run, needs_no_notice]).values_list("pk", flat=True)
        ),
        "support_unpaid": {due.pk},
        "support_unconfirmed": {fresh.pk, older.pk},
        "support_children_helped": {granted.child_id},
        "support_payments_made": {fresh.pk, signed.pk},
    }


def rows(name, scope, period):
    return list(measures.get(name).rows(scope, period).order_by("pk").values_list("pk", flat=True))


def a_month():
    return Period(days_ago(30), today())


def test_every_figure_is_told_of():
    from_here = {one.key for one in measures.all_measures() if one.rows.__module__ == "support.measures"}
    assert from_here == OF_SUPPORT


def test_each_place_has_its_rows_and_the_district_all(told, community, far_community, street):
    here, there = told[community.pk], told[far_community.pk]
    for name in OF_SUPPORT:
        assert rows(name, Scope.of(community.pk), a_month()) == sorted(here[name]), name
        assert rows(name, Scope.of(street.pk), a_month()) == sorted(here[name]), name
        assert rows(name, Scope.of("150902"), a_month()) == sorted(here[name] | there[name]), name
        assert rows(name, Scope(()), a_month()) == [], name
        per_place = measures.get(name).per_community(Scope.of("150902"), a_month())
        assert per_place == {community.pk: len(here[name]), far_community.pk: len(there[name])}, name


def test_the_period_bounds_what_is_counted(told, community):
    scope, mine = Scope.of(community.pk), told[community.pk]
    earlier = Period(days_ago(31), days_ago(31))
    [only] = rows("support_payments_made", scope, earlier)
    assert Payment.objects.get(pk=only).paid_on == days_ago(31)
    assert rows("support_unconfirmed", scope, earlier) == [only]
    assert rows("support_children_helped", scope, earlier) == sorted(mine["support_children_helped"])
    assert rows("support_unpaid", scope, earlier) == []
    assert rows("support_waiting_for_school", scope, earlier) == []
    assert rows("support_children_helped", scope, Period(days_ago(60), days_ago(50))) == []
    tomorrow = Period(today(), days_on(1))
    assert len(rows("support_unpaid", scope, tomorrow)) == 2
    long_after = rows("support_waiting_for_federation", scope, Period(today(), days_on(60)))
    assert set(long_after) == mine["support_waiting_for_federation"] | set(
        Sheet.objects.filter(application__status="on_notice", community=community).values_list("pk", flat=True)
    )


def test_the_money_stands_beside_the_number(told, community):
    made = measures.get("support_payments_made")
    assert made.note(Scope.of(community.pk), a_month()) == "200 yuan"  # what was taken back adds up to nothing
    assert made.note(Scope.of("150902"), a_month()) == "400 yuan"
    assert made.note(Scope.of("140202"), a_month()) == "0 yuan"
    assert made.note(Scope.of(community.pk), Period(days_ago(31), days_ago(31))) == "100 yuan"


def test_a_child_helped_elsewhere_counts_where_it_was_registered_then_and_now_is(told, community, far_community):
    [key] = told[community.pk]["support_children_helped"]
    assert Child.objects.get(pk=key).community == community
    assert key not in rows("support_children_helped", Scope.of(far_community.pk), a_month())
