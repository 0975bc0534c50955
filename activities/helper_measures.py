"""What is counted of the helpers who lead activities or are at hand for a children's group."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import ChildrenGroup, Session
from records.measures import GAP, measure

LOOK_AHEAD = dt.timedelta(days=14)


@measure(
    _("Sessions led by somebody whose checks are not in order"),
    definition=_(
        "Sessions of the 14 days from the end of the period on that are led by a helper who will have left by then, or "
        "of whom something that is asked of helpers will be missing."
    ),
    kind=GAP,
    urgency=1,
    act=_("Renew the check, or name another leader"),
    page=lambda: f"{reverse('activities:todo')}#lead",
    needs="activities.change_session",
    hides_small=False,
)
def sessions_led_uncleared(scope, period):
    return Session.objects.within(scope).led_uncleared(period.end, period.end + LOOK_AHEAD)


@measure(
    _("Children's groups with a helper whose checks are not in order"),
    definition=_(
        "Neighbourhood children's groups that stand today, with a helper who has left by the end of the period or of "
        "whom something that is asked of helpers is missing on it."
    ),
    kind=GAP,
    urgency=1,
    act=_("Renew the check, or name another helper"),
    page=lambda: reverse("activities:groups"),
    needs="activities.change_childrengroup",
    hides_small=False,
)
def groups_helped_uncleared(scope, period):
    return ChildrenGroup.objects.within(scope).standing().helped_uncleared(period.end)
