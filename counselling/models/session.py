from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from counselling.models.case import Case
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.versions import Versioned

LONGEST = 480


class CounsellingSessionQuerySet(ScopedQuerySet):
    def held_after(self, case, day, number):
        """Sessions of a case held after the one of this day and number; a session can be noted days later."""
        return self.filter(Q(held_on__gt=day) | Q(held_on=day, number__gt=number), case=case)


class CounsellingSession(Versioned, CommunityRecord):
    """That a session took place, on which day and how long: all that staff learn of it."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="sessions", editable=False, verbose_name=_("case")
    )
    number = models.PositiveIntegerField(_("session number"), editable=False)
    held_on = models.DateField(_("day"), default=timezone.localdate)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    next_on = models.DateField(_("next session on"), null=True, blank=True)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    personal = {"minutes": CARE}
    not_personal = ["id", "case", "community", "district", "version", "number", "held_on", "next_on", "noted_at"]

    objects = CounsellingSessionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-number"]
        verbose_name = _("counselling session")
        verbose_name_plural = _("counselling sessions")
        indexes = [models.Index(fields=["district", "community", "held_on"], name="counselling_sessions_held")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "number"],
                name="session_numbers_of_a_case_are_not_taken_twice",
                violation_error_message=_("This session is already noted."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__lte=LONGEST),
                name="counselling_session_lasts_eight_hours_at_most",
                violation_error_message=_("A session lasts 480 minutes at most."),
            ),
        ]

    def __str__(self):
        return _("Session %(number)s") % {"number": self.number}

    @classmethod
    def own_to(cls, user):
        return Q(case__in=Case.objects.told_to(user).values("pk"))


class SessionWords(Versioned, CommunityRecord):
    """What was said and seen in a session, the risk and the next step. Reached only through `own_to`."""

    class Form(models.TextChoices):
        ALONE = "alone", _("with the child alone")
        FAMILY = "family", _("with the family")
        GROUP = "group", _("in a group")
        PHONE = "phone", _("by phone")
        VIDEO = "video", _("by video")

    class Risk(models.TextChoices):
        NONE = "none", _("none seen")
        WATCH = "watch", _("to be watched")
        HIGH = "high", _("high")
        ACUTE = "acute", _("acute: act now")

    confidential = True

    session = models.OneToOneField(
        CounsellingSession,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="words",
        editable=False,
        verbose_name=_("session"),
    )
    form = models.CharField(_("how it took place"), max_length=10, choices=Form, blank=True)
    complaint = SecretField(_("complaint"), blank=True)
    aim = SecretField(_("aim"), blank=True)
    course = SecretField(_("course of the session"), blank=True)
    risk = models.CharField(_("risk"), max_length=10, choices=Risk, blank=True)
    next_step = SecretField(_("next step"), blank=True)

    personal = dict.fromkeys(["form", "complaint", "aim", "course", "risk", "next_step"], CARE)
    not_personal = ["session", "community", "district", "version"]

    class Meta(CommunityRecord.Meta):
        verbose_name = _("notes on a session")
        verbose_name_plural = _("notes on sessions")

    def __str__(self):
        return str(self.pk)

    @classmethod
    def own_to(cls, user):
        return Q(session__case__in=Case.objects.told_to(user).values("pk"))

    @property
    def is_acute(self):
        return self.risk == self.Risk.ACUTE
