"""What is appraised, what may stand against voting on it, and how one votes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    INDIVIDUAL = "individual", _("outstanding individual")
    CASE = "case", _("innovative case")
    HOME = "home", _("model Home")
    EXAMPLE = "example", _("good example of a child or parent")


class Conflict(models.TextChoices):
    NONE = "none", pgettext_lazy("conflict of interest", "none")
    OWN_NOMINATION = "own_nomination", _("my own nomination, or my community's")
    OWN_HELPER = "own_helper", _("I am, or work with, the person nominated")
    RELATIVE = "relative", _("a relative")
    OTHER = "other", _("another reason")


class Choice(models.TextChoices):
    FOR = "for", pgettext_lazy("vote", "for")
    AGAINST = "against", pgettext_lazy("vote", "against")
    ABSTAIN = "abstain", pgettext_lazy("vote", "abstain")
