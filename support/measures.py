"""What is counted about support: where applications wait, whom it reached, what is not paid or not receipted."""

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from children.models import Child
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, measure
from support import figures  # noqa: F401 - registers its measures
from support.eligibility import yuan
from support.models import Application, Payment, Sheet

_ADD, _CHECK, _DECIDE, _PAY = (
    "support.add_application",
    "support.check_application",
    "support.decide_sheet",
    "support.add_payment",
)


def _list(query=""):
    return lambda: reverse("support:applications") + query


def _prepared(scope, period):
    return Application.objects.within(scope).filter(prepared_at__date__lte=period.end)


@measure(
    _("Applications for support that wait for the school"),
    definition=_("Applications under way whose kind asks for the school's opinion and for which none is noted."),
    kind=GAP,
    needs=_ADD,
    act=_("Ask the school"),
    page=_list("?show=school"),
    urgency=3,
    belongs_to="support",
    when=AS_TODAY,
)
def support_waiting_for_school(scope, period):
    return _prepared(scope, period).waiting_for_school()


@measure(
    _("Applications for support to be checked by the street office"),
    definition=_("Applications that were submitted, with the school's opinion where it is asked for, and not checked."),
    kind=GAP,
    needs=_CHECK,
    act=_("Check the applications"),
    page=_list("?show=street"),
    when=AS_TODAY,
)
def support_waiting_for_street(scope, period):
    return _prepared(scope, period).waiting_for_street()


@measure(
    _("Applications for support whose public notice is to be posted"),
    definition=_("Applications that the street office has checked, whose kind asks for a notice that does not stand."),
    kind=GAP,
    needs=_ADD,
    act=_("Post the notice"),
    page=_list("?show=notice"),
    belongs_to="support",
    when=AS_TODAY,
)
def support_waiting_for_notice(scope, period):
    return _prepared(scope, period).waiting_for_notice()


@measure(
    _("Applications for support to be decided by the federation"),
    definition=_("Checked applications whose public notice has stood for its days at the end of the period."),
    kind=GAP,
    needs=_DECIDE,
    act=_("Decide"),
    page=lambda: reverse("support:sheets"),
)
def support_waiting_for_federation(scope, period):
    return Sheet.objects.within(scope).to_decide_on(period.end)


@measure(
    _("Support payments that are due"),
    definition=_("Payments planned for a day up to the end of the period that are neither made nor cancelled."),
    kind=GAP,
    needs=_PAY,
    act=_("Note the payment"),
    page=_list("?show=unpaid"),
    belongs_to="support",
    when=AS_TODAY,
)
def support_unpaid(scope, period):
    return Payment.objects.within(scope).unpaid_on(period.end)


@measure(
    _("Support payments without a receipt"),
    definition=_("Payments made up to the end of the period for which no signature of the guardian is noted."),
    kind=GAP,
    needs=_PAY,
    act=_("Have the receipt signed"),
    page=_list("?show=unconfirmed"),
    belongs_to="support",
)
def support_unconfirmed(scope, period):
    return Payment.objects.within(scope).unconfirmed().filter(paid_on__lte=period.end)


def _paid_in(scope, period):
    paid = Payment.objects.within(scope).filter(status__in=[Payment.Status.PAID, Payment.Status.CONFIRMED])
    return paid.filter(paid_on__gte=period.start, paid_on__lte=period.end)


@measure(
    _("Children helped with money or goods in the period"),
    definition=_("Children for whom a support payment was made in the period and not taken back."),
    kind=FIGURE,
    page=_list(),
    when=IN_PERIOD,
)
def support_children_helped(scope, period):
    made = _paid_in(scope, period).standing()
    return Child.objects.within(scope).filter(pk__in=made.values("application__child"))


def _money(scope, period):
    return _now("%(amount)s yuan") % {"amount": yuan(_paid_in(scope, period).sums()["paid"])}


@measure(
    _("Support payments made in the period"),
    definition=_("Payments made in the period and not taken back; the sum stands beside the number."),
    kind=FIGURE,
    page=_list(),
    note=_money,
    when=IN_PERIOD,
)
def support_payments_made(scope, period):
    return _paid_in(scope, period).standing()
