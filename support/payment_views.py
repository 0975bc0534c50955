"""What is noted about money: planned, paid, received, taken back."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from records.policy import visible_or_404
from support import forms, paying
from support.models import Payment
from support.views import acted, find_application


def _find(request, pk):
    return visible_or_404(Payment.objects.select_related("application"), request.user, "change", pk=pk)


@require_POST
def plan(request, pk):
    found, form = find_application(request, pk, "change"), forms.PlanForm(request.POST)

    def act(data):
        paying.plan(found, by=request.user, **data)

    return acted(request, found, act, _("The payment is planned."), form=form, name="plan_form")


@require_POST
def paid(request, pk):
    payment, form = _find(request, pk), forms.PaidForm(request.POST)

    def act(data):
        paying.pay(payment, by=request.user, **data)

    return acted(request, payment.application, act, _("The payment is noted."), form=form, name="paid_form")


@require_POST
def received(request, pk):
    payment, form = _find(request, pk), forms.ReceiptForm(request.POST, request.FILES)

    def act(data):
        paying.confirm(payment, by=request.user, **data)

    return acted(request, payment.application, act, _("The receipt is noted."), form=form, name="receipt_form")


@require_POST
def take_back(request, pk):
    payment, form = _find(request, pk), forms.TakeBackForm(request.POST)

    def act(data):
        paying.take_back(payment, by=request.user, **data)

    return acted(request, payment.application, act, _("A counter-entry is made."), form=form, name="take_back_form")


@require_POST
def cancel(request, pk):
    payment = _find(request, pk)
    return acted(
        request, payment.application, lambda _d: payment.cancel(by=request.user), _("The payment is cancelled.")
    )
