"""From the draft to the receipt, with what is refused on the way, in words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from children import transfer
from children.closing import leave_register
from children.consenting import give_consent, withdraw_consent
from children.models import Child
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from support import applying, deciding, paying
from support.models import Application, Payment, Sheet
from tests.children.factories import offered
from tests.support.factories import (
    a_girl,
    a_kind,
    approved,
    checked,
    days_ago,
    filled_in,
    on_notice,
    ready,
    submitted,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(district):
    return a_kind(district)


@pytest.fixture
def girl(community, director):
    return a_girl(community, director)


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.message


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def test_the_whole_way_to_a_signed_receipt(girl, kind, director, supervisor, federation):
    application = approved(girl, kind, director, supervisor, federation, granted=Decimal(1000))
    assert (application.status, application.granted, application.decided_by) == ("approved", 1000, federation)
    payment = paying.plan(application, planned_on=today(), amount=Decimal(1000), by=director)
    paying.pay(payment, on=today(), method="bank", by=director)
    paying.confirm(payment, received_by="王秀英", on=today(), receipt_number="7", by=director)
    assert application.payments.all().sums() == {"planned": 1000, "paid": 1000, "confirmed": 1000}


def test_what_is_missing_is_said_before_submitting(girl, kind, director):
    application = applying.prepare(girl, kind, by=director)
    assert applying.lacks(application) == [
        "Write the reason and choose it in one word.",
        "Papers not seen yet: 户口簿, 困难证明",
    ]
    assert refusal(lambda: applying.submit(application, by=director)) == "Write the reason and choose it in one word."
    assert status_of(application) == "draft"


@pytest.mark.parametrize("reason", ["陈小雨家庭困难", "小 雨家庭困难", "第一小学的学生", "父亲陈建国患病"])
def test_a_reason_that_names_the_child_is_refused(reason, girl, kind, director):
    application = filled_in(girl, kind, director, reason=reason)
    assert refusal(lambda: applying.submit(application, by=director)) == (
        "The reason names the child, the family or the school. Write it without names."
    )


def test_more_than_the_kind_gives_is_refused(girl, kind, director):
    application = filled_in(girl, kind, director, amount=Decimal(1201))
    assert applying.lacks(application) == ["At most 1,200 yuan can be applied for."]


def test_one_application_of_a_kind_at_a_time(girl, kind, director):
    applying.prepare(girl, kind, by=director)
    assert refusal(lambda: applying.prepare(girl, kind, by=director)) == (
        "An application of this kind is already under way for this child."
    )


def test_a_child_who_does_not_fit_is_refused_with_the_rule(girl, kind, director):
    Child.objects.filter(pk=girl.pk).update(sex="M")
    girl.refresh_from_db()
    assert refusal(lambda: applying.prepare(girl, kind, by=director)) == (
        "The child does not meet the rules: Only for: girl"
    )


def test_rules_changed_later_do_not_touch_an_application(girl, kind, director):
    application = filled_in(girl, kind, director)
    kind.sex, kind.amount, kind.notice_days = "M", Decimal(1), 0
    kind.save()
    rules = Application.objects.get(pk=application.pk).made_under
    assert (rules.sex, rules.amount, rules.notice_days) == ("F", 1200, 7)
    assert applying.lacks(application) == []


def test_a_street_office_waits_for_the_school(girl, kind, director, supervisor):
    application = filled_in(girl, kind, director)
    applying.submit(application, by=director)
    assert refusal(lambda: deciding.check(application, by=supervisor)) == "The opinion of the school is not noted yet."


def test_nobody_checks_or_decides_what_they_submitted(girl, kind, director, supervisor):
    application = submitted(girl, kind, director)
    words = "Who submitted an application cannot check it: another person must."
    assert refusal(lambda: deciding.check(application, by=director)) == words
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(checked_by=director)
    deciding.check(application, by=supervisor)
    deciding.post_notice(application, by=director)
    Application.objects.filter(pk=application.pk).update(notice_from=days_ago(9), notice_until=days_ago(2))
    sheet = Sheet.objects.get()
    for person in (director, supervisor):
        with pytest.raises(Refused, match="cannot decide"):
            deciding.decide(sheet, is_approved=True, reason="好", by=person)
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(decided_by=person)


def test_the_notice_runs_its_days_and_objections_are_settled_first(girl, kind, director, supervisor, federation):
    application = on_notice(girl, kind, director, supervisor)
    sheet = Sheet.objects.get()

    def decide():
        deciding.decide(sheet, is_approved=True, reason="好", by=federation)

    assert refusal(decide).startswith("The public notice still stands until")
    objection = deciding.object_to(application, text="有铺面", by=director)
    Application.objects.filter(pk=application.pk).update(notice_from=days_ago(9), notice_until=today())
    assert refusal(decide).startswith("The public notice still stands until")
    Application.objects.filter(pk=application.pk).update(notice_until=days_ago(1))
    assert refusal(decide) == "An objection to the public notice is not settled yet."
    deciding.settle(objection, answer="已停业", by=supervisor)
    decide()
    assert status_of(application) == "approved"
    assert refusal(decide) == "This is approved by the federation and cannot become approved by the federation."


def test_a_kind_without_notice_is_decided_once_checked(girl, district, director, supervisor, federation):
    application = checked(girl, a_kind(district, notice_days=0), director, supervisor)
    assert (
        refusal(lambda: deciding.post_notice(application, by=director)) == "This kind of support has no public notice."
    )
    deciding.decide(Sheet.objects.get(), is_approved=False, reason="名额已满", by=federation)
    assert status_of(application) == "declined"


def test_a_decision_has_a_reason_and_stays_within_what_was_asked(girl, kind, director, supervisor, federation):
    ready(girl, kind, director, supervisor)
    sheet = Sheet.objects.get()
    words = refusal(lambda: deciding.decide(sheet, is_approved=True, reason=" ", by=federation))
    assert words == "Write the reason of the decision."
    words = refusal(lambda: deciding.decide(sheet, is_approved=True, reason="好", granted=Decimal(1300), by=federation))
    assert words == "Grant at most what was applied for: 1200.00 yuan."


def test_a_notice_needs_consent_and_comes_down_with_it(girl, kind, director, supervisor, federation):
    application = on_notice(girl, kind, director, supervisor)
    withdraw_consent(girl.consents.in_force().get(purpose="publicity"), by=director)
    application = Application.objects.get(pk=application.pk)
    assert (application.status, application.notice_until, application.taken_down_on) == ("checked", None, today())
    assert refusal(lambda: deciding.post_notice(application, by=director)) == (
        "There is no consent for publicity. Note the guardian's consent first."
    )
    assert refusal(lambda: deciding.decide(Sheet.objects.get(), is_approved=True, reason="好", by=federation)) == (
        "The public notice has not been posted yet."
    )
    give_consent(girl, "publicity", given_by="王秀英", on=today(), by=director)
    deciding.post_notice(application, by=director)
    assert status_of(application) == "on_notice"


def test_what_goes_back_takes_its_sheet_along(girl, kind, director, supervisor, federation):
    application = ready(girl, kind, director, supervisor)
    sheet = Sheet.objects.get()
    assert refusal(lambda: deciding.give_back(application, remark="", by=supervisor)) == (
        "Say what the community should mend."
    )
    deciding.give_back(application, remark="补材料", by=supervisor)
    assert not Sheet.objects.current().exists()
    assert refusal(lambda: deciding.decide(sheet, is_approved=True, reason="好", by=federation)).startswith(
        "This sheet is no longer valid"
    )
    applying.submit(application, by=director)
    deciding.check(application, by=supervisor)
    assert Sheet.objects.current().count() == 1


def test_money_is_planned_within_the_grant_and_set_right_by_counter_entry(girl, kind, director, supervisor, federation):
    application = approved(girl, kind, director, supervisor, federation)
    payment = paying.plan(application, planned_on=today(), amount=Decimal(800), by=director)
    assert refusal(lambda: paying.plan(application, planned_on=today(), amount=Decimal(500), by=director)) == (
        "Of the amount granted 400.00 yuan are left to plan."
    )
    assert refusal(lambda: paying.take_back(payment, why="错", by=director)).startswith("Only what was paid")
    assert refusal(lambda: paying.pay(payment, on=days_ago(1), method="cash", by=director)) == (
        "The application was approved after that day."
    )
    paying.pay(payment, on=today(), method="cash", by=director)
    assert refusal(lambda: payment.cancel(by=director)) == "This is paid, receipt missing and cannot become cancelled."
    entry = paying.take_back(payment, why="金额有误", by=director)
    stored = Payment.objects.get(pk=payment.pk)
    assert (entry.amount, stored.amount, stored.status) == (-800, 800, "paid")
    assert application.payments.all().sums() == {"planned": 0, "paid": 0, "confirmed": 0}
    for act in (
        lambda: paying.take_back(payment, why="错", by=director),
        lambda: paying.confirm(payment, received_by="王", on=today(), by=director),
    ):
        assert refusal(act) == "This payment was taken back by a counter-entry."
    assert not Payment.objects.all().unconfirmed().exists()
    paying.plan(application, planned_on=today(), amount=Decimal(1200), by=director)


def test_only_what_is_approved_is_paid(girl, kind, director, supervisor):
    application = ready(girl, kind, director, supervisor)
    words = refusal(lambda: paying.plan(application, planned_on=today(), amount=Decimal(1), by=director))
    assert words == "Only an approved application is paid."


def test_what_runs_ends_with_the_file_and_what_is_approved_goes_along(
    girl, district, kind, director, supervisor, federation, far_community, stranger
):
    done = approved(girl, kind, director, supervisor, federation)
    running = on_notice(girl, a_kind(district, title_zh="救助"), director, supervisor)
    transfer.accept(offered([girl], far_community, by=director), by=stranger)
    assert (status_of(done), status_of(running)) == ("approved", "withdrawn")
    done.refresh_from_db()
    assert (done.community, done.sheets.get().community) == (far_community, far_community)
    payment = paying.plan(done, planned_on=today(), amount=Decimal(100), by=stranger)
    assert payment.community == far_community


def test_a_closed_file_withdraws_what_runs(girl, kind, director):
    application = submitted(girl, kind, director)
    leave_register(girl, reason="moved_out", on=today(), by=director)
    application.refresh_from_db()
    assert (application.status, application.withdrawn_why) == ("withdrawn", "The file was closed.")


@pytest.mark.parametrize("granted", [Decimal(0), Decimal(-1)])
def test_nought_is_not_granted_and_not_the_whole_sum_either(granted, girl, kind, director, supervisor, federation):
    application = ready(girl, kind, director, supervisor)
    sheet = application.sheets.get()
    act = lambda: deciding.decide(sheet, is_approved=True, reason="好", granted=granted, by=federation)  # noqa: E731
    assert refusal(act) == "Nothing can be granted by approving: enter an amount above nought, or decline."
    assert status_of(application) == "on_notice"
    deciding.decide(sheet, is_approved=True, reason="好", granted=None, by=federation)
    assert Application.objects.get().granted == sheet.amount


def test_an_application_handed_in_again_counts_where_it_first_was(girl, kind, community, director, supervisor):
    application = submitted(girl, kind, director)
    Application.objects.update(submitted_at=timezone.now() - dt.timedelta(days=100))
    application = Application.objects.get(pk=application.pk)
    deciding.give_back(application, remark="请补充。", by=supervisor)
    applying.submit(application, by=director)
    first, now = Period(days_ago(130), days_ago(70)), Period(days_ago(30), today())
    for key in ("support_applied", "spring_bud_applied"):
        rows = measures.get(key).rows
        assert [rows(Scope.of(community.pk), one).count() for one in (first, now)] == [1, 0]
