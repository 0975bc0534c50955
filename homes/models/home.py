import datetime as dt
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.closing import still_open
from homes.models.opening import OpenTime, Season, in_hours
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update

SELF_CHECK_EVERY = dt.timedelta(days=365)


class HomeQuerySet(ScopedQuerySet):
    def open_on(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def with_last_check(self, day=None):
        """Adds `last_check`, `last_score`, `last_grade` and `last_day` of the last check submitted (up to `day`)."""
        inspections = self.model._meta.get_field("inspections").related_model.objects
        checks = inspections.filter(home=OuterRef("pk"), status="submitted").order_by("-submitted_on", "-pk")
        if day is not None:
            checks = checks.filter(submitted_on__lte=day)
        return self.annotate(
            last_check=Subquery(checks.values("pk")[:1]),
            last_score=Subquery(checks.values("score")[:1]),
            last_grade=Subquery(checks.values("grade")[:1]),
            last_day=Subquery(checks.values("submitted_on")[:1]),
        )

    def with_hours(self):
        """Adds `hours`: how long a Home is open in a week of term; 0 where nobody said."""
        return self.annotate(hours=_a_week(Season.TERM))

    def with_holiday_hours(self):
        """Adds `holiday_hours`, likewise of the school holidays."""
        return self.annotate(holiday_hours=_a_week(Season.HOLIDAY))

    def checked(self, kind, since, until):
        """Homes with a check of `kind` submitted from `since` to `until`."""
        inspections = self.model._meta.get_field("inspections").related_model.objects
        checks = inspections.filter(home=OuterRef("pk"), status="submitted", kind=kind)
        return self.filter(Exists(checks.filter(submitted_on__gte=since, submitted_on__lte=until)))

    def without_self_check(self, day):
        """Homes that did not check themselves in the year up to `day`."""
        return self.exclude(pk__in=self.checked("self_check", day - SELF_CHECK_EVERY, day).values("pk"))


def _a_week(season):
    times = OpenTime.objects.filter(home=OuterRef("pk"), season=season).exclude(opens_at=None).order_by()
    return Coalesce(Subquery(times.values("home").annotate(n=in_hours()).values("n")), Decimal(0))


class Home(Versioned, CommunityRecord):
    """The room in a community where children read, play and call their parents. They do not live there."""

    name = models.CharField(_("name of the Home"), max_length=80)
    address = models.CharField(_("address"), max_length=160, help_text=_("Where the room is: a public place."))
    area = models.DecimalField(_("activity room, m²"), max_digits=6, decimal_places=1)
    opening_times = models.TextField(
        _("opening times"), max_length=500, blank=True, help_text=_("As posted at the door: days, hours, holidays.")
    )
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "version", "name", "address", "area", "opening_times", "opened_on", "closed_on",
    ]  # fmt: skip

    objects = HomeQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["community_id", "pk"]
        verbose_name = _("Children's Home")
        verbose_name_plural = _("Children's Homes")
        indexes = [models.Index(fields=["district", "community"], name="home_by_district")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(closed_on=None),
                name="one_open_home_per_community",
                violation_error_message=_("This community already has an open Home."),
            ),
            models.CheckConstraint(
                condition=Q(area__gt=0, area__lt=10000),
                name="home_has_a_room",
                violation_error_message=_("The room must have more than 0 and less than 10,000 m²."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="home_closes_after_it_opens",
                violation_error_message=_("A Home cannot close before it opened."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("homes:home", args=[self.pk])

    @property
    def is_open(self):
        return self.closed_on is None

    @transaction.atomic
    def close(self, *, by, on):
        """Close the Home; its history stays. A check under way must be submitted first, and nobody may wait for it."""
        self.closed_on = stored_for_update(self).closed_on
        if self.closed_on is not None:
            raise Refused(_("This Home is closed already."))
        if on < self.opened_on:
            raise Refused(_("A Home cannot close before it opened."))
        if self.inspections.filter(status="draft").exists():
            raise Refused(_("A check of this Home is under way: submit it first."))
        if words := still_open(self):
            raise Refused(" ".join(words))
        self.closed_on = on
        self.save(update_fields=["closed_on"])
        log_act(by, "closed", self, fields=["closed_on"])
