"""What is done for a child, as the list for the grid system tells it: of what the person may see, and nobody's name."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from children.helping import help_of
from records import exports
from support import paying
from support.models import Payment
from surveys.models import Roster
from tests.children.factories import left_behind_child
from tests.support.factories import a_girl, a_kind, approved, days_ago
from tests.surveys.roster_factories import a_round
from tests.volunteers.factories import a_helper, a_pairing, consents, days
from volunteers.models import CareGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def girl(district, community, director, supervisor, federation):
    """Helped in every way that is told, and in some that are over or of another child."""
    girl = a_girl(community, director)
    home = girl.household
    home.is_low_income, home.other_aid = True, "住房救助"
    home.save()
    consents(girl)
    a_pairing(girl, a_helper(community, director), director, starts=-50)
    ended = a_pairing(girl, a_helper(community, director, name="赵早年"), director, "tutor", starts=-80)
    ended.end(reason="helper_left", by=director)
    group = CareGroup.set_up(community, by=director)
    group.assign(girl, group.take_in(role="committee", user=director, by=director), by=director)
    granted = approved(girl, a_kind(district), director, supervisor, federation)
    for amount in (Decimal(500), Decimal(200)):
        payment = paying.plan(granted, planned_on=days_ago(0), amount=amount, by=federation)
        paying.pay(payment, on=days_ago(0), method="bank", by=federation)
    paying.plan(granted, planned_on=days_ago(-30), amount=Decimal(100), by=federation)  # not paid yet
    return girl


def told(community, street, supervisor, user, rf):
    """{name: what the box says} of the list as this person takes it out."""
    roster = Roster.objects.filter(community=community).first()
    roster = roster or Roster.open_for(community, a_round(street, supervisor), by=supervisor)
    request = rf.get("/")
    request.user = user
    sheet = exports.get("left_behind_persons").sheet(request, f"roster={roster.pk}")
    rows = [{column.words[0]: column.value(person) for column in sheet.columns} for person in sheet.rows]
    return {row["姓名"]: row["帮扶情况"] for row in rows}


def test_the_list_says_what_is_done_for_each_child(girl, community, street, director, supervisor, rf):
    left_behind_child(community, name="无人帮")
    with override("zh-hans"):
        began, today = date_format(days(-50)), date_format(timezone.localdate())
    said = told(community, street, supervisor, director, rf)
    assert said == {
        "陈小雨": f"享受低保；住房救助；{began}起与爱心妈妈结对；{today}起由咨询关爱小组照看；"
        "春蕾计划：近十二个月发放700元",
        "无人帮": "",
    }
    assert "王爱华" not in str(said) and "赵早年" not in str(said)


def test_money_paid_long_ago_or_taken_back_is_not_told(girl, community, street, director, supervisor, federation, rf):
    first, second = Payment.objects.filter(status="paid").order_by("pk")
    Payment.objects.filter(pk=first.pk).update(paid_on=days_ago(400))
    paying.take_back(second, why="转错账户", by=federation)
    assert "元" not in told(community, street, supervisor, director, rf)["陈小雨"]


def test_who_may_not_see_a_child_hears_nothing_of_it(girl, sister_community, make_user):
    neighbour = make_user("community_worker", sister_community, "neighbour")
    assert dict(help_of([girl], neighbour)) == {}


def test_as_many_queries_for_three_children_as_for_one(girl, community, director):
    def asked(children):
        with CaptureQueriesContext(connection) as captured:
            help_of(children, director)
        return len(captured)

    others = [left_behind_child(community, name=f"孩{n}") for n in "甲乙"]
    asked([girl])
    for child in others:
        consents(child)
        a_pairing(child, a_helper(community, director, name=f"{child.name}的"), director)
    assert asked([girl]) == asked([girl, *others])
