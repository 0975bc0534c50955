"""Money: planned within what was granted, paid, received with a signature; set right by a counter-entry alone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from support.models import Application, Payment

Status = Payment.Status


@transaction.atomic
def plan(application, *, planned_on, amount, by):
    stored = stored_for_update(application)
    if stored.status != Application.Status.APPROVED:
        raise Refused(_("Only an approved application is paid."))
    free = stored.granted - stored.payments.all().sums()["planned"]
    if amount > free:
        raise Refused(_("Of the amount granted %(free)s yuan are left to plan.") % {"free": free})
    payment = Payment.objects.create(
        application=stored, community_id=stored.community_id, planned_on=planned_on, amount=amount, noted_by=by
    )
    log_act(by, "planned a payment", payment, application=stored)
    return payment


@transaction.atomic
def pay(payment, *, on, method, by):
    if on > timezone.localdate():
        raise Refused(_("The day of the payment lies in the future."))
    decided = payment.application.decided_at
    if on < timezone.localdate(decided):
        raise Refused(_("The application was approved after that day."))
    payment.note_paid(on=on, method=method, by=by)


@transaction.atomic
def confirm(payment, *, received_by, on, receipt_number="", receipt=None, by):
    """The guardian signed for it: who, when, and the receipt."""
    stored_for_update(payment.application)
    stored = Payment.objects.select_related("corrected_by").get(pk=payment.pk)
    if stored.is_counter_entry or hasattr(stored, "corrected_by"):
        raise Refused(_("This payment was taken back by a counter-entry."))
    if stored.status == Status.PAID and on < stored.paid_on:
        raise Refused(_("The receipt is signed on the day of the payment or later."))
    if on > timezone.localdate():
        raise Refused(_("The day of the signature lies in the future."))
    stamps = {"received_by": received_by, "received_on": on, "receipt_number": receipt_number}
    if receipt:
        stamps["receipt"] = store_image(receipt, by)
    payment.note_received(by=by, **stamps)


@transaction.atomic
def take_back(payment, *, why, by):
    """A counter-entry of the same sum, in the same state; what was noted stays as it was."""
    stored_for_update(payment.application)
    stored = Payment.objects.select_related("corrected_by").get(pk=payment.pk)
    if stored.is_counter_entry or hasattr(stored, "corrected_by"):
        raise Refused(_("This payment was taken back by a counter-entry."))
    if stored.status not in (Status.PAID, Status.CONFIRMED):
        raise Refused(_("Only what was paid is taken back. A planned payment is cancelled."))
    if not why.strip():
        raise Refused(_("Say why the payment is taken back."))
    today = timezone.localdate()
    entry = Payment.objects.create(
        application_id=stored.application_id,
        community_id=stored.community_id,
        status=stored.status,
        planned_on=stored.planned_on,
        amount=-stored.amount,
        paid_on=today,
        method=stored.method,
        received_on=today if stored.status == Status.CONFIRMED else None,
        corrects=stored,
        why=why,
        noted_by=by,
    )
    log_act(by, "took a payment back", entry, payment=stored)
    return entry
