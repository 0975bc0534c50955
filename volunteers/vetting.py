"""Whether a helper may be near children: what is asked of them, what is on file, and the day until which it holds.

Everything follows from dated facts, so access ends by itself at local midnight. `cleared_until` on the helper keeps
the answer: the last day up to which nothing asked is missing. It is counted anew whenever a fact comes in.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import pgettext

from records.lifecycle import Refused
from records.trail import log_act
from volunteers.models import Evidence, Pairing, Pause, PledgeText, RecordCheck, Requirement, Volunteer
from volunteers.models.evidence import BY_ONESELF
from volunteers.models.record_check import months_after
from volunteers.models.requirement import LAW, Asked, Rule

BATCH = 500
FOR_GOOD = dt.date.max


@dataclass(frozen=True)
class District:
    """The lines of a district and the days from which each version of its pledge is asked."""

    lines: tuple = ()
    pledges: tuple = ()  # [(version, from day)]

    @classmethod
    def of(cls, code):
        lines = tuple(Requirement.objects.of_district(code))
        return cls(lines, tuple(PledgeText.objects.of_district(code).values_list("number", "from_day")))

    def asked_on(self, day, kinds):
        """{what: rule} for somebody who helps in all of `kinds`: of several rules the strictest."""
        asked = defaultdict(list)
        for kind in kinds:
            rules = dict(LAW)
            for line in self.lines:
                if line.helper_kind == kind and line.from_day <= day:
                    rules[line.what] = line.rule
            for what, rule in rules.items():
                if rule.is_asked:
                    asked[what].append(rule)
        return {what: _strictest(rules) for what, rules in asked.items()}

    def turning_days(self, after):
        """The days after `after` on which something else is asked."""
        return sorted({line.from_day for line in self.lines if line.from_day > after})

    def pledge_holds_until(self, number):
        later = [day for version, day in self.pledges if version > (number or 0)]
        return min(later) - dt.timedelta(days=1) if later else FOR_GOOD


def _strictest(rules):
    months = [rule.valid_months for rule in rules if rule.valid_months]
    return Rule(True, min(months, default=0), max(rule.remind_days for rule in rules))


def holds_until(what, found, district):
    """The last day on which a piece of evidence or a check holds; None when it says no or there is none."""
    if found is None:
        return None
    if what == Asked.RECORD_CHECK:
        return found.valid_until if found.is_clear else None
    if not found.holds:
        return None
    until = found.valid_until or FOR_GOOD
    if what == Asked.PLEDGE and found.result == Evidence.Result.MET:
        until = min(until, district.pledge_holds_until(found.pledge_number))
    return until


def facts_on(day, helpers):
    """{helper's key: {what: the latest fact before or on `day`}}, in two queries however many there are."""
    keys = [helper.pk for helper in helpers]
    rows = [(row.checked_on, row.pk, Asked.RECORD_CHECK, row) for row in RecordCheck.objects.filter(volunteer__in=keys)]
    rows += [(row.done_on, row.pk, row.what, row) for row in Evidence.objects.filter(volunteer__in=keys)]
    facts = {key: {} for key in keys}
    for on, _pk, what, row in sorted(rows, key=lambda fact: fact[:2]):
        if on <= day:
            facts[row.volunteer_id][what] = row
    return facts


def cleared_through(kinds, facts, district, today):
    """The last day up to which, from today on, nothing asked is missing; earlier than today, or None, if something is.

    `facts` are the helper's own. Only what is asked and dates decide, never whether a nightly job has run.
    """
    ends = []
    turns = district.turning_days(today)
    for begins, until in zip([today, *turns], [*turns, FOR_GOOD], strict=True):
        for what in district.asked_on(begins, kinds):
            holds = holds_until(what, facts.get(what), district)
            if holds is None and begins == today:
                return None
            if holds is None or holds < begins:
                ends.append(begins - dt.timedelta(days=1) if begins > today else holds)
            elif until == FOR_GOOD or holds < until:
                ends.append(holds)
    return min(ends)


@dataclass(frozen=True)
class Line:
    """One thing asked of a helper, and how it stands."""

    what: str
    rule: Rule
    found: Any
    until: dt.date | None
    day: dt.date

    @property
    def label(self):
        return Asked(self.what).label

    @property
    def is_met(self):
        return self.until is not None and self.until >= self.day

    @property
    def is_exempt(self):
        return self.is_met and getattr(self.found, "result", None) == Evidence.Result.EXEMPT

    @property
    def has_ended(self):
        return self.until is not None and self.until < self.day

    @property
    def remind_on(self):
        """The day from which people are reminded; None when it holds for good."""
        if not self.is_met:
            return self.day
        return None if self.until == FOR_GOOD else self.until - dt.timedelta(days=self.rule.remind_days)

    @property
    def ends_soon(self):
        return self.is_met and self.remind_on is not None and self.remind_on <= self.day

    @property
    def badge(self):
        """(words, tone) in a list."""
        for holds, words, tone in [
            (self.is_exempt, pgettext("asked of a helper", "exempted"), "info"),
            (self.ends_soon, pgettext("asked of a helper", "ends soon"), "todo"),
            (self.is_met, pgettext("asked of a helper", "met"), "done"),
            (self.has_ended, pgettext("asked of a helper", "ended"), "stop"),
        ]:
            if holds:
                return words, tone
        return pgettext("asked of a helper", "missing"), "stop"

    @property
    def ends_on(self):
        return None if self.until == FOR_GOOD else self.until


def lines_of(helper, day=None, district=None, facts=None):
    """What is asked of a helper on `day` and how each thing stands, in the order people take the steps."""
    day = day or timezone.localdate()
    district = district or District.of(helper.community_id)
    facts = facts_on(day, [helper])[helper.pk] if facts is None else facts
    asked = district.asked_on(day, helper.kinds)
    return [
        Line(what, asked[what], facts.get(what), holds_until(what, facts.get(what), district), day)
        for what in Asked.values
        if what in asked
    ]


def recount(helper, district=None, facts=None):
    """Set `cleared_until` and `remind_on` anew; the caller holds the helper's lock. Whether anything changed."""
    today = timezone.localdate()
    district = district or District.of(helper.community_id)
    facts = facts_on(today, [helper])[helper.pk] if facts is None else facts
    until = cleared_through(helper.kinds, facts, district, today)
    others = [line for line in lines_of(helper, today, district, facts) if line.what != Asked.RECORD_CHECK]
    remind = min((line.remind_on for line in others if line.remind_on), default=None)
    changed = (helper.cleared_until, helper.remind_on) != (until, remind)
    helper.cleared_until, helper.remind_on = until, remind
    if changed:
        Volunteer.objects.filter(pk=helper.pk).update(cleared_until=until, remind_on=remind)
    if helper.lapsed_on is not None and helper.is_cleared_on(today):
        _clear_again(helper)
    return changed


def ends_soon(helper, day):
    """Whether a helper who is cleared on `day` is recalled what ends: the check as the law's rule says, all else as the
    district's."""
    soon = day + dt.timedelta(days=LAW[Asked.RECORD_CHECK].remind_days)
    return helper.cleared_until <= soon or (helper.remind_on is not None and helper.remind_on <= day)


def may_show_alone(what, result):
    """Whether a helper may put this on file alone: the pledge signed, the quiz passed."""
    return what in BY_ONESELF and result == Evidence.Result.MET


def usual_end(helper, what, day):
    """The last day that evidence of `day` holds by the rules of that day; None: for good."""
    rule = District.of(helper.community_id).asked_on(day, helper.kinds).get(what)
    return months_after(day, rule.valid_months) if rule and rule.valid_months else None


def recount_district(code):
    """After a district asks for something else: everyone in service, a batch at a time. How many changed."""
    district = District.of(code)
    rows = Volunteer.objects.filter(district=code[:6], left_on=None)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_recount_batch(keys[start : start + BATCH], district) for start in range(0, len(keys), BATCH))


