"""What the leading group's meetings add up to, and what is left to do after them."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Decision, Meeting
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, measure


def _held(scope, period, kind):
    return Meeting.objects.within(scope).held().filter(kind=kind, day__gte=period.start, day__lte=period.end)


@measure(
    _("Study meetings"),
    definition=_("Meetings of the leading group in the period that studied the children's problems."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def study_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.STUDY)


@measure(
    _("Special meetings"),
    definition=_("Special meetings of the leading group in the period, with summary, opinions and requirements."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def special_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.SPECIAL)


@measure(
    _("Exchange meetings"),
    definition=_("Meetings in the period at which experience was exchanged."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def exchange_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.EXCHANGE)


@measure(
    _("What I promised in meetings"),
    definition=_("Decisions of meetings that are open and that you said you would carry out."),
    kind=GAP,
    act=_("Say what came of it"),
    page=lambda: reverse("meetings:decisions") + "?mine=1",
    needs="communities.change_decision",
    own="owner__account",
    hides_small=False,
    when=AS_TODAY,
)
def promised_in_meetings(scope, period):
    return Decision.objects.within(scope).open()


@measure(
    _("Decisions of meetings past their day"),
    definition=_("Decisions of meetings that are open though the day by which they were to be carried out is over."),
    kind=GAP,
    act=_("Ask and note"),
    page=lambda: reverse("meetings:decisions"),
    needs="communities.change_decision",
    hides_small=False,
)
def decisions_overdue(scope, period):
    return Decision.objects.within(scope).overdue(min(period.end, timezone.localdate()))


@measure(
    _("Meetings to write up"),
    definition=_("Meetings whose day has come and of which nobody has said that they were held or called off."),
    kind=GAP,
    act=_("Write up"),
    page=lambda: reverse("meetings:list"),
    needs="communities.change_meeting",
    hides_small=False,
)
def meetings_to_write_up(scope, period):
    last = min(period.end, timezone.localdate())
    return Meeting.objects.within(scope).filter(status=Meeting.Status.PLANNED, day__lte=last)
