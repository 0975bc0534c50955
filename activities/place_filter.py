"""What a page that adds up a whole place is narrowed by: of many communities it shows one at a time."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activities.filters import too_many_at_once
from communities.models import Division
from records.scoping import Scope


class PlaceFilter(forms.Form):
    """Values that are no choice narrow nothing. `seen`: the model whose rows the page is about."""

    seen: type
    community = forms.ModelChoiceField(
        Division.objects.none(), label=_("Community"), required=False, empty_label=_("all")
    )

    def __init__(self, data, *, by):
        super().__init__(data, auto_id="filter-%s")
        self.everywhere = Scope.of(*by.codes_for(self.seen))
        self.places = Division.objects.within(self.everywhere).filter(level="community")
        self.several = self.everywhere.is_several
        self.one_at_a_time = self.several and too_many_at_once(self.places)
        if self.several:
            self.fields["community"].queryset = self.places
            if self.one_at_a_time:
                self.fields["community"].empty_label = None
        else:
            del self.fields["community"]
        self.is_valid()

    @cached_property
    def scope(self):
        place = self.cleaned_data.get("community") or (self.places.first() if self.one_at_a_time else None)
        return Scope.of(place.pk) if place else self.everywhere

    @property
    def paper_for(self):
        """The key of the one community that is shown, which can be printed; None while several are."""
        return self.scope.only_community
