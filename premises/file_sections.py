"""What a child's file shows of the Home: visits, calls to the parents, books."""

from django.db.models import Count, Max

from children.sections import file_section
from premises.models import Booking, ChildVisit, Loan

SHOWN = 20


@file_section(tab="activities", order=60, needs="premises.view_childvisit")
def at_the_home(request, child):
    user = request.user
    visits = ChildVisit.objects.visible_to(user).filter(child=child, came=True)
    loans = Loan.objects.visible_to(user).filter(child=child).order_by("-out_on", "-pk")
    calls = Booking.objects.visible_to(user).filter(child=child).exclude(status="given_back")
    context = {
        **visits.aggregate(how_often=Count("pk"), last=Max("log__day")),
        "loans": list(loans[:SHOWN]),
        "calls": list(calls.order_by("-day", "-starts_at")[:SHOWN]),
    }
    if not (context["how_often"] or context["loans"] or context["calls"]):
        return None
    return "premises/file_section.html", context
