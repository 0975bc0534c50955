"""School grades by the codes that rosters and files share, in words."""

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


def grade_word(code):
    return GRADE_WORDS.get(code, code)
