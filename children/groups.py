"""How the programme's tables divide the children: by sex, age, schooling, who cares, guardianship quality.

Each division names all its parts and puts every child in exactly one, so that the parts add up to the total.
"""

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from children.models.adult import Kinship
from children.models.child import Child
from children.models.standing import EarlierLeaving
from children.status import born_after
from children.status_in_sql import migrant
from records.measures import Breakdown

# (key, from this age, under this age)
AGE_BANDS = [("0_5", 0, 6), ("6_13", 6, 14), ("14_15", 14, 16), ("16_17", 16, 18), ("18_up", 18, None)]
SCHOOL_STAGES = {
    "kindergarten": ("PRE", "K1", "K2", "K3"),
    "primary": ("G1", "G2", "G3", "G4", "G5", "G6"),
    "junior": ("G7", "G8", "G9"),
    "senior": ("G10", "G11", "G12"),
    "dropped_out": ("OUT",),
    "not_in_school": ("NIS",),
}
CARERS = {
    "parent": ("father", "mother"),
    "grandparent": ("grandfather_p", "grandmother_p", "grandfather_m", "grandmother_m", "grandparent"),
    "relative": ("uncle_aunt", "sibling", "other_relative"),
    "other": ("non_relative", ""),
}

SEX_WORDS = {"M": _("boys"), "F": _("girls")}
COUNTED_AGE_WORDS = {"0_5": _("0–5 years"), "6_13": _("6–13 years"), "14_15": _("14–15 years")}
AGE_WORDS = {**COUNTED_AGE_WORDS, "16_17": _("16–17 years"), "18_up": _("18 and older")}
SCHOOL_WORDS = {
    "kindergarten": _("before school"),
    "primary": _("primary school"),
    "junior": _("junior middle school"),
    "senior": _("senior middle or vocational school"),
    "dropped_out": _("dropped out"),
    "not_in_school": _("not in school"),
    "unknown": _("schooling not known"),
}
CARE_WORDS = {
    "parent": _("a parent"),
    "grandparent": _("grandparents"),
    "relative": _("other relatives"),
    "other": _("somebody else"),
    "nobody": _("nobody on file"),
}
QUALITY_WORDS = {"good": _("good"), "fair": _("fair"), "poor": _("poor"), "unrated": _("not yet rated")}


def in_age_band(key, day):
    """The condition for one age band on `day`."""
    _key, youngest, oldest = next(band for band in AGE_BANDS if band[0] == key)
    condition = Q(birth_date__lte=born_after(day, youngest)) if youngest else Q()
    return condition & (Q(birth_date__gt=born_after(day, oldest)) if oldest else Q())


def _words(whens, default):
    return Case(*whens, default=Value(default), output_field=CharField())


def age_band(day):
    return _words([When(in_age_band(key, day), then=Value(key)) for key, *_ages in AGE_BANDS[1:]], "0_5")


def school_stage():
    return _words([When(grade__in=codes, then=Value(key)) for key, codes in SCHOOL_STAGES.items()], "unknown")


def who_cares():
    """The caregiver's group; one caregiver at most is on file for a child."""
    whens = [When(relation__in=codes, then=Value(key)) for key, codes in CARERS.items()]
    caregiver = Kinship.objects.filter(child=OuterRef("pk"), is_caregiver=True).annotate(group=_words(whens, "other"))
    return Coalesce(Subquery(caregiver.values("group")[:1]), Value("nobody"), output_field=CharField())


def quality():
    return Case(
        When(guardianship_quality="", then=Value("unrated")), default="guardianship_quality", output_field=CharField()
    )


KIND_WORDS = {"left_behind": _("left-behind children"), "migrant": _("migrant children")}
LEFT_WORDS = dict(Child.LeftReason.choices)
NO_CHILD_OF_ITS_OWN = [Child.LeftReason.MISTAKE, Child.LeftReason.MERGED, Child.LeftReason.ERASED]


def why_left(period):
    """Why a file was closed in the period: the leaving in force, else the last earlier one."""
    days = (period.start, period.end)
    earlier = EarlierLeaving.objects.filter(child=OuterRef("pk"), left_on__range=days)
    earlier = earlier.exclude(left_reason__in=NO_CHILD_OF_ITS_OWN).order_by("-left_on", "-pk")
    now = Q(left_on__range=days) & ~Q(left_reason__in=NO_CHILD_OF_ITS_OWN)
    return Case(When(now, then="left_reason"), default=Subquery(earlier.values("left_reason")[:1]))


def _breakdowns(age_words):
    return {
        "sex": Breakdown(_("by sex"), SEX_WORDS, lambda period: F("sex")),
        "age": Breakdown(_("by age"), age_words, lambda period: age_band(period.end)),
        "schooling": Breakdown(_("by schooling"), SCHOOL_WORDS, lambda period: school_stage()),
        "care": Breakdown(_("by who cares"), CARE_WORDS, lambda period: who_cares()),
        "quality": Breakdown(_("by guardianship quality"), QUALITY_WORDS, lambda period: quality()),
    }


OF_COUNTED = _breakdowns(COUNTED_AGE_WORDS)
BY_KIND = Breakdown(
    _("by kind"), KIND_WORDS, lambda period: _words([When(migrant(period.end), then=Value("migrant"))], "left_behind")
)
BY_REASON = Breakdown(
    _("by reason"), {key: words for key, words in LEFT_WORDS.items() if key not in NO_CHILD_OF_ITS_OWN}, why_left
)
OF_REGISTER = _breakdowns(AGE_WORDS)
