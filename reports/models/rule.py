import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Division
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import DISTRICT_DIGITS, Record
from records.trail import log_act


def _number(words, default, least, most, **details):
    return models.PositiveSmallIntegerField(
        words, default=default, validators=[MinValueValidator(least), MaxValueValidator(most)], **details
    )


class ReportRule(Record):
    """When a district wants its quarterly reports, and which change of a figure it wants explained.

    A rule holds from a quarter on until the next one; what has been begun under an earlier rule keeps its due day.
    """

    community_path = "district_id"

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("district"),
    )
    starts_on = models.DateField(gettext_lazy("from the quarter that begins on"))
    community_days = _number(gettext_lazy("days after the quarter's end for communities"), 10, 1, 90)
    street_days = _number(gettext_lazy("days after the quarter's end for street offices"), 20, 1, 90)
    jump_percent = _number(
        gettext_lazy("a figure jumps when it changes by this many percent"),
        30,
        1,
        1000,
        help_text=gettext_lazy("Of the number it is compared with: that of last quarter, and that of a year ago."),
    )
    jump_number = _number(
        gettext_lazy("and by this number at least"),
        5,
        1,
        10000,
        help_text=gettext_lazy("So that small numbers need no words."),
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    set_at = models.DateTimeField(gettext_lazy("set"), default=timezone.now, editable=False)

    NUMBERS = ["community_days", "street_days", "jump_percent", "jump_number"]

    personal: dict[str, str] = {}
    not_personal = ["id", "district", "starts_on", *NUMBERS, "set_by", "set_at"]

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = gettext_lazy("rule of the quarterly reports")
        verbose_name_plural = gettext_lazy("rules of the quarterly reports")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "starts_on"],
                name="one_report_rule_per_district_and_quarter",
                violation_error_message=gettext_lazy("There is already a rule from this quarter on."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]),
                name="a_report_rule_starts_with_a_quarter",
                violation_error_message=gettext_lazy("A rule begins with a quarter."),
            ),
            models.CheckConstraint(
                condition=Q(community_days__range=(1, 90), street_days__range=(1, 90))
                & Q(street_days__gte=models.F("community_days")),
                name="street_offices_report_after_their_communities",
                violation_error_message=gettext_lazy(
                    "Street offices need at least as many days as communities, and nobody more than 90."
                ),
            ),
            models.CheckConstraint(
                condition=Q(jump_percent__range=(1, 1000), jump_number__range=(1, 10000)),
                name="a_report_rule_says_what_a_jump_is",
                violation_error_message=gettext_lazy(
                    "Percent lie between 1 and 1000, the number between 1 and 10,000."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.district_id}/{self.starts_on}"

    @classmethod
    def at(cls, code, period):
        """The rule of the district that `code` lies in for `period`; the default where the district set none."""
        district = code[:DISTRICT_DIGITS]
        held = cls.objects.filter(district=district, starts_on__lte=period.start).order_by("-starts_on").first()
        return held or cls(district_id=district, starts_on=period.start)

    def due_on(self, period, level):
        """The day on which the reports of a level ("community" or "street") are due."""
        days = self.street_days if level == "street" else self.community_days
        return period.end + dt.timedelta(days=days)

    def is_jump(self, now, then):
        """Whether a figure that was `then` and is `now` asks for words."""
        change = abs(now - then)
        return change >= self.jump_number and change * 100 >= self.jump_percent * then

    def set(self, *, by):
        """Keep the rule: for the quarter that runs or a later one, in place of one set for the same quarter before."""
        if self.starts_on < Period.quarter_of(timezone.localdate()).start:
            raise Refused(_("A rule begins with the quarter that runs now or with a later one."))
        self.set_by, self.set_at = by, timezone.now()
        with transaction.atomic():
            Division.objects.select_for_update(no_key=True).get(pk=self.district_id)  # two at once: one after the other
            standing = ReportRule.objects.filter(district=self.district_id, starts_on=self.starts_on).first()
            if standing:
                self.pk, self._state.adding = standing.pk, False
            changed = [name for name in self.NUMBERS if standing and getattr(self, name) != getattr(standing, name)]
            self.save()
            log_act(by, "set the rule", self, fields=changed)
        return self