@transaction.atomic
def _recount_batch(keys, district):
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    helpers = list(rows)
    facts = facts_on(timezone.localdate(), helpers)
    return sum(recount(helper, district, facts[helper.pk]) for helper in helpers)


def lapse_on(day):
    """Every night: count anew, pause the pairings of helpers who are not cleared on `day`, and tell staff by the trail
    and the workdesk. Access had ended by itself at midnight. How many helpers were found lapsed for the first time."""
    for code in Volunteer.objects.order_by().values_list("district", flat=True).distinct():
        recount_district(code)
    accompanying = Volunteer.objects.in_service_on(day).accompanying_on(day)
    helpers = accompanying.filter(lapsed_on=None).uncleared_on(day)
    return sum(_lapse(key, day) for key in helpers.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _lapse(key, day):
    helper = Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    if helper.lapsed_on is not None or helper.is_cleared_on(day):
        return 0
    Volunteer.objects.filter(pk=key).update(lapsed_on=day)
    log_act(None, "lapsed", helper, fields=["lapsed_on"])
    for pairing in helper.pairings.filter(status=Pairing.Status.ACTIVE).order_by("pk"):
        pairing.pause(reason=Pause.Reason.CHECK, by=None)
    return 1


def _clear_again(helper):
    """The pairings go on once this is written: they lock the child, which comes before the helper. Where that fails
    the night lets them go on."""
    helper.lapsed_on = None
    Volunteer.objects.filter(pk=helper.pk).update(lapsed_on=None)
    log_act(None, "cleared again", helper, fields=["lapsed_on"])
    today, key = timezone.localdate(), helper.pk

    def go_on():  # what fails is logged by its name
        let_go_on(today, key)

    transaction.on_commit(go_on, robust=True)


def let_go_on(day, helper_key=None):
    """Let the pairings go on that `lapse_on` paused and whose helper is cleared again; how many did.

    Where something else stands against it, staff find them among those that should go on."""
    pauses = Pause.objects.over_by(day).filter(reason=Pause.Reason.CHECK, begun_by=None, resumed_on=None)
    if helper_key is not None:
        pauses = pauses.filter(pairing__volunteer=helper_key)
    return sum(_goes_on(pause) for pause in pauses.select_related("pairing").order_by("pk"))


def _goes_on(pause):
    try:
        pause.pairing.resume(pause=pause, by=None)
    except Refused:
        return 0
    return 1
