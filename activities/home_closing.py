"""A Home closes when no activity is still to be held in it: later nobody would be told that the room is gone."""

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Session
from homes.closing import before_closing


@before_closing
def sessions_ahead(home):
    if Session.objects.not_cancelled().filter(home=home, day__gte=timezone.localdate()).with_no_trace().exists():
        return _("Activities are still to be held in the Home: move or cancel their days first.")
    return None
