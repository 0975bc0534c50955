"""Days and hours as people type them or an address names them: a year like 0202 or 9999 is a slip, never an error."""

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

A_LIFETIME = 100  # years before and after today


def is_near(day, years_around=A_LIFETIME):
    return abs(day.year - timezone.localdate().year) <= years_around


def clean_day(text, years_around=A_LIFETIME):
    """The day that an address names; None where the text is no day, or none of our time."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and is_near(day, years_around) else None


def countdown(left):
    """How many days are left, or over, as one says it."""
    if left == 0:
        return gettext("due today")
    if left > 0:
        return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class DayField(forms.DateField):
    """A day within so many years of today."""

    widget = DayInput

    def __init__(self, *, years_around=A_LIFETIME, **kwargs):
        self.years_around = years_around
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        if value and not is_near(value, self.years_around):
            words = _("Choose a day within %(years)s years of today.")
            raise forms.ValidationError(words, "far_off", {"years": self.years_around})


class HourField(forms.TimeField):
    widget = TimeInput
