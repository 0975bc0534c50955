"""What is counted about survey rounds and their rosters."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from records.measures import AS_TODAY, GAP, IN_PERIOD, measure
from surveys.models import Reminder, Roster, SurveyRound

URGENT = 1


def _page():
    return reverse("surveys:rosters")


def _latest_round(day):
    """The round, of those begun by `day`, that asks a community last: by the community's own code."""
    asks = Q(division=OuterRef("code")) | Q(division=OuterRef("parent")) | Q(division=OuterRef("parent__parent"))
    return SurveyRound.objects.filter(asks, opens_on__lte=day).order_by("-due_on", "-pk").values("pk")[:1]


def _communities(scope, day):
    communities = Division.objects.within(scope).filter(level="community")
    return communities.annotate(asked_in=Subquery(_latest_round(day))).exclude(asked_in=None)


@measure(
    _("Rosters handed in"),
    definition=_("Rosters that communities first handed in to the street office in the period, and not returned."),
    hides_small=False,
    when=IN_PERIOD,
)
def rosters_handed_in(scope, period):
    sent = Roster.objects.within(scope).handed_in()
    return sent.filter(handed_in_on__range=(period.start, period.end))


@measure(
    _("Rosters to hand in"),
    definition=_("Communities whose roster for the latest round is not begun or still a draft."),
    kind=GAP,
    urgency=URGENT,
    act=_("Hand in the roster"),
    page=_page,
    needs="surveys.add_roster",
    hides_small=False,
)
def rosters_to_hand_in(scope, period):
    sent = Roster.objects.exclude(status=Roster.Status.DRAFT)
    sent = sent.filter(community=OuterRef("pk"), round=OuterRef("asked_in"))
    return _communities(scope, period.end).filter(~Exists(sent))


@measure(
    _("Rosters returned"),
    definition=_("Rosters that the street office returned with remarks and that were not handed in again."),
    kind=GAP,
    urgency=URGENT,
    act=_("Correct and hand in"),
    page=_page,
    needs="surveys.add_roster",
    hides_small=False,
    when=AS_TODAY,
)
def rosters_returned(scope, period):
    return Roster.objects.within(scope).filter(status=Roster.Status.RETURNED)


@measure(
    _("Reminders of the street office"),
    definition=_("Reminders to hand in a roster that were not answered with one so far."),
    kind=GAP,
    urgency=URGENT,
    act=_("Hand in the roster"),
    page=_page,
    needs="surveys.add_roster",
    hides_small=False,
    when=AS_TODAY,
)
def roster_reminders(scope, period):
    return Reminder.objects.within(scope).unanswered()


@measure(
    _("Rosters to check"),
    definition=_("Rosters that communities handed in and the street office has neither accepted nor returned."),
    kind=GAP,
    urgency=URGENT,
    act=_("Accept or return"),
    page=_page,
    needs="surveys.decide_roster",
    hides_small=False,
    when=AS_TODAY,
)
def rosters_to_check(scope, period):
    return Roster.objects.within(scope).filter(status=Roster.Status.SUBMITTED)


@measure(
    _("Communities that have not reported"),
    definition=_("Communities that have not handed in a roster for the latest round that asks them."),
    kind=GAP,
    urgency=URGENT,
    act=_("See and remind"),
    page=_page,
    needs="surveys.add_reminder",
    hides_small=False,
)
def communities_not_reported(scope, period):
    handed_in = Roster.objects.handed_in().filter(community=OuterRef("pk"), round=OuterRef("asked_in"))
    return _communities(scope, period.end).filter(~Exists(handed_in))
