from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet
from records.trail import log_act


class YearBookQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """Those of one's divisions; who reads only aggregates has the books of districts, which hold nothing else."""
        rows = super().visible_to(user, action)
        known = user is not None and user.is_authenticated and user.is_active
        if action != "view" or not known:
            return rows
        return rows | self.filter(division__in=[c for c in user.codes_for(self.model, "read") if is_district(c)])


def is_district(code):
    return len(code) == DISTRICT_DIGITS


class YearBook(Record):
    """The figures of a year of a community, street or district as they stood when it was made.

    Meetings, activities, pictures and awards are drawn when it is read, so that a consent counts on that day.
    """

    community_path = "division_id"

    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    figures = models.JSONField(_("figures"), default=dict)
    made_at = models.DateTimeField(_("made"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    personal: dict[str, str] = {}
    not_personal = ["id", "division", "year", "figures", "made_at", "made_by"]

    objects = YearBookQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "division_id"]
        verbose_name = _("year book")
        verbose_name_plural = _("year books")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year"],
                name="one_year_book_per_division_and_year",
                violation_error_message=_("There is a year book of this year already."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2200),
                name="year_book_is_of_a_year",
                violation_error_message=_("Choose this year or one close to it."),
            ),
        ]

    def __str__(self):
        return f"{self.division_id}/{self.year}"

    def get_absolute_url(self):
        return reverse("paper", args=["year_book", self.pk])

    @classmethod
    @transaction.atomic
    def begin(cls, division, year, *, by):
        """The book to be made, anew where it was made before."""
        book, _is_new = cls.objects.get_or_create(division=division, year=year, defaults={"made_by": by})
        log_act(by, "began a year book", book)
        return book

    @transaction.atomic
    def keep(self, figures, *, by):
        self.figures, self.made_at, self.made_by = figures, timezone.now(), by
        self.save(update_fields=["figures", "made_at", "made_by"])
        log_act(by, "made a year book", self)
