from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from children.models import Child, Hardship
from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet
from records.text import clean_text
from records.versions import Versioned
from support.rules import Circumstance, Rules, Stage


class AidKindQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """A district's kinds are read by everybody below it who holds the right."""
        seen = super().visible_to(user, action)
        if action != "view" or not user.is_authenticated or not user.is_active:
            return seen
        above = {code[:DISTRICT_DIGITS] for code in user.codes_for(self.model)}
        return seen | self.filter(district_id__in=above)

    def open_on(self, day):
        return self.filter(Q(open_from__lte=day), Q(open_until=None) | Q(open_until__gte=day))


class AidKind(Versioned, Record):
    """A kind of support a district offers: who gives it, to whom, how much, and what must be done first."""

    class Per(models.TextChoices):
        YEAR = "year", _("a year")
        TERM = "term", _("a term")
        ONCE = "once", _("once")

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        verbose_name=_("district"),
    )
    title_zh = models.CharField(_("name in Chinese"), max_length=60)
    title_en = models.CharField(_("name in English"), max_length=60, blank=True)
    giver = models.CharField(_("giver or fund"), max_length=100)
    sex = models.CharField(_("only for"), max_length=1, choices=Child.Sex, blank=True)
    age_from = models.PositiveSmallIntegerField(_("age from"), default=0)
    age_to = models.PositiveSmallIntegerField(_("age up to"), default=17)
    stages = ArrayField(
        models.CharField(max_length=12, choices=Stage),
        verbose_name=_("schooling"),
        default=list,
        blank=True,
        help_text=_("None chosen: any."),
    )
    hardships = ArrayField(
        models.CharField(max_length=12, choices=Hardship.Kind),
        verbose_name=_("needs one of these hardships"),
        default=list,
        blank=True,
        help_text=_("None chosen: no hardship is asked for."),
    )
    circumstance = models.CharField(_("for"), max_length=12, choices=Circumstance, default=Circumstance.ANY)
    amount = models.DecimalField(_("amount in yuan"), max_digits=9, decimal_places=2, validators=[MinValueValidator(1)])
    per = models.CharField(_("per"), max_length=4, choices=Per, default=Per.YEAR)
    papers = models.TextField(
        _("papers required"), blank=True, max_length=1000, help_text=_("One a line, as families know them.")
    )
    needs_school_review = models.BooleanField(_("the school gives its opinion"), default=True)
    notice_days = models.PositiveSmallIntegerField(
        _("days of public notice"), default=7, help_text=_("0: there is no public notice.")
    )
    open_from = models.DateField(_("applications from"))
    open_until = models.DateField(_("applications until"), null=True, blank=True)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [
        *["id", "version", "district", "title_zh", "title_en", "giver", "sex", "age_from", "age_to", "stages"],
        *["hardships", "circumstance", "amount", "per", "papers", "needs_school_review", "notice_days"],
        *["open_from", "open_until"],
    ]

    objects = AidKindQuerySet.as_manager()

    class Meta:
        ordering = ["title_zh", "pk"]
        verbose_name = _("kind of support")
        verbose_name_plural = _("kinds of support")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "title_zh", "open_from"],
                name="one_kind_of_support_per_name_and_opening",
                violation_error_message=_("This district already has a kind of support of that name and day."),
            ),
            models.CheckConstraint(
                condition=Q(age_from__lte=F("age_to"), age_to__lte=25),
                name="kind_of_support_has_an_age_span",
                violation_error_message=_("The upper age comes after the lower, at most 25."),
            ),
            models.CheckConstraint(
                condition=Q(open_until=None) | Q(open_until__gte=F("open_from")),
                name="kind_of_support_closes_after_it_opens",
                violation_error_message=_("The last day for applications lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, notice_days__lte=60),
                name="kind_of_support_gives_something",
                violation_error_message=_("The amount is above nought, and the notice stands for at most 60 days."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        return self.title_en if self.title_en and not (get_language() or "").startswith("zh") else self.title_zh

    @property
    def rules(self):
        return Rules(
            sex=self.sex,
            age_from=self.age_from,
            age_to=self.age_to,
            stages=list(self.stages),
            hardships=list(self.hardships),
            circumstance=self.circumstance,
            amount=self.amount,
            per=self.per,
            papers=[line for part in self.papers.splitlines() if (line := clean_text(part))],
            needs_school_review=self.needs_school_review,
            notice_days=self.notice_days,
            open_from=self.open_from,
            open_until=self.open_until,
        )
