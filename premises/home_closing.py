"""A Home closes when nobody waits for a call, no book is out and no day is open: later no page would show them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from homes.closing import before_closing
from premises.models import Booking, HomeDayLog, Loan


@before_closing
def calls_ahead(home):
    if Booking.objects.filter(home=home).ahead(timezone.localdate()).exists():
        return _("Calls to parents are booked for days to come: give them back first.")
    return None


@before_closing
def books_out(home):
    if Loan.objects.filter(asset__home=home).out().exists():
        return _("Books are still lent out: take them back first.")
    return None


@before_closing
def open_days(home):
    if HomeDayLog.objects.filter(home=home, ended_at=None).exists():
        return _("A day of visits is not closed: close it first.")
    return None
