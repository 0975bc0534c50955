"""Publicity of a year: which items, and what they add up to."""

from django.db.models import Count, Sum
from django.utils import timezone

from activities.models import PublicityItem

YEARS_BACK = 5


def year_of(text):
    """The year asked for, of the last few; this year when it is none of them."""
    this = timezone.localdate().year
    return int(text) if text in {str(year) for year in years()} else this


def years():
    this = timezone.localdate().year
    return list(range(this, this - YEARS_BACK, -1))


def of_year(user, year):
    """The items of a year that `user` sees, newest first."""
    rows = PublicityItem.objects.visible_to(user).filter(made_on__year=year)
    return rows.select_related("community", "example_of")


def sums(rows):
    """Items and people reached, in all and by channel, in one query."""
    labels = dict(PublicityItem.Channel.choices)
    found = rows.order_by().values_list("channel").annotate(items=Count("pk"), people=Sum("reach"))
    lines = sorted((labels[channel], items, people or 0) for channel, items, people in found)
    return {
        "channels": lines,
        "items": sum(items for _label, items, _people in lines),
        "people": sum(people for _label, _items, people in lines),
    }
