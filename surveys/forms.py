from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from records.days import DayField
from records.text import CleanCharField
from records.versions import VersionedFormMixin
from surveys.models import HouseholdVisit, SurveyRound
from surveys.models.visit import fault_of_day

YEARS_AROUND = 2


def day_field(label, **options):
    return DayField(label=label, years_around=YEARS_AROUND, **options)


class NewRoundForm(forms.Form):
    use_required_attribute = False

    division = forms.ModelChoiceField(None, label=_("Who is asked"), empty_label=None)
    title = CleanCharField(label=_("Title"), max_length=100)
    opens_on = day_field(_("First day"))
    due_on = day_field(
        _("Due day"), help_text=_("By then every household is visited and every community hands in its roster.")
    )

    def __init__(self, *args, divisions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions


class RoundForm(VersionedFormMixin):
    use_required_attribute = False

    title = CleanCharField(label=_("Title"), max_length=100)
    due_on = day_field(_("Due day"))

    class Meta:
        model = SurveyRound
        fields = ["title", "due_on"]


class VisitForm(VersionedFormMixin):
    use_required_attribute = False

    result = forms.ChoiceField(label=_("What came of it"), choices=HouseholdVisit.Result, widget=forms.RadioSelect)
    visited_on = day_field(_("Day of the visit"), help_text=_("The day somebody stood at the door, not today's."))
    visitor = CleanCharField(label=_("Visited by"), max_length=60)
    note = CleanCharField(label=_("Note"), max_length=300, required=False)

    class Meta:
        model = HouseholdVisit
        fields = ["result", "visited_on", "visitor", "has_changes", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["has_changes"].label = capfirst(self.fields["has_changes"].label)

    def clean_visited_on(self):
        day = self.cleaned_data["visited_on"]
        if fault := fault_of_day(day, self.instance.round):
            raise forms.ValidationError(fault)
        return day


class GridForm(forms.Form):
    use_required_attribute = False

    grid = CleanCharField(label=_("Building or grid"), max_length=40)
    households = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, keys, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["households"].choices = [(key, key) for key in keys]

    def clean_households(self):
        if not self.cleaned_data["households"]:
            raise forms.ValidationError(_("Tick the households first."))
        return self.cleaned_data["households"]
