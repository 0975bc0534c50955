"""Hard bars: what no score outweighs. Each is a rule of one pair, or of the helper alone, with its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from records.scoping import DISTRICT_DIGITS
from volunteers.kinds import HelperKind


@dataclass(frozen=True)
class KindRule:
    """`gap` years at least between helper and child; from `own_sex_from` years on, a man visits no girl at home."""

    gap: int
    women_only: bool = False
    own_sex_from: int | None = None


KIND_RULES = {
    HelperKind.LOVING_MOTHER: KindRule(gap=16, women_only=True),
    HelperKind.ACTING_PARENT: KindRule(gap=16, own_sex_from=0),
    HelperKind.TUTOR: KindRule(gap=5, own_sex_from=8),
    HelperKind.SERVICE_TEAM: KindRule(gap=8, own_sex_from=8),
    HelperKind.COMMITTEE: KindRule(gap=12, own_sex_from=8),
    HelperKind.COUNSELLOR: KindRule(gap=12),
    HelperKind.STUDENT: KindRule(gap=0, own_sex_from=8),
}


@dataclass(frozen=True)
class Bar:
    """`holds(child, helper, rule, day)`: whether the two cannot be paired. `against`: what is said of two between whom
    it stands. `words`: how many helpers it rules out."""

    key: str
    meaning: Any
    against: Any
    words: Any
    holds: Callable


def _years(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def too_young_after(child, rule):
    """The latest day of birth of a helper who is old enough for this child."""
    born = child.born
    try:
        return born.replace(year=born.year - rule.gap)
    except ValueError:
        return born.replace(year=born.year - rule.gap, day=28)


def _too_close_in_age(child, helper, rule, day):
    return helper.born is None or helper.born > too_young_after(child, rule)


def _against_the_rule_of_sex(child, helper, rule, day):
    if helper.sex == "F":
        return False
    if rule.women_only:
        return True
    return child.sex == "F" and rule.own_sex_from is not None and _years(child.born, day) >= rule.own_sex_from


HELPER_BARS = [
    Bar(
        "ready",
        _("The helper is in service and every check holds today."),
        _("This helper is not in service, or something asked is missing or has ended."),
        ngettext_lazy("%d has no valid check today", "%d have no valid check today"),
        lambda child, helper, rule, day: not helper.is_ready,
    ),
    Bar(
        "kind",
        _("The helper offered to help in this way."),
        _("This helper did not offer to help in this way."),
        ngettext_lazy("%d did not offer to help in this way", "%d did not offer to help in this way"),
        lambda child, helper, rule, day: not helper.offers_kind,
    ),
    Bar(
        "places",
        _("The helper has a place left; proposed pairings count as taken."),
        _("This helper has no place left."),
        ngettext_lazy("%d has no place left", "%d have no place left"),
        lambda child, helper, rule, day: helper.places < 1,
    ),
]
PAIR_BARS = [
    Bar(
        "far",
        _(
            "Helper and child live in one community, or in one district and the helper comes 3 km or further. How far "
            "it is from door to door is not on file."
        ),
        _("This helper does not come that far."),
        ngettext_lazy("%d does not come that far", "%d do not come that far"),
        lambda child, helper, rule, day: (
            helper.community != child.community
            and (not helper.comes_far or helper.community[:DISTRICT_DIGITS] != child.community[:DISTRICT_DIGITS])
        ),
    ),
    Bar(
        "excluded",
        _("Neither the child, the family, the helper nor the office has excluded this pairing."),
        _("This pairing is excluded: the child, the family, the helper or the office did not wish it."),
        ngettext_lazy("%d is excluded for this child", "%d are excluded for this child"),
        lambda child, helper, rule, day: helper.key in child.excluded,
    ),
    Bar(
        "related",
        _("The helper is not of the child's family: no phone or ID number in common."),
        _("This helper is of the child's family: a phone or ID number is the same."),
        ngettext_lazy("%d is of the family", "%d are of the family"),
        lambda child, helper, rule, day: not helper.marks.isdisjoint(child.family_marks),
    ),
    Bar(
        "sex",
        _("Loving mothers are women; a man visits girls at home only below the age set for the kind of helper."),
        _("Loving mothers are women; a man visits girls at home only below the age set for the kind of helper."),
        ngettext_lazy("%d may not visit this child at home", "%d may not visit this child at home"),
        _against_the_rule_of_sex,
    ),
    Bar(
        "age",
        _("The helper is older than the child by the years set for the kind, and the date of birth is on file."),
        _("This helper is not older than the child by the years set for the kind, or has no date of birth on file."),
        ngettext_lazy(
            "%d is too close in age or has no date of birth on file",
            "%d are too close in age or have no date of birth on file",
        ),
        _too_close_in_age,
    ),
]
BARS = {bar.key: bar for bar in [*HELPER_BARS, *PAIR_BARS]}


def first_bar(child, helper, rule, day):
    """The first bar between the two, or None."""
    return next((bar for bar in BARS.values() if bar.holds(child, helper, rule, day)), None)
