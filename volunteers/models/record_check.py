import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC
from records.scoping import ScopedQuerySet


def months_after(day, months):
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))


class RecordCheckQuerySet(ScopedQuerySet):
    def in_force_on(self, day):
        """The checks that opened the way on `day`: the latest of each helper, clear and still running."""
        latest = self.model.objects.filter(volunteer=OuterRef("volunteer"), checked_on__lte=day)
        newest = Subquery(latest.order_by("-checked_on", "-pk").values("pk")[:1])
        return self.filter(pk=newest, result=RecordCheck.Result.CLEAR, valid_until__gte=day)

    def not_clear(self):
        """The latest of each helper, where it found something, however long ago."""
        latest = self.model.objects.filter(volunteer=OuterRef("volunteer")).order_by("-checked_on", "-pk")
        return self.filter(pk=Subquery(latest.values("pk")[:1]), result=RecordCheck.Result.NOT_CLEAR)


class RecordCheck(CommunityRecord):
    """Minors Protection Law, art. 62: only the result, the day, the reference and how long it holds are kept."""

    class Result(models.TextChoices):
        CLEAR = "clear", _("clear")
        NOT_CLEAR = "not_clear", _("not clear")

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="checks", verbose_name=_("helper")
    )
    of_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    checked_on = models.DateField(_("checked on"))
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.CLEAR)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    valid_until = models.DateField(_("valid until"), blank=True, help_text=_("Empty: one year."))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    personal = {"checked_on": BASIC, "result": BASIC, "reference": BASIC, "valid_until": BASIC}
    not_personal = ["id", "volunteer", "of_user", "community", "district", "recorded_by", "recorded_at"]

    objects = RecordCheckQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-checked_on", "-pk"]
        verbose_name = _("record check")
        verbose_name_plural = _("record checks")
        indexes = [models.Index(fields=["volunteer", "-checked_on", "-id"], name="checks_of_a_helper")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(of_user=None) | Q(recorded_by=None) | ~Q(of_user=F("recorded_by")),
                name="nobody_records_their_own_check",
                violation_error_message=_("Nobody records their own check: ask a colleague."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("checked_on"))
                & Q(valid_until__lte=F("checked_on") + dt.timedelta(days=366)),
                name="record_check_holds_a_year_at_most",
                violation_error_message=_("A record check holds for one year at most."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["clear", "not_clear"]),
                name="record_check_is_clear_or_not",
                violation_error_message=_("Choose clear or not clear."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_clear(self):
        return self.result == self.Result.CLEAR
