"""The words of helping: what a helper can be to a child, and the five ones owed in each term."""

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HelperKind(models.TextChoices):
    TUTOR = "tutor", _("tutor")
    LOVING_MOTHER = "loving_mother", _("loving mother")
    ACTING_PARENT = "acting_parent", _("acting parent")
    SERVICE_TEAM = "service_team", _("service-team member")
    COUNSELLOR = "counsellor", _("volunteer counsellor")
    COMMITTEE = "committee", _("committee member")
    STUDENT = "student", _("student of a school class")


class Language(models.TextChoices):
    """Languages and dialects that children here speak at home."""

    MANDARIN = "mandarin", _("Mandarin")
    JIN = "jin", _("Jin dialect")
    NORTHEASTERN = "northeastern", _("North-eastern dialect")
    HENAN = "henan", _("Henan dialect")
    SHANDONG = "shandong", _("Shandong dialect")
    SHAANXI = "shaanxi", _("Shaanxi dialect")
    SICHUAN = "sichuan", _("Sichuan dialect")
    HUNAN = "hunan", _("Hunan dialect")
    WU = "wu", _("Wu dialect")
    MIN = "min", _("Min dialect")
    HAKKA = "hakka", _("Hakka")
    CANTONESE = "cantonese", _("Cantonese")
    MONGOLIAN = "mongolian", _("Mongolian")
    UYGHUR = "uyghur", _("Uyghur")
    TIBETAN = "tibetan", _("Tibetan")
    ZHUANG = "zhuang", _("Zhuang")
    YI = "yi", _("Yi")
    SIGN = "sign", _("sign language")
    ENGLISH = "english", _("English")


class Subject(models.TextChoices):
    CHINESE = "chinese", _("Chinese")
    MATHS = "maths", _("mathematics")
    ENGLISH = "english", _("English")
    PHYSICS = "physics", _("physics")
    CHEMISTRY = "chemistry", _("chemistry")
    BIOLOGY = "biology", _("biology")
    HISTORY = "history", _("history")
    GEOGRAPHY = "geography", _("geography")
    POLITICS = "politics", _("ethics and law")
    HOMEWORK = "homework", _("homework in general")


# Short where a language has short words, for three stand beside each other on a phone.
WEEKDAYS = [
    pgettext_lazy("before a part of the day", "Monday"),
    pgettext_lazy("before a part of the day", "Tuesday"),
    pgettext_lazy("before a part of the day", "Wednesday"),
    pgettext_lazy("before a part of the day", "Thursday"),
    pgettext_lazy("before a part of the day", "Friday"),
    pgettext_lazy("before a part of the day", "Saturday"),
    pgettext_lazy("before a part of the day", "Sunday"),
]
DAY_PARTS = [("am", _("morning")), ("pm", _("afternoon")), ("eve", _("evening"))]
# "1am" … "7eve": the parts of the week in which a helper is free.
FREE_AT = [
    (f"{day}{part}", format_lazy(_("{weekday} {part}"), weekday=weekday, part=words))
    for day, weekday in enumerate(WEEKDAYS, start=1)
    for part, words in DAY_PARTS
]


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


class Met(models.TextChoices):
    """Whom a helper met or reached; that nobody was there is an entry too."""

    CHILD = "child", _("the child")
    GUARDIAN = "guardian", _("the guardian")
    TEACHER = "teacher", _("the class teacher")
    FAMILY = "family", _("others of the family")
    NOBODY = "nobody", _("nobody reached")


# With whom a contact must have been for its kind to fit; a visit or a letter fits whoever was there.
MEANT_FOR = {DutyKind.TALK: Met.CHILD, DutyKind.GUARDIAN: Met.GUARDIAN, DutyKind.TEACHER: Met.TEACHER}


class Proof(models.TextChoices):
    """Whether a duty is shown by a picture: a photo, or a scan of the letter."""

    NONE = "none", _("no photo")
    ALLOWED = "allowed", _("photo if you like")
    REQUIRED = "required", _("photo needed")
