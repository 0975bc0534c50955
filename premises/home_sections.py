"""What a Home's page shows of its equipment, visits and calls: numbers and ways on, never a child's name."""

from django.utils import timezone

from communities.places import may_at
from homes.managers import managers_of
from homes.models import Closure
from homes.sections import home_section
from premises.models import Asset, Booking, HomeDayLog, HomeWish, Loan


@home_section(order=10)
def in_the_home(request, home):
    """Equipment, books, visits, calls and closures, each where the person may look."""
    user, place, today = request.user, home.community_id, timezone.localdate()
    if not may_at(user, "view", Asset, place):
        return None
    log = HomeDayLog.objects.filter(home=home).order_by("-day").first()
    context = {
        "pieces": home.assets.kept().count(),
        "out": home.loans.out().count() if may_at(user, "view", Loan, place) else None,
        "calls": home.bookings.holding().filter(day=today).count() if may_at(user, "view", Booking, place) else None,
        "log": log if may_at(user, "view", HomeDayLog, place) else None,
        "sees_closures": may_at(user, "view", Closure, place),
        "manager": managers_of([home], user).get(home.pk),
    }
    return "premises/home_section.html", context


@home_section(order=10, of="repair")
def wish_for_givers(request, repair):
    """Whether givers read of what is needed for the repair."""
    user, place = request.user, repair.community_id
    if not may_at(user, "view", HomeWish, place):
        return None
    wishes = list(repair.wishes.order_by("-pk"))
    may_show = repair.status in repair.UNSETTLED and repair.home.is_open and may_at(user, "add", HomeWish, place)
    may_show = may_show and not any(wish.is_running for wish in wishes)
    return ("premises/repair_section.html", {"wishes": wishes, "may_show": may_show}) if wishes or may_show else None
