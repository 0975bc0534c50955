"""School grades by the codes that rosters and files share, in words, and how they follow each other."""

import datetime as dt

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

GRADE_WORDS = {
    "PRE": _("not yet in kindergarten"),
    "K1": _("kindergarten, first year"),
    "K2": _("kindergarten, second year"),
    "K3": _("kindergarten, last year"),
    "G1": _("grade 1"),
    "G2": _("grade 2"),
    "G3": _("grade 3"),
    "G4": _("grade 4"),
    "G5": _("grade 5"),
    "G6": _("grade 6"),
    "G7": _("grade 7 (junior 1)"),
    "G8": _("grade 8 (junior 2)"),
    "G9": _("grade 9 (junior 3)"),
    "G10": _("grade 10 (senior 1)"),
    "G11": _("grade 11 (senior 2)"),
    "G12": _("grade 12 (senior 3)"),
    "OUT": _("dropped out"),
    "NIS": _("not in school"),
}
IN_SCHOOL = ["K1", "K2", "K3", *(f"G{n}" for n in range(1, 13))]
WITH_CLASS_TEACHER = [f"G{n}" for n in range(1, 13)]
NEXT_GRADE = {**dict(zip(IN_SCHOOL, IN_SCHOOL[1:], strict=False)), "G12": "NIS"}
NEW_SCHOOL_AFTER = {"K3", "G6", "G9", "G12"}
COMPULSORY_FROM, COMPULSORY_UNDER = 6, 16  # years of age: nine years of schooling are owed to every child
YEAR_BEGINS = (9, 1)


def grade_word(code):
    return GRADE_WORDS.get(code, code)


def school_year_start(day):
    """The 1 September on or before `day`."""
    begins = dt.date(day.year, *YEAR_BEGINS)
    return begins if day >= begins else dt.date(day.year - 1, *YEAR_BEGINS)


def fault_of_grade(grade, age):
    """Why a child of that age, in years, cannot be in this grade, in words; "" where it can."""
    if grade != "OUT" or COMPULSORY_FROM <= age < COMPULSORY_UNDER:
        return ""
    return gettext("Only a child of compulsory school age (6 to 15) drops out. Choose “not in school”.")


def is_out_of_compulsory_school(grade, age):
    return grade in ("OUT", "NIS") and COMPULSORY_FROM <= age < COMPULSORY_UNDER
