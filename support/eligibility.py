"""Who could apply: each rule of a kind of support against a file, in words, and the same rules over a table.

`judge` decides about one child and says what is missing and where it is entered. `not_ruled_out` is the filter for a
list: exactly the children whom `judge` finds in no way unfit.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from children import status_in_sql
from children.grades import grade_word
from children.models import Child, Consent, Hardship
from children.status import age_on
from records.wording import listed
from support.models import Application
from support.rules import Circumstance, Stage

MET, NOT_MET, NOT_KNOWN = "met", "not_met", "not_known"
# Hardships that the file states by other facts than the hardship itself.
STATED = {
    Hardship.Kind.LOW_INCOME: Q(household__is_low_income=True),
    Hardship.Kind.DISABILITY: ~Q(disability_type=""),
}
TONES = {MET: "done", NOT_MET: "stop", NOT_KNOWN: "todo"}


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a file, as it stands on a day."""

    child_id: int
    sex: str
    birth_date: dt.date
    grade: str
    hardships: frozenset[str]
    is_left_behind: bool
    is_migrant: bool
    is_on_register: bool
    agrees_to_notice: bool
    has_running: bool


@dataclass(frozen=True)
class Finding:
    rule: str
    state: str
    label: Any
    words: Any
    where: str = ""  # the page on which what is missing is entered

    @property
    def tone(self):
        return TONES[self.state]

    @property
    def state_words(self):
        words = {MET: pgettext("rule", "met"), NOT_MET: pgettext("rule", "not met"), NOT_KNOWN: _("not known")}
        return words[self.state]


def facts_of(children, kind, day):
    """{key: Facts} of these children, in a number of queries that does not grow with them."""
    keys = [child.pk for child in children]
    rows = Child.objects.filter(pk__in=keys)
    left_behind = set(rows.left_behind_on(day).values_list("pk", flat=True))
    migrant = set(rows.migrant_on(day).values_list("pk", flat=True))
    on_register = set(rows.on_register(day).values_list("pk", flat=True))
    agreed = Consent.objects.in_force().filter(child__in=keys, purpose=Consent.Purpose.PUBLICITY)
    running = Application.objects.running().filter(child__in=keys, kind=kind)
    agreed, running = set(agreed.values_list("child", flat=True)), set(running.values_list("child", flat=True))
    hardships = hardships_of(keys, day)
    return {
        child.pk: Facts(
            child.pk,
            child.sex,
            child.birth_date,
            child.grade,
            frozenset(hardships[child.pk]),
            child.pk in left_behind,
            child.pk in migrant,
            child.pk in on_register,
            child.pk in agreed,
            child.pk in running,
        )
        for child in children
    }


def hardships_of(keys, day, *, stated=STATED):
    """{key of a child: kinds of hardship on file}: those noted, and those of `stated` that other facts state."""
    found: dict[int, set] = {key: set() for key in keys}
    for child, kind in Hardship.objects.filter(_lasts(day), child__in=keys).values_list("child", "kind"):
        found[child].add(kind)
    for kind in STATED.keys() & set(stated):
        for child in Child.objects.filter(STATED[kind], pk__in=keys).values_list("pk", flat=True):
            found[child].add(kind)
    return found


def judge(facts, rules, day):
    """[Finding] of every rule that is asked, in the order of the rules; `has_running` is for the caller."""
    found = [_register(facts), _sex(facts, rules), _age(facts, rules, day), _stage(facts, rules)]
    found += [_hardship(facts, rules), _circumstance(facts, rules), _consent(facts, rules)]
    return [finding for finding in found if finding]


def is_ruled_out(findings):
    return any(finding.state == NOT_MET for finding in findings)


def gaps(findings):
    """What is not known yet and must be, before the application goes to the street office."""
    return [f for f in findings if f.state == NOT_KNOWN and f.rule != "consent"]


