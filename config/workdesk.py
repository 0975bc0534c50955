"""What needs me today: the gaps in the person's divisions, each line a number, a list and an act."""

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from records import measures
from records.measures import GAP, Period
from records.scoping import Scope

ICONS = {"children": "children", "volunteers": "hands", "activities": "calendar", "homes": "home", "reports": "report"}


def workdesk(request):
    """Groups of lines, most urgent first: [{"title", "icon", "lines": [{"label", "count", "url", …}]}]."""
    today = Period.day(timezone.localdate())
    groups: dict[str, list] = {}
    for gap in sorted(measures.all_measures(GAP), key=lambda m: m.urgency):
        if gap.needs and not request.user.has_perm(gap.needs):
            continue
        scope = Scope.of(*request.user.codes_for(gap.model))
        if not scope.codes or not (count := gap.count(scope, today)):
            continue
        explained = reverse("reports:measure", args=[gap.key])
        line = {"label": gap.label, "count": count, "url": explained, "tone": "stop" if gap.urgency == 0 else "todo"}
        if gap.act:
            line |= {"act_label": gap.act, "act_url": gap.page() if gap.page else explained}
        groups.setdefault(gap.rows.__module__.partition(".")[0], []).append(line)
    return [
        {"title": apps.get_app_config(app).verbose_name, "icon": ICONS.get(app, "desk"), "lines": lines}
        for app, lines in groups.items()
    ]
