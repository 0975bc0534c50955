"""Days as addresses and forms name them."""

import datetime as dt

import pytest
from django import forms

from records.days import DayField, HourField, clean_day


@pytest.mark.parametrize("text", [None, "", "x", "2026-13-40", "9999-12-31", "0001-01-01", "2026-11-25-01", "9" * 5000])
def test_what_is_no_day_of_our_time_is_none(text):
    assert clean_day(text) is None


def test_a_day_near_enough_is_read():
    assert clean_day("2026-11-25") == dt.date(2026, 11, 25)
    assert clean_day("1990-11-25", years_around=20) is None


def test_a_form_says_how_far_a_day_may_lie():
    with pytest.raises(forms.ValidationError, match="within 100 years"):
        DayField().clean("9999-12-31")
    with pytest.raises(forms.ValidationError, match="within 3 years"):
        DayField(years_around=3).clean("2015-01-01")
    assert DayField(required=False).clean("") is None


def test_days_and_hours_are_drawn_as_a_browser_reads_them():
    class OfBoth(forms.Form):
        day, hour = DayField(), HourField()

    page = str(OfBoth(initial={"day": dt.date(2026, 11, 25), "hour": dt.time(16, 5)}))
    assert 'type="date"' in page
    assert 'value="2026-11-25"' in page
    assert 'type="time"' in page
    assert 'value="16:05"' in page
