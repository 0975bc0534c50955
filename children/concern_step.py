"""The way from any form to the concern step and back: nothing typed is lost, nothing has to be right first."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from records.drafts import Draft, typed_in

CONCERN = "concern"  # the name of the button on every form


def set_aside_for_a_concern(request, key, child, *, step=None):
    """Keep what was typed as the form's draft and lead to the concern step, which leads back to the form."""
    typed = {name: value for name, value in typed_in(request.POST).items() if name != CONCERN}
    try:
        Draft.keep(request.user, key, typed)
    except ValidationError:
        pass  # too long for a draft: the concern is not held up by it
    step = step or reverse("children:raise_concern", args=[child.pk])
    return redirect(f"{step}?{urlencode({'next': request.get_full_path()})}")


def form_to_return_to(request):
    """The form that led here, as an address on this site; empty when there is none."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address[:500] if is_ours and address.startswith("/") else ""
