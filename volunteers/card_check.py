"""A public page: is this pairing card valid today? Yes or no; a code that never was answers like one that has ended."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.throttle import may
from volunteers.models import Pairing


@require_safe
@never_cache
def card(request, code):
    today = timezone.localdate()
    if not may(request, "public_look"):
        return render(request, "card_check.html", {"is_too_often": True, "today": today}, status=429)
    valid = Pairing.objects.current().filter(card_code=code, volunteer__cleared_until__gte=today)
    in_service = valid.exclude(volunteer__left_on__lte=today)
    return render(request, "card_check.html", {"is_valid": in_service.exists(), "today": today})
