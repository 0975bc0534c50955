"""What the list and the calendar are narrowed by. Values that are no choice narrow nothing."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from communities.models import Division
from records.scoping import Scope
from records.staff_filters import clean_search


class ActivityFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    community = forms.ModelChoiceField(
        Division.objects.none(), label=_("Community"), required=False, empty_label=_("all")
    )

    def __init__(self, data, *, by):
        super().__init__(data, auto_id="filter-%s")
        self.fields["kind"].choices = [("", _("all")), *Activity.Kind.choices]
        self.fields["audience"].choices = [("", _("all")), *Activity.Audience.choices]
        codes = by.codes_for(Activity)
        self.several = not all(len(code) == 12 for code in codes) or len(codes) > 1
        if self.several:
            here = Division.objects.within(Scope.of(*codes)).filter(level="community")
            self.fields["community"].queryset = here
        else:
            del self.fields["community"]
        self.text = clean_search(data.get("q", ""))
        self.is_valid()

    @property
    def chosen(self):
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def address(self):
        """The chosen values as a piece of a URL, for links that keep them."""
        kept = {name: getattr(value, "pk", value) for name, value in self.chosen.items()}
        return "".join(f"&{name}={value}" for name, value in kept.items())

    def narrow(self, activities):
        if self.text:
            words = Q(title__icontains=self.text) | Q(topic__icontains=self.text) | Q(venue__icontains=self.text)
            activities = activities.filter(words)
        return activities.filter(**self.chosen)

    def narrow_sessions(self, sessions):
        path = {"kind": "activity__kind", "audience": "activity__audience", "community": "community"}
        return sessions.filter(**{path[name]: value for name, value in self.chosen.items()})
