"""What supervision and appraisal add up to, and what is left to do."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.models import Ballot, Call, Demand, Nomination, Visit
from communities.models import Division
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, measure
from records.scoping import Scope


def _last(period):
    return min(period.end, timezone.localdate())


def _inspects(user, office):
    """Whose `office` this person inspects for."""
    return Scope.of(*user.codes_for(Visit, "change")).at(office)


def demands_page(show):
    return reverse("supervision:demands") + f"?show={show}"


@measure(
    _("Supervision visits"),
    definition=_("Visits of the street office or the district to look at a community's work, held in the period."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def supervision_visits(scope, period):
    return Visit.objects.within(scope).held().filter(day__gte=period.start, day__lte=period.end)


@measure(
    _("Requirements of visits met"),
    definition=_("Requirements of supervision visits that the inspector looked at again and closed in the period."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def requirements_met(scope, period):
    closed = Demand.objects.within(scope).filter(status=Demand.Status.CLOSED)
    return closed.filter(settled_on__gte=period.start, settled_on__lte=period.end)


@measure(
    _("Requirements of visits past their day"),
    definition=_("Requirements of supervision visits that nobody has answered though their day is over."),
    kind=GAP,
    urgency=1,
    act=_("Answer or ask"),
    page=lambda: demands_page("overdue"),
    needs="appraisal.view_demand",
    hides_small=False,
    when=AS_TODAY,
)
def requirements_overdue(scope, period):
    return Demand.objects.within(scope).overdue_on(_last(period))


@measure(
    _("Requirements of visits to answer"),
    definition=_("Requirements of supervision visits whose day is still to come, and to which nothing is answered."),
    kind=GAP,
    act=_("Say what was done"),
    page=lambda: demands_page("open"),
    needs="appraisal.answer_demand",
    hides_small=False,
    when=AS_TODAY,
)
def requirements_to_answer(scope, period):
    return Demand.objects.within(scope).to_answer().filter(due_on__gte=_last(period))


@measure(
    _("Answers to look at again"),
    definition=_("Requirements of supervision visits that the community has answered and no inspector has looked at."),
    kind=GAP,
    urgency=1,
    act=_("Look at it again"),
    page=lambda: demands_page("answered"),
    needs="appraisal.change_visit",
    mine=lambda user: _inspects(user, "visit__office_id"),
    hides_small=False,
    when=AS_TODAY,
)
def answers_to_look_at(scope, period):
    return Demand.objects.within(scope).to_look_at()


@measure(
    _("Supervision visits to write up"),
    definition=_("Visits whose day has come and of which nobody has said what was found or that they were called off."),
    kind=GAP,
    act=_("Write the visit up"),
    page=lambda: reverse("supervision:visits"),
    needs="appraisal.change_visit",
    mine=lambda user: _inspects(user, "office_id"),
    hides_small=False,
    when=AS_TODAY,
)
def visits_to_write_up(scope, period):
    return Visit.objects.within(scope).filter(status=Visit.Status.PLANNED, day__lte=_last(period))


@measure(
    _("Communities without a supervision visit this year"),
    definition=_("Communities to which no visit was held or is planned in the year of the period's end."),
    kind=GAP,
    urgency=3,
    act=_("Plan a visit"),
    page=lambda: reverse("supervision:plan"),
    needs="appraisal.add_visit",
    hides_small=False,
)
def communities_not_visited(scope, period):
    visited = Visit.objects.of_year(period.end.year).exclude(status=Visit.Status.CALLED_OFF)
    communities = Division.objects.within(scope).filter(level="community")
    return communities.exclude(pk__in=visited.values("community"))


@measure(
    _("Commendations"),
    definition=_("Nominations of communities that were awarded in the period and whose award was not revoked."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def commendations(scope, period):
    awarded = Nomination.objects.within(scope).awarded()
    return awarded.filter(decided_on__gte=period.start, decided_on__lte=period.end)


@measure(
    _("Calls for nominations not yet answered"),
    definition=_("Communities that an open call for nominations asks and that have not nominated anybody for it."),
    kind=GAP,
    urgency=3,
    act=_("Nominate"),
    page=lambda: reverse("appraisal:calls"),
    needs="appraisal.add_nomination",
    hides_small=False,
    when=AS_TODAY,
)
def calls_not_answered(scope, period):
    calls = Call.objects.open().filter(nominate_until__gte=_last(period))
    asking = calls.filter(Q(division=Left(OuterRef("code"), 6)) | Q(division=Left(OuterRef("code"), 9)))
    mine = Nomination.objects.exclude(status=Nomination.Status.WITHDRAWN).filter(
        call=OuterRef("pk"), community=OuterRef(OuterRef("code"))
    )
    communities = Division.objects.within(scope).filter(level="community")
    return communities.filter(Exists(asking.exclude(Exists(mine))))


@measure(
    _("My votes to cast"),
    definition=_("Nominations on whose committee you sit and on which you have neither voted nor declared a conflict."),
    kind=GAP,
    urgency=1,
    act=_("Vote"),
    page=lambda: reverse("appraisal:calls"),
    needs="appraisal.view_ballot",
    own="member",
    hides_small=False,
    when=AS_TODAY,
)
def votes_to_cast(scope, period):
    return Ballot.objects.within(scope).to_cast()


@measure(
    _("Nominations to decide"),
    definition=_("Nominations of calls whose last day is over and on which nothing is decided."),
    kind=GAP,
    act=pgettext_lazy("award", "Decide"),
    page=lambda: reverse("appraisal:calls"),
    needs="appraisal.decide_call",
    mine=lambda user: Q(call__division__in=user.codes_for(Call, "decide")),
    hides_small=False,
    when=AS_TODAY,
)
def nominations_to_decide(scope, period):
    return Nomination.objects.within(scope).to_decide_on(_last(period))
