from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from homes.models.standard import OWN, DistrictRuleQuerySet, in_language
from records.scoping import Record
from records.versions import Versioned


class StandardItem(Versioned, Record):
    """One requirement of a standard: what is asked, how it is answered, what it weighs."""

    class Section(models.TextChoices):
        HARDWARE = "hardware", _("Facilities")
        SOFTWARE = "software", _("Management")
        OPERATION = "operation", _("Operation")

    class Kind(models.TextChoices):
        BOOL = "bool", _("yes or no")
        NUMBER = "number", _("a number")
        CHOICE = "choice", _("choice")
        PHOTO = "photo", _("photo")
        COMPUTED = "computed", _("measured by the system")

    class Comparison(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        EXACTLY = "eq", _("exactly")

    class Reckoned(models.TextChoices):
        """What is made of the measure's rows."""

        COUNT = "count", _("their number")
        SHARE = "share", _("their percentage of the base")
        COVERED = "covered", _("the percentage of the base that is not among them")
        MONTHLY = "monthly", _("their number a month")
        QUARTERLY = "quarterly", _("their percentage of the quarters that have ended")

    class Over(models.TextChoices):
        """The days a measure is taken over."""

        DAY = "day", _("that day")
        QUARTER = "quarter", _("the three months up to that day")
        TERM = "term", _("the term up to that day")
        YEAR = "year", _("the twelve months up to that day")

    standard = models.ForeignKey(
        "homes.Standard", on_delete=models.PROTECT, related_name="items", verbose_name=_("standard"), editable=False
    )
    position = models.PositiveSmallIntegerField(_("place in the list"))
    code = models.CharField(_("code"), max_length=6)
    section = models.CharField(_("section"), max_length=10, choices=Section)
    label_en = models.CharField(_("requirement in English"), max_length=160)
    label_zh = models.CharField(_("requirement in Chinese"), max_length=80)
    kind = models.CharField(_("answered by"), max_length=10, choices=Kind)
    comparison = models.CharField(_("comparison"), max_length=2, choices=Comparison, default=Comparison.AT_LEAST)
    threshold = models.DecimalField(_("threshold"), max_digits=7, decimal_places=1, null=True, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=20, blank=True)
    choices_en = models.CharField(_("choices in English, best first"), max_length=120, blank=True)
    choices_zh = models.CharField(_("choices in Chinese, best first"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MaxValueValidator(100)])
    is_bar = models.BooleanField(_("not met bars “excellent”"), default=False)
    measure = models.CharField(_("measure"), max_length=60, blank=True)
    base_measure = models.CharField(_("measure of the base"), max_length=60, blank=True)
    reckoned = models.CharField(_("reckoned as"), max_length=10, choices=Reckoned, default=Reckoned.COUNT)
    over = models.CharField(_("taken over"), max_length=10, choices=Over, default=Over.DAY)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    source_zh = models.CharField(_("source in Chinese"), max_length=100, blank=True)

    community_path = "standard__district_id"
    personal: dict[str, str] = {}
    not_personal = [
        "id", "version", "standard", "position", "code", "section", "label_en", "label_zh", "kind", "comparison",
        "threshold", "unit_en", "unit_zh", "choices_en", "choices_zh", "weight", "is_bar", "measure", "base_measure",
        "reckoned", "over", "source_en", "source_zh",
    ]  # fmt: skip

    objects = DistrictRuleQuerySet.as_manager()

    class Meta:
        ordering = ["standard_id", "position"]
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "code"],
                name="one_requirement_of_a_code_per_standard",
                violation_error_message=_("This standard already has a requirement with that code."),
            ),
            models.CheckConstraint(
                condition=Q(weight__lte=100),
                name="weight_is_at_most_100",
                violation_error_message=_("A weight is between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["bool", "choice"], threshold=None)
                | Q(kind__in=["number", "photo", "computed"], threshold__gte=0),
                name="numbers_and_photos_have_a_threshold",
                violation_error_message=_("Numbers and photos need a threshold; other kinds have none."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(choices_en="") & ~Q(choices_zh=""),
                name="choice_has_choices",
                violation_error_message=_("Name the choices, best first, with | between them."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="computed") | ~Q(measure=""),
                name="computed_item_names_its_measure",
                violation_error_message=_("Name the measure this is taken from."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.label}"

    @property
    def label(self):
        return in_language(self.label_en, self.label_zh)

    @property
    def is_own(self):
        """Whether the district added it to those that are shipped."""
        return self.code.startswith(OWN)

    @property
    def unit(self):
        return in_language(self.unit_en, self.unit_zh)

    @property
    def source(self):
        return in_language(self.source_en, self.source_zh)

    @property
    def choices(self):
        """The choices in the reader's language, best first."""
        return in_language(self.choices_en, self.choices_zh).split("|")

    @property
    def choice_count(self):
        return len(self.choices_en.split("|"))

    @property
    def is_share(self):
        return self.reckoned in (self.Reckoned.SHARE, self.Reckoned.COVERED, self.Reckoned.QUARTERLY)

    def with_unit(self, value):
        """The value as read here, without idle zeros."""
        return f"{number_format(Decimal(value).normalize())}\u00a0{self.unit}".strip()

    @property
    def required(self):
        """What counts as met, in words."""
        match self.kind:
            case self.Kind.BOOL:
                return gettext("yes")
            case self.Kind.CHOICE:
                return self.choices[0]
            case self.Kind.PHOTO:
                number = int(self.threshold)
                return ngettext("%(number)s photo", "%(number)s photos", number) % {"number": number}
        value = self.with_unit(self.threshold)
        if self.comparison == self.Comparison.EXACTLY:
            return gettext("exactly %(value)s") % {"value": value}
        return gettext("at least %(value)s") % {"value": value}
