"""Publicity of a year: which items, and what they add up to."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import PublicityItem
from activities.place_filter import PlaceFilter

YEARS_BACK = 5


def years():
    this = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this, this - YEARS_BACK, -1)]


class PublicityFilter(PlaceFilter):
    """One of the last few years: this one, where no other is asked for."""

    year = forms.ChoiceField(label=_("Year"), required=False, choices=years)
    field_order = ["year"]
    seen = PublicityItem

    def __init__(self, data, *, by):
        super().__init__({"year": str(timezone.localdate().year), **data.dict()}, by=by)
        self.by = by

    @property
    def in_year(self):
        return int(self.cleaned_data.get("year") or timezone.localdate().year)

    @property
    def address(self):
        """The chosen values as a piece of a URL, for the spreadsheet."""
        kept = {"community": self.scope.only_community or ""} if self.several else {}
        return urlencode({"year": self.in_year, **kept})

    def items(self, scope=None):
        """Those the person sees, newest first, without what a guardian does not agree to any more."""
        rows = PublicityItem.objects.visible_to(self.by).within(scope or self.scope).filter(made_on__year=self.in_year)
        return rows.agreed().select_related("community", "example_of")


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
