"""A child whose file leaves the community gives its bookings back; books it has at home are looked for."""

from django.utils import timezone

from children.leaving import ends_with_the_file
from premises.models import Booking, Loan


def _ahead(children, moving_to=None):
    return Booking.objects.ahead(timezone.localdate()).filter(child__in=children)


@ends_with_the_file(rows=_ahead)
def give_bookings_back(child, *, by, moving_to=None):
    for booking in _ahead([child]).order_by("pk"):
        booking.give_back(by=by)


def _out(children, moving_to=None):
    return Loan.objects.out().filter(child__in=children)


@ends_with_the_file(rows=_out)
def look_for_books(child, *, by, moving_to=None):
    """The book belongs to the Home: it stands there as missing until somebody finds it or it is scrapped."""
    for loan in _out([child]).select_related("asset").order_by("pk"):
        loan.lose(by=by)
