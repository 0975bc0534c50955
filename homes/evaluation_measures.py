"""Steps of the yearly evaluation that wait for somebody, or are past their day."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from homes.models import Evaluation
from records.measures import AS_TODAY, GAP, measure


def _page():
    return reverse("evaluations:years")


def waiting(label, *, definition, act, **details):
    facts = {"kind": GAP, "hides_small": False, "page": _page, "belongs_to": "home"}
    return measure(label, definition=definition, act=act, **{**facts, **details})


def _rows(scope):
    return Evaluation.objects.within(scope)


@waiting(
    _("Evaluation: self-checks overdue"),
    definition=_("Homes under evaluation whose self-check of the year is past its day and not submitted."),
    act=_("Start a self-check"),
    needs="homes.selfcheck_home",
    page=lambda: reverse("homes:list"),
    urgency=1,
)
def evaluation_self_checks_overdue(scope, period):
    return _rows(scope).without_self_check(period.end)


@waiting(
    _("Evaluation: visits to be planned"),
    definition=_("Homes that may be inspected now, or whose rectification is due, and for which no visit is planned."),
    act=_("Plan the visits"),
    needs="homes.change_evaluation",
)
def evaluation_visits_to_plan(scope, period):
    return _rows(scope).without_visit(period.end)


@waiting(
    _("Evaluation: inspections overdue"),
    definition=_("Homes under evaluation not inspected though the planned day or the inspection window is past."),
    act=_("See the plan"),
    needs="homes.inspect_home",
    urgency=1,
)
def evaluation_inspections_overdue(scope, period):
    return _rows(scope).not_inspected(period.end)


@waiting(
    _("Evaluation: verdicts to be drafted"),
    definition=_("Homes inspected for the evaluation whose verdict the community has not been told."),
    act=_("Draft them"),
    needs="homes.inspect_home",
    when=AS_TODAY,
)
def evaluation_verdicts_to_draft(scope, period):
    return _rows(scope).to_draft()


@waiting(
    _("Evaluation: draft verdicts to comment on"),
    definition=_("Homes whose draft verdict the community may comment on, and has not."),
    act=_("Read the draft"),
    needs="homes.state_evaluation",
    urgency=1,
)
def evaluation_drafts_to_comment_on(scope, period):
    return _rows(scope).to_state(period.end)


@waiting(
    _("Evaluation: verdicts to be decided"),
    definition=_("Homes whose community was heard, or let its days pass, and whose verdict is not decided."),
    act=_("Decide on them"),
    needs="homes.decide_evaluation",
)
def evaluation_verdicts_to_decide(scope, period):
    return _rows(scope).to_decide(period.end)


@waiting(
    _("Evaluation: decisions overdue"),
    definition=_("Homes under evaluation without a decision though the day for decisions is past."),
    act=_("See how far they are"),
    needs="homes.decide_evaluation",
    urgency=1,
)
def evaluation_decisions_overdue(scope, period):
    return _rows(scope).undecided(period.end)


@waiting(
    _("Rectification overdue"),
    definition=_("Homes that were to be rectified by a day that is past, and were not looked at again with success."),
    act=_("See what is missing"),
    urgency=1,
)
def rectifications_overdue(scope, period):
    return _rows(scope).rectification_overdue(period.end)
