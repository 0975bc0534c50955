"""A Home stays closed: duties of those days are called off, bookings too, and whom to tell stands on a list."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from homes.models import Closure
from premises.models import Booking
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models import HomeDay

LONGEST_DAYS = 120


@dataclass(frozen=True)
class Closed:
    """What came of a closure: how many duties and bookings were called off with it."""

    closure: Closure
    duties: int
    bookings: int


@transaction.atomic
def close(home, *, first_day, last_day, reason, by):
    """Note that the Home stays closed. Who is on a duty sees the reason in the portal; families stand on the list of
    those to be told. What has begun already is left as it is."""
    held, today = stored_for_update(home), timezone.localdate()
    if not held.is_open:
        raise Refused(_("This Home is closed."))
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."))
    if first_day < today or (last_day - first_day).days >= LONGEST_DAYS:
        raise Refused(_("Close from today on, for %(most)s days at most.") % {"most": LONGEST_DAYS})
    if Closure.objects.filter(home=held).touching(first_day, last_day).exists():
        raise Refused(_("On some of these days the Home is noted as closed already."))
    closure = Closure.objects.create(
        **{"home": held, "community_id": held.community_id, "first_day": first_day, "last_day": last_day},
        **{"reason": reason, "is_sudden": first_day == today, "noted_by": by},
    )
    log_act(by, "closed the Home for some days", closure, home=held)
    return Closed(closure, _call_duties_off(closure, by), _call_bookings_off(closure, by))


def _call_duties_off(closure, by):
    days = HomeDay.objects.filter(home=closure.home_id, day__gte=closure.first_day, day__lte=closure.last_day).on()
    free = [slot for slot in days.select_related("home").order_by("day", "starts_at", "pk") if not slot.has_ended]
    manned = set(
        HomeDay.objects.filter(pk__in=[s.pk for s in free], duties__status="came").values_list("pk", flat=True)
    )
    for slot in free:
        if slot.pk not in manned:
            slot.call_off(reason=closure.get_reason_display(), by=by)
    return len(free) - len(manned)


def _call_bookings_off(closure, by):
    rows = Booking.objects.filter(home=closure.home_id, day__gte=closure.first_day, day__lte=closure.last_day)
    ahead = [booking for booking in rows.filter(status="booked").order_by("pk") if not booking.has_begun]
    for booking in ahead:
        booking.call_off(by=by)
    return len(ahead)
