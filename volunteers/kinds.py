"""The words of helping: what a helper can be to a child, and the five ones owed in each term."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HelperKind(models.TextChoices):
    TUTOR = "tutor", _("tutor")
    LOVING_MOTHER = "loving_mother", _("loving mother")
    ACTING_PARENT = "acting_parent", _("acting parent")


class DutyKind(models.TextChoices):
    VISIT = "visit", _("visit at home")
    TALK = "talk", _("heart-to-heart talk")
    TEACHER = "teacher", _("contact with the class teacher")
    GUARDIAN = "guardian", _("talk with the guardian")
    LETTER = "letter", _("letter to the child")


DUTY_ICONS = {
    DutyKind.VISIT: "visit",
    DutyKind.TALK: "talk",
    DutyKind.TEACHER: "school",
    DutyKind.GUARDIAN: "family",
    DutyKind.LETTER: "letter",
}
