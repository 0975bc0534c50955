from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.scoping import Record, ScopedQuerySet

LEVELS = (6, 9, 12)  # digits of a district's, a street's and a community's code


def above(codes):
    """The codes of the divisions that the given ones lie in, themselves included."""
    return {code[:digits] for code in codes for digits in LEVELS if digits <= len(code)}


class SurveyRoundQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """A round is seen by those it asks as well: every division below the one that opened it."""
        inside = super().visible_to(user, action)
        if action != "view" or not (user is not None and user.is_authenticated and user.is_active):
            return inside
        asked = self.filter(division__in=above(user.codes_for(self.model, action)))
        return inside | asked

    def covering(self, code):
        """Rounds that ask the division with this code."""
        return self.filter(division__in=above([code]))

    def open_on(self, day):
        return self.filter(Q(opens_on__lte=day), Q(closed_at=None))


class SurveyRound(Record):
    """Every family is visited and every community hands in its roster by a day; a street office or district asks."""

    community_path = "division_id"

    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("division")
    )
    title = models.CharField(_("title"), max_length=100)
    opens_on = models.DateField(_("from"), default=timezone.localdate)
    due_on = models.DateField(_("rosters due on"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "division", "title", "opens_on", "due_on", "opened_by", "opened_at", "closed_at"]

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "-pk"]
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")),
                name="survey_round_is_due_after_it_opens",
                violation_error_message=_("The due day lies before the first day."),
            ),
            models.UniqueConstraint(
                fields=["division", "due_on"],
                name="one_survey_round_per_division_and_due_day",
                violation_error_message=_("There is already a round with this due day."),
            ),
        ]

    def __str__(self):
        return self.title
