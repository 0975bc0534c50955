"""What is counted of the helpers who lead activities."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Session
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
