"""What a district asks of each kind of pairing: read as a table, and set for a kind from a term on, as one act."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Division, Term
from records.lifecycle import Refused
from records.trail import log_act
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import DutyRule
from volunteers.models.duty_rule import DEFAULT, Owed

LONGEST_WINDOW = 150
USUAL_STARTS = [(2, 1), (9, 1)]  # where a district has not entered its coming terms


@dataclass
class RuleSet:
    """What a kind of pairing owes, for terms beginning on `from_day` or later; None: what the programme asks."""

    from_day: Any
    owed: dict[str, Owed]
    term: Any = None

    @property
    def cells(self):
        return [self._cell(kind) for kind in DutyKind.values]

    def _cell(self, kind):
        owed = self.owed.get(kind)
        return None if owed is None else {"owed": owed, "times": _times(owed), "window": window_words(owed, self.term)}


@dataclass
class Line:
    """A kind of pairing: the set that holds now, those to come, those that held before."""

    kind: Any
    now: RuleSet
    coming: list[RuleSet] = field(default_factory=list)
    earlier: list[RuleSet] = field(default_factory=list)


def table(district, today=None):
    """A line for each kind of pairing."""
    term = running_term(district, today)
    begins = term.starts_on if term else today or timezone.localdate()
    lines = []
    for kind, sets in _sets_of(district).items():
        begun = [one for one in sets if one.from_day is None or one.from_day <= begins]
        begun[-1].term = term
        coming = [one for one in sets if one not in begun]
        lines.append(Line(HelperKind(kind), begun[-1], coming, begun[-2::-1]))
    return lines


def running_term(district, today=None):
    """The term of today, in the holidays the one that ended last."""
    return Term.objects.on_or_before(today or timezone.localdate(), district.pk)


def _sets_of(district):
    """{kind of pairing: its sets in the order of their days, the programme's first}."""
    sets = {
        kind: {None: RuleSet(None, {owed.kind: owed for owed in DEFAULT.get(kind, ())})} for kind in HelperKind.values
    }
    for rule in DutyRule.objects.filter(district=district).order_by("from_day", "pk"):
        one = sets[rule.pairing_kind].setdefault(rule.from_day, RuleSet(rule.from_day, {}))
        if rule.times:
            one.owed[rule.duty_kind] = rule.owed
    return {kind: list(by_day.values()) for kind, by_day in sets.items()}


def holding_on(district, kind, day):
    """The set that a term beginning on `day` has."""
    return [one for one in _sets_of(district)[kind] if one.from_day is None or one.from_day <= day][-1]


def _times(owed):
    return ngettext("%(times)d time", "%(times)d times", owed.times) % {"times": owed.times}


def window_words(owed, term=None):
    """When a duty can be done: as days of `term`, else counted from the ends of a term."""
    if term is not None:
        first, last = first_and_last(owed, term)
        days = {"first": date_format(first, "SHORT_DATE_FORMAT"), "last": date_format(last, "SHORT_DATE_FORMAT")}
        return _("%(first)s to %(last)s") % days
    if not owed.opens_after and not owed.due_before:
        return _("the whole term")
    words = {"opens": owed.opens_after, "due": owed.due_before}
    if not owed.due_before:
        return _("from %(opens)s days after the term begins") % words
    if not owed.opens_after:
        return _("until %(due)s days before it ends") % words
    return _("from %(opens)s days after the term begins until %(due)s days before it ends") % words


def first_and_last(owed, term):
    return term.starts_on + dt.timedelta(days=owed.opens_after), term.ends_on - dt.timedelta(days=owed.due_before)


def coming_terms(district, today=None):
    """[(first day, words)] of terms from which rules can be set: those on file, else the usual beginnings."""
    today = today or timezone.localdate()
    terms = Term.objects.of(district.pk).filter(starts_on__gt=today).order_by("starts_on")
    known = [(term.starts_on, str(term)) for term in terms]
    if known:
        return known
    days = [dt.date(today.year + more, month, day) for more in (0, 1) for month, day in USUAL_STARTS]
    following = [day for day in days if day > today][:2]
    return [(day, _("terms from %(day)s") % {"day": date_format(day, "DATE_FORMAT")}) for day in following]


@transaction.atomic
def set_rules(district, pairing_kind, *, from_day, owed, by):
    """Replace what `pairing_kind` owes in terms beginning on `from_day` or later; `owed` names what is asked at all.

    Terms that have begun keep their rules. Setting a day again replaces what was set for it.
    """
    Division.objects.select_for_update(of=("self",), no_key=True).get(pk=district.pk)
    if from_day <= timezone.localdate():
        raise Refused(_("Choose a day to come: past terms keep their rules."))
    term = Term.objects.of(district.pk).filter(starts_on__gte=from_day).order_by("starts_on").first()
    for one in owed:
        _refuse_closed_window(one, term)
    by_kind = {one.kind: one for one in owed}
    if by_kind == holding_on(district, pairing_kind, from_day).owed:
        raise Refused(_("Nothing was changed: this is what holds from then on."))
    for kind in DutyKind.values:
        one = by_kind.get(kind, Owed(kind, times=0))
        facts = {"times": one.times, "opens_after": one.opens_after, "due_before": one.due_before}
        key = {"district": district, "pairing_kind": pairing_kind, "duty_kind": kind, "from_day": from_day}
        DutyRule.objects.update_or_create(**key, defaults={**facts, "evidence": one.evidence})
    log_act(by, "set the duty rules", district, pairing_kind=str(pairing_kind), from_day=from_day)


def _refuse_closed_window(owed, term):
    length = (term.ends_on - term.starts_on).days if term else LONGEST_WINDOW
    if owed.opens_after + owed.due_before > length:
        what = DutyKind(owed.kind).label
        raise Refused(_("%(what)s: no day of the term would be left. Make the window wider.") % {"what": what})
