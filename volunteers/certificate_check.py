"""A public page: is this certificate of service true? Number, day, hours, valid or not; never a name."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.throttle import may
from records.codes import typed_number
from volunteers.models import Certificate

COLUMNS = ["number", "issued_on", "minutes", "status", "revoked_on"]


@require_safe
@never_cache
def ask_number(request):
    """For those who have the paper and no camera."""
    typed = request.GET.get("number", "")
    if number := typed_number(typed):
        return redirect("certificate", number)
    return render(request, "certificate.html", {"typed": typed, "found": None})


@require_safe
@never_cache
def certificate(request, number):
    if not may(request, "public_look"):
        return render(request, "certificate.html", {"typed": number, "is_too_often": True}, status=429)
    wanted = typed_number(number)
    found = Certificate.objects.only(*COLUMNS).filter(number=wanted).first() if wanted else None
    status = 200 if found else 404
    return render(request, "certificate.html", {"found": found, "typed": number, "asked": True}, status=status)
