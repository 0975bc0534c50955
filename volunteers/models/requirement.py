"""What a district asks of its helpers before they come near a child: data, by kind of helper, each line from a day."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.scoping import Record, ScopedQuerySet
from records.trail import log_act
from volunteers.kinds import HelperKind


class Asked(models.TextChoices):
    APPLICATION = "application", pgettext_lazy("asked of a helper", "application")
    INTERVIEW = "interview", _("interview")
    RECORD_CHECK = "record_check", _("record check")
    PLEDGE = "pledge", _("confidentiality pledge")
    TRAINING = "training", _("training and quiz")
    REFERENCES = "references", _("references")


@dataclass(frozen=True)
class Rule:
    """One thing asked: it holds `valid_months` (0: for good) and is recalled `remind_days` before it ends."""

    is_asked: bool = True
    valid_months: int = 0
    remind_days: int = 30


# What the law asks everywhere and no district can waive.
LAW = {Asked.RECORD_CHECK: Rule(valid_months=12)}
# What the programme recommends; a district takes it over in one act, or writes its own lines.
RECOMMENDED = {
    **LAW,
    Asked.APPLICATION: Rule(),
    Asked.INTERVIEW: Rule(),
    Asked.PLEDGE: Rule(),
    Asked.TRAINING: Rule(valid_months=12),
    Asked.REFERENCES: Rule(),
}
ASKED_OF_PARENTS_ALONE = {Asked.REFERENCES: {HelperKind.LOVING_MOTHER, HelperKind.ACTING_PARENT}}


class RequirementQuerySet(ScopedQuerySet):
    def of_district(self, code):
        """The lines of a district, oldest first."""
        return self.filter(district_id=code[:6]).order_by("from_day", "pk")


class Requirement(Record):
    """One line: from `from_day` helpers of a kind need this, or need it no longer. Newer lines replace older ones."""

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        verbose_name=_("district"),
    )
    helper_kind = models.CharField(_("asked of"), max_length=20, choices=HelperKind)
    what = models.CharField(_("what is asked"), max_length=20, choices=Asked)
    is_asked = models.BooleanField(_("is asked"), default=True)
    valid_months = models.PositiveSmallIntegerField(
        _("holds so many months"), default=0, help_text=_("0: once done, it holds for good.")
    )
    remind_days = models.PositiveSmallIntegerField(_("recalled so many days before it ends"), default=30)
    from_day = models.DateField(
        _("from this day"),
        help_text=_("A day to come. Who lacks it then sees no child's data from that midnight on."),
    )

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [*["id", "district", "helper_kind", "what", "is_asked", "valid_months", "remind_days", "from_day"]]

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["-from_day", "helper_kind", "pk"]
        verbose_name = _("requirement for helpers")
        verbose_name_plural = _("requirements for helpers")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "helper_kind", "what", "from_day"],
                name="one_requirement_per_district_kind_thing_and_day",
                violation_error_message=_("There is already a line for this from this day."),
            ),
            models.CheckConstraint(
                condition=~Q(what="record_check") | Q(is_asked=True, valid_months__gte=1, valid_months__lte=12),
                name="record_check_is_always_asked_and_at_least_yearly",
                violation_error_message=_("The law asks for a record check at least every year."),
            ),
            models.CheckConstraint(
                condition=Q(valid_months__lte=60, remind_days__lte=180),
                name="requirement_stays_within_five_years",
                violation_error_message=_("At most 60 months, recalled at most 180 days before."),
            ),
        ]

    def __str__(self):
        return f"{self.helper_kind}/{self.what} {self.from_day}"

    def clean(self):
        super().clean()
        if self.from_day and self.from_day <= timezone.localdate():
            raise ValidationError({"from_day": _("Choose a day to come: nobody loses access without notice.")})

    @property
    def rule(self):
        return Rule(self.is_asked, self.valid_months, self.remind_days)

    @classmethod
    @transaction.atomic
    def recommend(cls, district, *, from_day, by):
        """Ask from `from_day` for what the programme recommends, where the district has no line of its own."""
        there = set(cls.objects.of_district(district.pk).values_list("helper_kind", "what"))
        lines = [
            cls(
                district=district,
                helper_kind=kind,
                what=what,
                valid_months=rule.valid_months,
                remind_days=rule.remind_days,
                from_day=from_day,
            )
            for what, rule in RECOMMENDED.items()
            for kind in HelperKind.values
            if (kind, what) not in there and kind in ASKED_OF_PARENTS_ALONE.get(what, HelperKind.values)
        ]
        cls.objects.bulk_create(lines)
        log_act(by, "took over recommended requirements", district, lines=len(lines))
        return len(lines)
