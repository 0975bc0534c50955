"""What the page of the parent school is narrowed by. Values that are no choice narrow nothing."""

from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activities.filters import too_many_at_once
from activities.models import Activity
from children.models import Household
from communities.models import Division
from records.scoping import Scope
from records.staff_filters import clean_search


class CoverageFilter(forms.Form):
    """Families nobody came from: for a year or ever, to any theme or to one."""

    which = forms.ChoiceField(
        label=_("Which families"),
        required=False,
        choices=[("", _("nobody came for a year")), ("never", _("nobody ever came"))],
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("all")), *Activity.Theme.choices])
    community = forms.ModelChoiceField(
        Division.objects.none(), label=_("Community"), required=False, empty_label=_("all")
    )

    def __init__(self, data, *, by):
        super().__init__(data, auto_id="filter-%s")
        self.everywhere = Scope.of(*by.codes_for(Household))
        self.places = Division.objects.within(self.everywhere).filter(level="community")
        self.several = self.everywhere.is_several
        self.one_at_a_time = self.several and too_many_at_once(self.places)
        if self.several:
            self.fields["community"].queryset = self.places
            if self.one_at_a_time:
                self.fields["community"].empty_label = None
        else:
            del self.fields["community"]
        self.text = clean_search(data.get("q", ""))
        self.is_valid()

    @cached_property
    def scope(self):
        place = self.cleaned_data.get("community") or (self.places.first() if self.one_at_a_time else None)
        return Scope.of(place.pk) if place else self.everywhere

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

    @property
    def paper_for(self):
        """The key of the one community that is shown, which can be printed; None while several are."""
        return self.scope.only_community
