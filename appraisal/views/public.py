"""The public page of commendations: what is agreed to today, in the words of the nomination, and no child's name."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appraisal.models import Nomination
from appraisal.naming import public_name
from communities.models import Division
from communities.throttle import may

YEARS_SHOWN = 2
SHOWN = 200


def published_in(code):
    """[(nomination, the name everybody reads)] of a division, the newest first."""
    rows = Nomination.objects.published().filter(community__pk__startswith=code, district=code[:6])
    rows = rows.filter(call__year__gt=timezone.localdate().year - YEARS_SHOWN)
    rows = rows.select_related("call", "community", "helper", "home").order_by("-call__year", "call__kind", "-pk")
    return [(one, public_name(one)) for one in rows[:SHOWN]]


@require_safe
@never_cache
def commended(request, code):
    if not may(request, "public_look"):
        return render(request, "appraisal/commended.html", {"is_too_often": True}, status=429)
    place = Division.objects.filter(pk=code).first()
    if place is None:
        raise Http404
    return render(request, "appraisal/commended.html", {"place": place, "lines": published_in(place.pk)})
