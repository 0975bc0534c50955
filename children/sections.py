"""The child's file is made of sections. Higher apps add theirs here, without this app hearing of them.

In an app's `file_sections.py`:

    @file_section(tab="activities", order=50, needs="activities.view_activity")
    def attendance(request, child):
        return "activities/file_section.html", {"rows": …}   # or None: nothing to show
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from records.discovery import import_from_apps

TABS = {
    "overview": _("Overview"),
    "family": _("Family"),
    "school": _("School & health"),
    "growth": _("Needs & growth"),
    "care": _("Care"),
    "helpers": _("Helpers"),
    "activities": _("Activities"),
    "history": _("Who looked"),
}


@dataclass(frozen=True)
class FileSection:
    tab: str
    order: int
    needs: str | None
    function: Callable

    def shown_to(self, user):
        return self.needs is None or user.has_perm(self.needs)

    def render(self, request, child, context):
        """`request` asks as the person is at the child's place: whatever a section asks of them is asked there."""
        request = copy(request)
        request.user = request.user.at(child.community_id)
        answer = self.function(request, child)
        if answer is None:
            return ""
        template, own = answer
        return render_to_string(template, {**context, "child": child, **own}, request=request)


_sections: list[FileSection] = []


def file_section(*, order, tab="overview", needs=None):
    """Register the decorated function `(request, child) -> (template, context) or None` as a section of the file."""
    if tab not in TABS:
        raise ValueError(f"The file has no tab {tab!r}: one of {', '.join(TABS)}.")

    def register(function):
        _sections.append(FileSection(tab, order, needs, function))
        return function

    return register


def _all():
    import_from_apps("file_sections")
    return _sections


def tabs_for(user):
    """{key: words} of the tabs in which `user`, a person at the child's place, may see a section."""
    shown = {s.tab for s in _all() if s.shown_to(user)}
    return {key: words for key, words in TABS.items() if key in shown}


def sections_for(user, tab):
    return sorted((s for s in _all() if s.tab == tab and s.shown_to(user)), key=lambda s: s.order)
