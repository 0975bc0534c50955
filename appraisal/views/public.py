"""What everybody reads of commendations: those that are agreed to today, and whether a certificate is valid."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appraisal.models import Nomination
from appraisal.naming import public_name
from communities.models import Division
from communities.throttle import may
from records.codes import typed_number
from records.scoping import Scope

YEARS_SHOWN = 2
SHOWN = 200
COLUMNS = ["number", "status", "decided_on", "call__kind", "call__year"]
COLUMNS += [f"{place}__{name}" for place in ("community", "call__division") for name in ("name", "name_en")]


def published_in(code):
    """[(nomination, the name everybody reads)] of a division, the newest first."""
    rows = Nomination.objects.published().within(Scope.of(code))
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


@require_safe
@never_cache
def ask_number(request):
    """For those who have the paper and no camera."""
    typed = request.GET.get("number", "")
    if number := typed_number(typed):
        return redirect("award", number)
    return render(request, "appraisal/award.html", {"typed": typed})


@require_safe
@never_cache
def award(request, number):
    """Is this certificate of commendation true? Kind, year and community, valid or not; a name only if it is public."""
    if not may(request, "public_look"):
        return render(request, "appraisal/award.html", {"typed": number, "is_too_often": True}, status=429)
    wanted = typed_number(number)
    rows = Nomination.objects.select_related("call__division", "community")
    found = rows.only(*COLUMNS).filter(number=wanted).first() if wanted else None
    context = {"found": found, "name": _name_in_public(found), "typed": number, "asked": True}
    return render(request, "appraisal/award.html", context, status=200 if found else 404)


def _name_in_public(found):
    """What the public page of commendations calls it; "" where it stands on none."""
    told = Nomination.objects.published().filter(pk=found.pk) if found else Nomination.objects.none()
    one = told.select_related("call", "helper", "home").first()
    return public_name(one) if one else ""
