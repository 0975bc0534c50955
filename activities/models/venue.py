"""Where something is held: at one of the community's Homes, or at another place that is named in words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AtVenue(models.Model):
    """The Home where it is held, or else the venue in words. A Home's name stands with the Home alone."""

    home = models.ForeignKey(
        "homes.Home",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Children's Home"),
    )
    venue = models.CharField(_("venue"), max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def venue_name(self):
        return self.home.name if self.home_id else self.venue

    def shares_venue_with(self, other):
        """Whether `other` is held at the same place."""
        if self.home_id or other.home_id:
            return self.home_id == other.home_id
        return self.community_id == other.community_id and self.venue.lower() == other.venue.lower()


def at_venue_of(row):
    """Rows held where `row` is."""
    if row.home_id:
        return Q(home=row.home_id)
    return Q(community=row.community_id, home=None, venue__iexact=row.venue)


def one_venue(name):
    return models.CheckConstraint(
        condition=Q(home__isnull=False, venue="") | Q(home=None, venue__gt=""),
        name=name,
        violation_error_message=_("Choose the Home, or say where it is held."),
    )


def one_venue_at_most(name):
    return models.CheckConstraint(
        condition=Q(home=None) | Q(venue=""),
        name=name,
        violation_error_message=_("Choose the Home, or say where it is held."),
    )