def not_ruled_out(rows, rules, day):
    """Those of `rows` whom no known fact excludes."""
    rows = rows.on_register(day).filter(
        birth_date__lte=_years_before(day, rules.age_from), birth_date__gt=_years_before(day, rules.age_to + 1)
    )
    if rules.sex:
        rows = rows.filter(sex=rules.sex)
    if rules.stages:
        rows = rows.filter(grade__in=["", *rules.grades])
    if rules.hardships:
        lasting = Hardship.objects.filter(_lasts(day), child=OuterRef("pk"))
        fits, any_known = Exists(lasting.filter(kind__in=rules.hardships)), Exists(lasting)
        for stated, condition in STATED.items():
            fits = fits | condition if stated in rules.hardships else fits
            any_known = any_known | condition
        rows = rows.filter(fits | ~any_known)
    match rules.circumstance:
        case Circumstance.LEFT_BEHIND:
            rows = rows.left_behind_on(day)
        case Circumstance.MIGRANT:
            rows = rows.migrant_on(day)
        case Circumstance.EITHER:
            rows = rows.filter(status_in_sql.left_behind(day) | status_in_sql.migrant(day))
    return rows


def _lasts(day):
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gt=day))


def _years_before(day, years):
    """Who is born on or before that day is `years` old; whoever is born on 29 February has the birthday in March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return dt.date(day.year - years, 2, 28)


def _tab(facts, tab):
    return reverse("children:file", args=[facts.child_id]) + f"?tab={tab}"


def _register(facts):
    words = _("on the register") if facts.is_on_register else _("has left the register")
    return Finding("register", MET if facts.is_on_register else NOT_MET, _("Register"), words)


def _sex(facts, rules):
    if not rules.sex:
        return None
    words = dict(Child.Sex.choices)
    state = MET if facts.sex == rules.sex else NOT_MET
    return Finding("sex", state, _("Only for"), words[rules.sex])


def _age(facts, rules, day):
    age = age_on(facts.birth_date, day)
    state = MET if rules.age_from <= age <= rules.age_to else NOT_MET
    words = _("%(age)s years old; asked for: %(low)s to %(high)s")
    return Finding("age", state, _("Age"), words % {"age": age, "low": rules.age_from, "high": rules.age_to})


def _stage(facts, rules):
    if not rules.stages:
        return None
    asked = listed(Stage(stage).label for stage in rules.stages)
    if not facts.grade:
        school = reverse("children:school", args=[facts.child_id])
        return Finding("stage", NOT_KNOWN, _("Schooling"), _("The school grade is not on file."), school)
    words = _("%(grade)s; asked for: %(stages)s") % {"grade": grade_word(facts.grade), "stages": asked}
    return Finding("stage", MET if facts.grade in rules.grades else NOT_MET, _("Schooling"), words)


def _hardship(facts, rules):
    if not rules.hardships:
        return None
    names, label, where = dict(Hardship.Kind.choices), _("Hardship"), _tab(facts, "care")
    fitting = [str(names[kind]) for kind in rules.hardships if kind in facts.hardships]
    if fitting:
        return Finding("hardship", MET, label, listed(fitting))
    if not facts.hardships:
        return Finding("hardship", NOT_KNOWN, label, _("No hardship is on file."), where)
    asked = listed(names[kind] for kind in rules.hardships)
    return Finding("hardship", NOT_MET, label, _("Asked for is one of: %(kinds)s") % {"kinds": asked}, where)


def _circumstance(facts, rules):
    if rules.circumstance == Circumstance.ANY:
        return None
    fits = {
        Circumstance.LEFT_BEHIND: facts.is_left_behind,
        Circumstance.MIGRANT: facts.is_migrant,
        Circumstance.EITHER: facts.is_left_behind or facts.is_migrant,
    }[Circumstance(rules.circumstance)]
    where = "" if fits else _tab(facts, "family")
    return Finding("circumstance", MET if fits else NOT_MET, _("For"), Circumstance(rules.circumstance).label, where)


def _consent(facts, rules):
    if not rules.notice_days:
        return None
    if facts.agrees_to_notice:
        return Finding("consent", MET, _("Consent"), _("The guardian agrees to the public notice."))
    words = _("The guardian's consent to publicity is not on file; without it there is no public notice.")
    return Finding("consent", NOT_KNOWN, _("Consent"), words, _tab(facts, "care"))


def yuan(amount):
    """ "1200.00" → "1,200"; cents only where there are some."""
    return formats.number_format(amount, 0 if amount == int(amount) else 2, use_l10n=True, force_grouping=True)
