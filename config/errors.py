"""Error pages that need no database and tell nothing."""

from django.http import HttpResponse
from django.template.loader import get_template


def _page(template, status):
    response = HttpResponse(get_template(template).render(), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request, exception=None):
    return _page("400.html", 400)


def forbidden(request, exception=None):
    return _page("403.html", 403)


def not_found(request, exception=None):
    return _page("404.html", 404)


def broken(request):
    return _page("500.html", 500)


def unavailable(request):
    response = _page("503.html", 503)
    response["Retry-After"] = "10"
    return response


def csrf_failure(request, reason=""):
    return _page("403_csrf.html", 403)
