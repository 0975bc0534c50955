from django.db import models, transaction
from django.db.models import DecimalField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Extract, Round
from django.urls import reverse
from django.utils.translation import gettext, pgettext
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


class Season(models.TextChoices):
    TERM = "term", _("in term")
    HOLIDAY = "holiday", _("in the school holidays")


class OpenTime(CommunityRecord):
    """From when to when a Home is open on a weekday; a day without hours it is closed.

    There are two sets: for term, and for the school holidays where those differ."""

    home = models.ForeignKey(
        "homes.Home", on_delete=models.PROTECT, related_name="open_times", verbose_name=_("Children's Home")
    )
    season = models.CharField(_("part of the year"), max_length=7, choices=Season, default=Season.TERM)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens_at = models.TimeField(_("opens at"), null=True)
    closes_at = models.TimeField(_("closes at"), null=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "home", "community", "district", "season", "weekday", "opens_at", "closes_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "season", "weekday"]
        verbose_name = _("opening hours of a day")
        verbose_name_plural = _("opening hours by weekday")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "season", "weekday"],
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
        hours = in_words((self.opens_at, self.closes_at)) if self.opens_at else pgettext("the Home on a day", "closed")
        return f"{self.home} · {self.get_season_display()} · {self.get_weekday_display()} {hours}"

    def get_absolute_url(self):
        return reverse("homes:home", args=[self.home_id])


def in_hours():
    """An aggregate over opening times: how many hours they make together."""
    seconds = Extract(Sum(F("closes_at") - F("opens_at")), "epoch")
    return Round(ExpressionWrapper(seconds / 3600, output_field=DecimalField()), precision=2)


def all_hours(homes):
    """{Home's key: {season: {weekday: (opens at, closes at)}}} in one query; days closed or not set are absent."""
    found = {home.pk: {season: {} for season in Season} for home in homes}
    for row in OpenTime.objects.filter(home__in=found).exclude(opens_at=None).order_by("weekday"):
        found[row.home_id][Season(row.season)][row.weekday] = (row.opens_at, row.closes_at)
    return found


def hours_of(home, season=Season.TERM):
    """{weekday: (opens at, closes at)} of the days on which the Home is open; {} when nobody has said yet."""
    return all_hours([home])[home.pk][season]


def by_day(hours):
    """[(weekday in words, "16:00–18:30")] of the days on which a Home is open."""
    return [(Weekday(day).label, in_words(times)) for day, times in sorted(hours.items())]


def in_words(hours):
    return f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


@transaction.atomic
def set_hours(home, hours, *, season=Season.TERM, by):
    """`hours`: {weekday: (opens at, closes at)} of the days on which the Home is open; the other days it is closed."""
    held = stored_for_update(home)
    if not held.is_open:
        raise Refused(gettext("This Home is closed."))
    for weekday in Weekday.values:
        opens, closes = hours.get(weekday, (None, None))
        OpenTime.objects.update_or_create(
            home=held,
            season=season,
            weekday=weekday,
            defaults={"opens_at": opens, "closes_at": closes, "community_id": held.community_id},
        )
    held.save(update_fields=[])  # one more version of the Home, for whoever has the page open
    log_act(by, "set the opening hours", held)
