"""Laying out a scheme: from a template the actions of a year, each with its day."""

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Scheme, SchemeAction
from activities.scheme_templates import TEMPLATES
from activities.year import DAY, calendar_of, first_time
from records.trail import log_act


def year_after(day):
    """The last day of the year that begins on `day`."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day) - DAY


def asked_for(template, first_day, code):
    """The actions of a year from `first_day` on, by day: unsaved rows."""
    calendar = calendar_of(code)
    rows = [
        SchemeAction(
            community_id=code,
            part=str(asked.part),
            title=str(asked.title),
            kind=asked.kind,
            theme=asked.theme,
            due_on=first_time(asked.when, calendar, first_day),
        )
        for asked in TEMPLATES[template].actions
    ]
    return sorted(rows, key=lambda action: action.due_on)


def from_template(template, first_day, code):
    """The unsaved scheme of a template."""
    laid = TEMPLATES[template]
    last_day = year_after(first_day)
    years = sorted({first_day.year, last_day.year})
    return Scheme(
        community_id=code,
        title=_("%(title)s %(years)s") % {"title": laid.title, "years": "–".join(map(str, years))},
        purpose=str(laid.purpose),
        steps=str(laid.steps),
        organisers=str(laid.organisers),
        starts_on=first_day,
        ends_on=last_day,
    )


def by_part(actions):
    parts: dict[str, list] = {}
    for action in actions:
        parts.setdefault(action.part, []).append(action)
    return parts


@transaction.atomic
def begin_scheme(scheme, actions, *, by):
    """Save a scheme with its actions; it lasts at least until the last of them."""
    scheme.ends_on = max([scheme.ends_on, *(action.due_on for action in actions)])
    scheme.save()
    for action in actions:
        action.scheme, action.district = scheme, scheme.district
    SchemeAction.objects.bulk_create(actions)
    log_act(by, "drew up", scheme, actions=len(actions))
    return scheme
