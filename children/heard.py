"""The day on which a family said what is typed later: chosen on the household's form when a page of ours leads there.

That page names the day and the earliest possible one in the form's address, signed: nobody dates entries at will.
"""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core import signing
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from children.standing_forms import DayMixin
from records.days import DayField

NAME = "heard"


@dataclass(frozen=True)
class Heard:
    on: dt.date
    earliest: dt.date

    def in_address(self):
        return {NAME: signing.dumps([self.on.isoformat(), self.earliest.isoformat()], salt=__name__)}


def heard_in(request):
    """What the address says; None where it says nothing, 404 where nobody of ours wrote it."""
    if not (said := request.GET.get(NAME)):
        return None
    try:
        return Heard(*map(dt.date.fromisoformat, signing.loads(said, salt=__name__)))
    except signing.BadSignature:
        raise Http404 from None


class HeardForm(DayMixin):
    on = DayField(
        label=_("Day of the visit"),
        help_text=_("New files count as opened on this day, and new stays away as said and verified on it."),
    )

    def __init__(self, heard, data=None, *, typed=None):
        self.earliest = heard.earliest
        super().__init__(data, prefix=NAME, initial={"on": typed or heard.on})

    def clean_on(self):
        day = super().clean_on()
        if day < self.earliest:
            raise forms.ValidationError(_("The day of the visit lies before the round begins."))
        return day
