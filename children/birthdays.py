"""Birthdays of the coming days, for whoever keeps the children's files: to be remembered, not to be published."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from records.measures import AHEAD, measure

DAYS_AHEAD = 7


def has_birthday_within(day, days=DAYS_AHEAD):
    """Born on a calendar day from `day` on, the day itself and `days` more; 29 February is 1 March in other years."""
    condition = Q(pk__in=())
    for ahead in (day + dt.timedelta(days=n) for n in range(days + 1)):
        condition |= Q(birth_date__month=ahead.month, birth_date__day=ahead.day)
        if (ahead.month, ahead.day) == (3, 1) and (ahead - dt.timedelta(days=1)).day != 29:
            condition |= Q(birth_date__month=2, birth_date__day=29)
    return condition & Q(birth_precision=Child.BirthPrecision.DAY)


@measure(
    _("Birthdays within 7 days"),
    definition=_(
        "Children on the register at the end of the period whose birthday is that day or one of the 7 days after it. "
        "Birth dates known only to the month do not count."
    ),
    kind=AHEAD,
    needs="children.change_child",
    act=_("Wish them well"),
    page=lambda: reverse("admin:children_child_changelist") + "?age=birthday",
    urgency=4,
)
def birthdays_soon(scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(has_birthday_within(period.end))
