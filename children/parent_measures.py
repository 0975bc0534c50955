"""What is counted about the parents of the children on the register."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children import parents_in_sql
from children.models import Child
from records.measures import GAP, measure

_CHANGE = "children.change_child"


def _register(key):
    return lambda: reverse("admin:children_child_changelist") + f"?follow={key}"


def _follow_up(key, scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(parents_in_sql.FOLLOW_UPS[key](period.end))


@measure(
    _("Children neither of whose parents can be reached"),
    definition=_(
        "Children on the register at the end of the period with both parents away, where for 60 days neither was "
        "reached or in touch with a child of theirs and nobody verified where they are."
    ),
    version=2,
    earlier={
        1: _(
            "Children on the register at the end of the period with both parents away, where for 60 days neither was "
            "reached and nobody verified where they are."
        )
    },
    kind=GAP,
    needs=_CHANGE,
    act=_("Try to reach them"),
    page=_register("unreachable"),
    urgency=1,
)
def parents_unreachable(scope, period):
    return _follow_up("unreachable", scope, period)


@measure(
    _("Parents returned: close or keep?"),
    definition=_(
        "Children on the register at the end of the period who do not count because a parent came back, and whose file "
        "nobody has reviewed since."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Review the files"),
    page=_register("back"),
)
def parents_returned(scope, period):
    return _follow_up("back", scope, period)


@measure(
    _("Children whose parent should be back by now"),
    definition=_(
        "Children on the register at the end of the period with a parent still on file as away after the day on which "
        "they were expected back."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Ask the family"),
    page=_register("expected"),
)
def parents_expected_back(scope, period):
    return _follow_up("expected", scope, period)


@measure(
    _("Children whose parents' place was not verified lately"),
    definition=_(
        "Children on the register at the end of the period with a parent away whose place nobody has verified for the "
        "months that the installation sets (3 unless it says otherwise)."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Ask the family"),
    page=_register("unverified"),
    urgency=3,
)
def parents_unverified(scope, period):
    return _follow_up("unverified", scope, period)


@measure(
    _("Children who turned 16 since the last roster"),
    definition=_(
        "Children on the register at the end of the period who turned 16 since the last 22 April and whose file nobody "
        "has reviewed since. They leave the count; the file stays open until they are 18."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Review the files"),
    page=_register("turned_16"),
    urgency=3,
)
def turned_16(scope, period):
    return _follow_up("turned_16", scope, period)
