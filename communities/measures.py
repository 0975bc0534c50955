"""What the leading group's meetings add up to."""

from django.utils.translation import gettext_lazy as _

from communities.models import Meeting
from records.measures import FIGURE, measure


def _held(scope, period, kind):
    return Meeting.objects.within(scope).filter(kind=kind, held_on__gte=period.start, held_on__lte=period.end)


@measure(
    _("Study meetings"),
    definition=_("Meetings of the leading group in the period that studied the children's problems."),
    kind=FIGURE,
    hides_small=False,
)
def study_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.STUDY)


@measure(
    _("Special meetings"),
    definition=_("Special meetings of the leading group in the period, with summary, opinions and requirements."),
    kind=FIGURE,
    hides_small=False,
)
def special_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.SPECIAL)


@measure(
    _("Exchange meetings"),
    definition=_("Meetings in the period at which experience was exchanged."),
    kind=FIGURE,
    hides_small=False,
)
def exchange_meetings(scope, period):
    return _held(scope, period, Meeting.Kind.EXCHANGE)
