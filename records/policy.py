"""Who may open which route: deny first, and a table that every route must be in.

`config.policy.POLICY` maps view names ("children:file", or "admin:*" for a whole namespace) to a rule. A route the
table does not know does not exist. Rules decide about the page; `visible_to` decides about the rows.

Rows of which nothing is written any more are looked at only. In an app's `closed_rows.py`:

    @closes
    def of_an_erased_file(row, page):
        return words, address                     # or None; words for the person, and where they can look
"""

from collections.abc import Callable
from importlib import import_module

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect

from records import request_facts
from records.discovery import import_from_apps
from records.trail import log_refused

_closings: list[Callable] = []


def closes(function):
    """Register the decorated function `(row, page)`."""
    _closings.append(function)
    return function


def everyone(user):
    return True


def signed_in(user):
    return user.is_authenticated


def staff(user):
    return user.is_authenticated and user.is_staff


def holds(*permissions, of=None):
    """The rule for pages that need one of the given permissions; `of` is the model whose row the page's key names."""

    def rule(user):
        return user.is_authenticated and any(user.has_perm(p) for p in permissions)

    rule.of = of
    rule.permissions = permissions
    return rule


def has_role(name, of=None):
    """The rule for pages of one role; `of` as in `holds`."""

    def rule(user):
        return user.is_authenticated and any(role == name for role in user.roles)

    rule.of = of
    return rule


def rule_for(view_name):
    """The rule the table gives a view name, or None."""
    table = import_module("config.policy").POLICY
    if view_name in table:
        return table[view_name]
    namespace = view_name.rpartition(":")[0]
    return table.get(f"{namespace}:*") if namespace else None


class NotVisible(Http404):
    """A row out of scope, answered exactly like one that never existed, and put on the trail when it does exist."""

    def __init__(self, model, key):
        super().__init__()
        self.model, self.key = model, key


class Closed(Exception):
    """A row in scope that is looked at only, on a page that writes."""

    def __init__(self, words, address):
        super().__init__(words)
        self.words, self.address = words, address


def visible_or_404(rows, user, action="view", **lookup):
    """The one row of `rows` (a manager or queryset) that `user` may `action`; else a 404 that tells nothing.

    What the page's rule asks of another model, for whose rows the page is opened from this one, is asked again of
    this row's place: a right held elsewhere opens nothing here.
    """
    try:
        row = rows.visible_to(user, action).get(**lookup)
    except (rows.model.DoesNotExist, ValueError, TypeError, OverflowError):
        raise NotVisible(rows.model, lookup.get("pk")) from None
    if not _page_is_open_at(row, user):
        raise NotVisible(rows.model, row.pk)
    _refuse_if_closed(row, action)
    return row


def _refuse_if_closed(row, action):
    facts = request_facts.current()
    if facts is None or not (facts.is_sent or action != "view"):
        return
    import_from_apps("closed_rows")
    for closing in _closings:
        if answer := closing(row, facts.page):
            raise Closed(*answer)


def _page_is_open_at(row, user):
    facts = request_facts.current()
    rule = rule_for(facts.page) if facts and facts.page else None
    if getattr(rule, "of", None) != row._meta.label or not hasattr(rule, "permissions"):
        return True
    return any(
        _is_about(permission, row) or user.at(row.community_code()).has_perm(permission)
        for permission in rule.permissions
    )


def _is_about(permission, row):
    """Whether the permission is one of the row's own model: `visible_to` has asked for what the page does with it."""
    app, _dot, codename = permission.partition(".")
    return (app, codename.partition("_")[2]) == (row._meta.app_label, row._meta.model_name)


class PolicyMiddleware(LoginRequiredMiddleware):
    """Asks the policy table before any view runs; anonymous people are sent to sign in."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        name = request.resolver_match.view_name
        rule = rule_for(name) if name else None
        if rule is everyone:
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if rule is None or not rule(request.user):
            if model := getattr(rule, "of", None):  # a look at somebody's file, though the page stayed closed
                log_refused(request.user, apps.get_model(model), view_kwargs.get("pk"), page=name)
            raise Http404
        return None

    def process_exception(self, request, exception):
        if isinstance(exception, Closed):
            messages.error(request, exception.words)
            return redirect(exception.address)
        return self._noted(request, exception)

    def _noted(self, request, exception):
        """The view's transaction is already rolled back here, so the refused look is written on its own."""
        if isinstance(exception, NotVisible) and exception.key is not None:
            log_refused(request.user, exception.model, exception.key, page=request.resolver_match.view_name)
        return None
