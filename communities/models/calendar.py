import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet


class TermQuerySet(ScopedQuerySet):
    def of(self, code):
        """Terms of the district that `code` lies in."""
        return self.filter(district_id=code[:6])

    def on(self, day, code):
        """The term of `code`'s district that `day` falls in, or None in the holidays between terms."""
        return self.of(code).filter(starts_on__lte=day, ends_on__gte=day).first()

    def on_or_before(self, day, code):
        """The term `day` falls in, else the one that ended last before it."""
        return self.of(code).filter(starts_on__lte=day).order_by("-starts_on").first()


class Term(Record):
    """A school term of a district. The five ones are counted by it."""

    class Kind(models.TextChoices):
        AUTUMN = "autumn", _("autumn")
        SPRING = "spring", _("spring")

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        verbose_name=_("district"),
    )
    school_year = models.PositiveSmallIntegerField(_("school year"), help_text=_("The year in which it began."))
    kind = models.CharField(_("term"), max_length=6, choices=Kind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = ["id", "district", "school_year", "kind", "starts_on", "ends_on"]

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_year", "kind"],
                name="one_autumn_and_one_spring_term_a_year",
                violation_error_message=_("This district already has that term."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_it_starts",
                violation_error_message=_("A term cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return _("%(term)s term %(year)s") % {
            "term": self.get_kind_display(),
            "year": f"{self.school_year}–{self.school_year + 1}",
        }

    def clean(self):
        super().clean()
        if self.district_id and self.starts_on and self.ends_on:
            clash = Term.objects.of(self.district_id).filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on)
            if clash.exclude(pk=self.pk).exists():
                from django.core.exceptions import ValidationError

                raise ValidationError(_("These days lie in another term."))


class ClosedDay(Record):
    """A public holiday, or a weekend day that is worked instead."""

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        verbose_name=_("district"),
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=60)
    is_worked = models.BooleanField(_("worked weekend day"), default=False)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = ["id", "district", "day", "name", "is_worked"]

    class Meta:
        ordering = ["-day"]
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "day"],
                name="one_entry_per_district_and_day",
                violation_error_message=_("This day already has an entry."),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.name}"

    @classmethod
    def holidays(cls, code, first, last=None):
        """{day: name} of the days from `first` on that are free in the district of `code`; worked weekends are not."""
        rows = cls.objects.filter(district_id=code[:DISTRICT_DIGITS], day__gte=first, is_worked=False)
        rows = rows if last is None else rows.filter(day__lte=last)
        return dict(rows.values_list("day", "name"))

    @classmethod
    def working_days(cls, code, first, last):
        """The days from `first` to `last` on which offices in the district of `code` work: no weekend, no public
        holiday, but worked weekend days."""
        rows = cls.objects.filter(district_id=code[:DISTRICT_DIGITS], day__range=(first, last))
        worked = dict(rows.values_list("day", "is_worked"))
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in days if worked.get(day, day.weekday() < 5)]
