"""A year in which the district federation evaluates every Home, with the days by which each step is due."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from homes.models.home import Home
from homes.models.standard import DistrictRuleQuerySet
from records.lifecycle import Refused
from records.scoping import Record
from records.trail import log_act, log_acts
from records.versions import Versioned


class EvaluationYear(Versioned, Record):
    """A district's evaluation of one year, with the days by which each step is due."""

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "district"},
        verbose_name=_("district"),
        editable=False,
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    self_check_from = models.DateField(_("self-checks count from"), editable=False)
    self_check_by = models.DateField(_("self-checks due by"))
    inspect_from = models.DateField(_("inspections from"))
    inspect_until = models.DateField(_("inspections until"))
    decide_by = models.DateField(_("decisions by"))
    hearing_days = models.PositiveSmallIntegerField(
        _("days to comment"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("How long a community may comment on the draft verdict."),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("opened by")
    )
    opened_on = models.DateField(_("opened on"), editable=False)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [
        "id", "version", "district", "year", "self_check_from", "self_check_by", "inspect_from", "inspect_until",
        "decide_by", "hearing_days", "opened_by", "opened_on",
    ]  # fmt: skip

    objects = DistrictRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "district_id"]
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"],
                name="one_evaluation_per_district_and_year",
                violation_error_message=_("The evaluation of this year is open already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    self_check_by__gte=F("self_check_from"),
                    inspect_from__gte=F("self_check_from"),
                    inspect_until__gte=F("inspect_from"),
                    decide_by__gte=F("inspect_until"),
                ),
                name="evaluation_steps_follow_each_other",
                violation_error_message=_("Inspections end after they begin, and decisions come after them."),
            ),
            models.CheckConstraint(
                condition=Q(hearing_days__gte=1, hearing_days__lte=30),
                name="a_hearing_lasts_1_to_30_days",
                violation_error_message=_("A community has from 1 to 30 days to comment."),
            ),
        ]

    def __str__(self):
        return gettext("Yearly evaluation %(year)s") % {"year": self.year}

    def get_absolute_url(self):
        return reverse("evaluations:year", args=[self.pk])

    @classmethod
    @transaction.atomic
    def open(cls, *, district, year, by, **dates):
        """Open the evaluation of `year` in a district for every Home that is open today."""
        Division.objects.select_for_update(no_key=True).get(pk=district.pk)  # two people open one year, not two
        if cls.objects.filter(district=district, year=year).exists():
            raise Refused(gettext("The evaluation of this year is open already."))
        facts = {"self_check_from": dt.date(year, 1, 1), "opened_by": by, "opened_on": timezone.localdate()}
        opened = cls.objects.create(district=district, year=year, **facts, **dates)
        log_act(by, "opened an evaluation", opened, fields=list(dates))
        opened.take_in(by=by)
        return opened

    @transaction.atomic
    def take_in(self, *, by):
        """Take in the Homes that are open and not yet part of this; gives their number."""
        EvaluationYear.objects.select_for_update(no_key=True).get(pk=self.pk)
        today = timezone.localdate()
        homes = Home.objects.filter(district=self.district_id).open_on(today).exclude(evaluations__year=self)
        of_home = self._meta.get_field("evaluations").related_model
        made = of_home.objects.bulk_create(
            of_home(year=self, home=home, community_id=home.community_id, district=home.district) for home in homes
        )
        log_acts(by, "took in", of_home, {evaluation.pk: evaluation.community_id for evaluation in made})
        return len(made)
