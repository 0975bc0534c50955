"""Paper: a printable form of a record, as HTML with print rules. Declared once by the app that owns the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import qrcode
from django.apps import apps
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override

from records.discovery import import_from_apps
from records.lifecycle import Refused
from records.policy import NotVisible
from records.step_up import ask_again
from records.trail import log_act

SHEETS_AT_MOST = 200
ANY_MASK = 2  # every reader takes every mask; trying all eight takes nine times as long


@dataclass(frozen=True)
class Paper:
    """`context(rows, user)` gives what the template needs; one sheet for each row."""

    name: str
    model: str
    title: Any
    template: str
    context: Callable
    shows_secrets: bool = False  # printed only after the password was typed lately
    has_choices: bool = False  # `context(rows, user, asked)`: the address says which part of the record to print


_papers: dict[str, Paper] = {}


def paper(name, *, model, title, template=None, shows_secrets=False, has_choices=False):
    """Register the decorated function `(rows, user) -> dict` as the context of a paper."""

    def register(function):
        where = template or f"papers/{name}.html"
        _papers[name] = Paper(name, model, title, where, function, shows_secrets, has_choices)
        return function

    return register


def get(name):
    """The paper called `name`; KeyError when there is none."""
    import_from_apps("papers", beside=["records"])
    return _papers[name]


def _page_before(request):
    """The page of ours that led here, as the browser says."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
    return before if ours and urlsplit(before).path != request.path else ""


def print_paper(request, name, pk=None):
    """One record's paper, or one sheet for each of `?keys=1,2,3`: only rows in scope, and on the trail.

    What the paper's `context` refuses is said in its words, and nothing is printed."""
    try:
        found = get(name)
    except KeyError:
        raise Http404 from None
    model = apps.get_model(found.model)
    keys = [pk] if pk is not None else request.GET.get("keys", "").split(",")[:SHEETS_AT_MOST]
    try:
        rows = list(model.objects.visible_to(request.user).filter(pk__in=[int(k) for k in keys if k]))
    except (ValueError, OverflowError):
        rows = []
    if not rows:
        raise NotVisible(model, pk)
    choices = [request.GET] if found.has_choices else []
    context = {"title": found.title, "rows": rows, "back_url": _page_before(request)}
    try:
        context |= found.context(rows, request.user, *choices)
    except Refused as refusal:
        return render(request, "papers/refused.html", {**context, "why": refusal.message}, status=403)
    if found.shows_secrets:
        ask_again(request)  # what the person would not get asks for nothing
    for row in rows:
        log_act(request.user, f"printed {found.name}", row)
    response = render(request, found.template, context)
    response["Cache-Control"] = "no-store"
    return response


class Both:
    """A text in Chinese and in English, whatever language the page is in."""

    def __init__(self, words):
        with override("zh-hans"):
            self.zh = str(words)
        with override("en"):
            self.en = str(words)


def qr_svg(text):
    """A QR code as an inline SVG element, black on nothing."""
    code = qrcode.QRCode(border=1, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=ANY_MASK)
    code.add_data(text)
    lines = code.get_matrix()
    dark = "".join(f"M{x},{y}h1v1h-1z" for y, line in enumerate(lines) for x, is_dark in enumerate(line) if is_dark)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">'
    return format_html(head + '<path d="{2}"/></svg>', len(lines), _("code to scan"), dark)
