"""Error pages that need no database and tell nothing."""

import sys

from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import get_template


def _page(template, status, context=None):
    response = HttpResponse(get_template(template).render(context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request, exception=None):
    return _page("400.html", 400)


def forbidden(request, exception=None):
    return _page("403.html", 403)


def not_found(request, exception=None):
    return _page("404.html", 404)


def broken(request):
    if isinstance(sys.exc_info()[1], OperationalError):  # outside a view: while reading the session, say
        return unavailable(request)
    return _page("500.html", 500)


def unavailable(request):
    """Keeps what was typed: the page carries the fields and a button that sends them again."""
    try:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        typed = [] if any("password" in name for name, _value in typed) else typed
    except Exception:  # whatever a broken body raises, the page still comes
        typed = []
    response = _page("503.html", 503, {"typed": typed, "path": request.get_full_path()})
    response["Retry-After"] = "10"
    return response


def csrf_failure(request, reason=""):
    return _page("403_csrf.html", 403)
