"""Forms of the rosters at the Homes."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homes.models import Weekday
from records.days import DayField, HourField
from records.text import CleanCharField
from volunteers.models.home_shift import HELPERS_AT_MOST

WEEK, MONTH = "week", "month"
YEARS_AROUND = 2


class ShiftForm(forms.Form):
    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=Weekday, coerce=int)
    starts_at = HourField(label=_("From"))
    ends_at = HourField(label=_("Until"))
    needed = forms.IntegerField(label=_("Helpers needed"), min_value=1, max_value=HELPERS_AT_MOST, initial=2)


class MakeForm(forms.Form):
    first = DayField(label=_("From which day"), years_around=YEARS_AROUND)
    span = forms.ChoiceField(
        label=_("For how long"), choices=[(WEEK, _("one week")), (MONTH, _("four weeks"))], widget=forms.RadioSelect
    )
    again = forms.BooleanField(
        label=_("Put on again who did each shift the last time"),
        help_text=_("Only who is cleared and free on the day."),
        required=False,
        initial=True,
    )

    @property
    def days(self):
        first = max(self.cleaned_data["first"], timezone.localdate())
        length = 7 if self.cleaned_data["span"] == WEEK else 28
        return {"first": first, "last": self.cleaned_data["first"] + dt.timedelta(days=length - 1)}


class PutOnForm(forms.Form):
    """A helper or a whole team, of those that can be on duty then."""

    helper = forms.ModelChoiceField(label=_("Helper"), queryset=None, required=False, empty_label=_("nobody alone"))
    team = forms.ModelChoiceField(label=_("Or a whole team"), queryset=None, required=False, empty_label=_("no team"))

    def __init__(self, *args, helpers, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["helper"].queryset, self.fields["team"].queryset = helpers, teams
        self.fields["helper"].label_from_instance = self.fields["team"].label_from_instance = lambda one: one.name

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("helper")) == bool(cleaned.get("team")):
            self.add_error("helper", _("Choose a helper or a team."))
        return cleaned


class TickForm(forms.Form):
    came_at = HourField(label=_("Came at"))
    went_at = HourField(label=_("Went at"))

    @classmethod
    def of(cls, duty, typed=None):
        times = {"came_at": duty.came_at or duty.slot.starts_at, "went_at": duty.went_at or duty.slot.ends_at}
        return cls(typed, initial=times, auto_id=f"%s-{duty.pk}")  # a page has one of each duty

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned["went_at"] <= cleaned["came_at"]:
            self.add_error("went_at", _("The helper went after coming."))
        return cleaned


class CannotForm(forms.Form):
    reason = CleanCharField(label=_("Why (if you like)"), max_length=200, required=False)
