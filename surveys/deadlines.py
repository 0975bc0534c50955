"""When the rosters of open survey rounds are due."""

from django.utils import timezone
from django.utils.translation import gettext as _

from records.deadlines import MOST_OF_A_KIND, Deadline, falls_due
from surveys.models import Roster, SurveyRound


@falls_due
def rosters(user, first, last):
    if not (codes := user.codes_for(Roster, "add")):
        return
    asking = SurveyRound.objects.none()
    for code in codes:
        asking |= SurveyRound.objects.covering(code).open_on(timezone.localdate())
    handed_in = Roster.objects.visible_to(user).handed_in().values("round")
    waiting = asking.filter(due_on__lte=last).exclude(pk__in=handed_in)
    for one in waiting.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        yield Deadline(one.due_on, one.title, one.get_absolute_url(), note=_("roster"))
