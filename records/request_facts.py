"""Who asks, from where, on which page: known to whatever runs inside the request without being passed along.

The trail needs these for every act and every look. Taking them from the request once keeps views and verbs
free of it, and nobody can forget or forge them.
"""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings


@dataclass
class RequestFacts:
    user: object = None  # as lazy as the request's own: a page for everyone asks the database nothing
    address: str | None = None
    page: str = ""
    is_sent: bool = False  # a form, not a look
    # Refused looks wait here: a 404 undoes the view's transaction, and the entry would go with it.
    refusals: list = field(default_factory=list)

    @property
    def role(self):
        return roles_of(self.user)


_current: ContextVar[RequestFacts | None] = ContextVar("request_facts", default=None)


def current():
    """The facts of the request in progress, or None in a command."""
    return _current.get()


def address_of(request):
    """The caller's address. Of X-Forwarded-For only the last entry counts: our own proxy wrote that one."""
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(raw.partition("%")[0]))
    except ValueError:
        return None


def roles_of(user):
    return ", ".join(sorted(set(map(str, getattr(user, "roles", ())))))


class RequestFactsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        facts = RequestFacts(address=address_of(request))
        token = _current.set(facts)
        try:
            response = self.get_response(request)
            if facts.refusals:
                from records.trail import TrailEntry  # middleware is loaded before the models are

                TrailEntry.objects.bulk_create(facts.refusals)
            return response
        finally:
            _current.reset(token)

    def process_view(self, request, view_func, view_args, view_kwargs):
        facts = current()
        facts.page, facts.user = request.resolver_match.view_name, request.user
        facts.is_sent = request.method == "POST"
