"""What the page of the parent school is narrowed by. Values that are no choice narrow nothing."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from activities.place_filter import PlaceFilter
from children.models import Household
from records.staff_filters import clean_search


class CoverageFilter(PlaceFilter):
    """Families nobody came from: for a year or ever, to any theme or to one."""

    which = forms.ChoiceField(
        label=_("Which families"),
        required=False,
        choices=[("", _("nobody came for a year")), ("never", _("nobody ever came"))],
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("all")), *Activity.Theme.choices])
    field_order = ["which", "theme"]
    seen = Household

    def __init__(self, data, *, by):
        super().__init__(data, by=by)
        self.text = clean_search(data.get("q", ""))

    @property
    def of_theme(self):
        return self.cleaned_data.get("theme", "")

    @property
    def ever(self):
        return self.cleaned_data.get("which") == "never"

    @property
    def address(self):
        """The chosen values as a piece of a URL, for the paper."""
        return f"theme={self.of_theme}&which={'never' if self.ever else ''}"

    @property
    def query(self):
        """All that the page is narrowed by, for the spreadsheets."""
        kept = {"community": self.scope.only_community if self.several else "", "q": self.text}
        return urlencode({"theme": self.of_theme, "which": "never" if self.ever else "", **kept})
