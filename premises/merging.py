"""Two files of one child can both be noted as there on a day, or be booked at the same time."""

from children.merging import makes_room
from premises.models import Booking, ChildVisit


@makes_room
def keep_one_of_two_visits(kept, gone, *, by):
    """The child came where one of the two files says so; the other row stays with the closed file."""
    twice = ChildVisit.objects.filter(child=gone, log__in=ChildVisit.objects.filter(child=kept).values("log"))
    came = twice.filter(came=True).values("log")
    ChildVisit.objects.filter(child=kept, came=False, log__in=came).update(came=True)
    return twice


@makes_room
def give_one_of_two_bookings_back(kept, gone, *, by):
    """Of two bookings at one time the other file's is given back, or stays with the closed file where it is over."""
    mine = set(Booking.objects.holding().filter(child=kept).values_list("day", "starts_at"))
    others = Booking.objects.holding().filter(child=gone).order_by("pk")
    twice = [booking for booking in others if (booking.day, booking.starts_at) in mine]
    for booking in twice:
        if booking.status == Booking.Status.BOOKED:
            booking.give_back(by=by)
    return Booking.objects.holding().filter(pk__in=[booking.pk for booking in twice])
