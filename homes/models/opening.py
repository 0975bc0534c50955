from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpenTime(CommunityRecord):
    """From when to when a Home is open on a weekday; a day without hours it is closed."""

    home = models.ForeignKey(
        "homes.Home", on_delete=models.PROTECT, related_name="open_times", verbose_name=_("Children's Home")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens_at = models.TimeField(_("opens at"), null=True)
    closes_at = models.TimeField(_("closes at"), null=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "home", "community", "district", "weekday", "opens_at", "closes_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "weekday"]
        verbose_name = _("opening hours of a day")
        verbose_name_plural = _("opening hours by weekday")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "weekday"],
                name="a_home_opens_once_a_weekday",
                violation_error_message=_("This weekday already has its hours."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="home_opens_on_a_day_of_the_week",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="home_closes_after_it_opens_on_a_day",
                violation_error_message=_("A Home closes later than it opens."),
            ),
        ]

    def __str__(self):
        return gettext("Opening hours %(number)s") % {"number": self.pk}


def hours_of(home):
    """{weekday: (opens at, closes at)} of the days on which the Home is open; {} when nobody has said yet."""
    rows = home.open_times.exclude(opens_at=None)
    return {weekday: (opens, closes) for weekday, opens, closes in rows.values_list("weekday", "opens_at", "closes_at")}


def hours_by_day(home):
    """[(weekday in words, "16:00–18:30")] of the days on which the Home is open."""
    return [(Weekday(day).label, f"{a:%H:%M}–{b:%H:%M}") for day, (a, b) in sorted(hours_of(home).items())]


@transaction.atomic
def set_hours(home, hours, *, by):
    """`hours`: {weekday: (opens at, closes at)} of the days on which the Home is open; the other days it is closed."""
    held = stored_for_update(home)
    if not held.is_open:
        raise Refused(gettext("This Home is closed."))
    for weekday in Weekday.values:
        opens, closes = hours.get(weekday, (None, None))
        OpenTime.objects.update_or_create(
            home=held,
            weekday=weekday,
            defaults={"opens_at": opens, "closes_at": closes, "community_id": held.community_id},
        )
    held.save(update_fields=[])  # one more version of the Home, for whoever has the page open
    log_act(by, "set the opening hours", held)
