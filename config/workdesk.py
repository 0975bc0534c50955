"""What needs me today: what cannot wait, what falls due, the gaps of the person's divisions, the coming days.

Each line is a number, a list and an act.
"""

import datetime as dt
import re
from urllib.parse import urlsplit

from django.apps import apps
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from records import deadlines, measures, policy
from records.days import countdown
from records.measures import AHEAD, GAP, Period
from records.scoping import Scope
from records.staff_filters import COUNT_LIMIT
from volunteers import weekly

ICONS = {
    "communities": "talk",
    "children": "children",
    "surveys": "list",
    "guardianship": "shield",
    "counselling": "talk",
    "support": "gift",
    "gifts": "gift",
    "volunteers": "hands",
    "activities": "calendar",
    "homes": "home",
    "premises": "home",
    "reports": "report",
    "appraisal": "star",
}

TITLES = {"communities": _("Meetings")}  # of apps whose own name says something else here

AT_ONCE = 0  # gaps of this urgency and less stand before everything else
SOON_DAYS = 3
DEADLINES_AHEAD = dt.timedelta(days=14)

NEW_WEEK = {"label": _("The week of the five ones is ready to read"), "count": 1, "shown": _("new"), "tone": "info"}


def workdesk(request):
    """Groups of lines, most urgent first: [{"title", "icon", "lines": [{"label", "count", "url", …}]}].

    A count goes to a thousand and no further, for this is the page everybody opens first.
    """
    today = Period.day(timezone.localdate())
    groups: dict[str, list] = {}
    at_once: list[dict] = []
    lines_ahead = [*measures.all_measures(GAP), *measures.all_measures(AHEAD)]
    for gap in sorted(lines_ahead, key=lambda m: m.urgency):
        if gap.needs and not request.user.has_perm(gap.needs):
            continue
        scope = request.user.scope if gap.own else Scope.of(*request.user.codes_for(gap.model))
        if not scope.codes or not (count := gap.count_to(COUNT_LIMIT, request.user, scope, today)):
            continue
        explained = reverse("reports:measure", args=[gap.key])
        address = gap.page() if gap.page else explained
        line = {"label": gap.label, "count": count, "url": address if gap.own or gap.mine else explained}
        line["tone"] = "stop" if gap.urgency <= 0 else "todo"
        line["shown"] = f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else count
        line["note"] = gap.note(scope, today) if gap.note else ""
        if gap.act and may_open(request.user, address):
            line |= {"act_label": gap.act, "act_url": address}
        if gap.kind == AHEAD:
            line["tone"] = "info"
        app = gap.rows.__module__.partition(".")[0]
        (at_once if gap.urgency <= AT_ONCE else groups.setdefault(app, [])).append(line)
    if request.user.has_perm("volunteers.view_weekdigest") and weekly.is_unread_by(request.user):
        groups.setdefault("volunteers", []).append(NEW_WEEK | {"url": reverse("five_ones:week")})
    first = [
        {"title": _("At once"), "icon": "shield", "lines": at_once},
        {"title": _("Falls due"), "icon": "calendar", "lines": _deadlines(request.user, today.end)},
    ]
    return [group for group in first if group["lines"]] + [
        {
            "title": TITLES.get(app) or apps.get_app_config(app).verbose_name,
            "icon": ICONS.get(app, "desk"),
            "lines": lines,
        }
        for app, lines in groups.items()
    ]


def _deadlines(user, today):
    """What falls due within a fortnight and what is over its day, with the days that are left."""
    lines = []
    for deadline in deadlines.until(user, today, today + DEADLINES_AHEAD):
        left = (deadline.day - today).days
        said = [date_format(deadline.day), countdown(left), str(deadline.note)]
        lines.append(
            {
                "label": deadline.words,
                "count": 1,
                "shown": "!" if left < 0 else left,
                "note": " · ".join(filter(None, said)),
                "tone": "stop" if left < 0 else "todo" if left <= SOON_DAYS else "info",
                "url": deadline.url,
            }
        )
    return lines


def may_open(user, address):
    """Whether the route's rule lets the person in, and on a staff page the permission too."""
    route = resolve(urlsplit(address).path).view_name
    rule = policy.rule_for(route)
    if rule is None or not rule(user):
        return False
    staff_page = re.fullmatch(r"admin:([a-z]+)_([a-z]+)_(add|changelist)", route)
    if not staff_page:
        return True
    app, model, page = staff_page.groups()
    return user.has_perm(f"{app}.{'add' if page == 'add' else 'view'}_{model}")
