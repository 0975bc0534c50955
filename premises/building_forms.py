"""Forms of building a Home, and the milestones that are usual."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.days import DayField
from records.text import CleanCharField

# (what, days after the beginning)
USUAL = [
    (_("The leading group for building the Home is set up"), 14),
    (_("A room of 30 m² or more is found and promised in writing"), 45),
    (_("Plan of the room and budget are drawn up"), 60),
    (_("The money is there, or the drive for gifts has begun"), 90),
    (_("The room is put right: safe, warm, light"), 150),
    (_("Desks, books, sports equipment, computer or telephone are checked in"), 180),
    (_("Rules, opening hours and emergency supplies are in place"), 190),
    (_("Manager and duty holders are named and trained"), 200),
    (_("The Home opens"), 210),
]
YEARS_AROUND = 5


def usual_milestones(begun_on):
    """[(what, due on)] as a plan that begins on that day usually has them."""
    return [(str(what), begun_on + dt.timedelta(days=days)) for what, days in USUAL]


class Form(forms.Form):
    use_required_attribute = False


class BeginForm(Form):
    name = CleanCharField(label=_("Name of the Home to be"), max_length=80)
    place = CleanCharField(label=_("Where it will be, if that is known"), max_length=160, required=False)
    with_usual = forms.BooleanField(label=_("Begin with the usual milestones"), required=False, initial=True)


class MilestoneForm(Form):
    what = CleanCharField(label=_("Milestone"), max_length=100)
    due_on = DayField(label=_("By when"), years_around=YEARS_AROUND)


class ReachForm(Form):
    on = DayField(label=_("Reached on"), years_around=YEARS_AROUND, initial=timezone.localdate)


class PutOffForm(Form):
    due_on = DayField(label=_("New day"), years_around=YEARS_AROUND)


class LineForm(Form):
    what = CleanCharField(label=_("What the money is for"), max_length=100)
    planned = forms.DecimalField(label=_("Planned, yuan"), max_digits=9, decimal_places=2, min_value=Decimal("0.01"))


class SpendForm(Form):
    amount = forms.DecimalField(
        label=_("Paid, yuan"),
        max_digits=9,
        decimal_places=2,
        help_text=_("A negative sum takes a wrong entry back."),
    )
    on = DayField(label=_("Day of payment"), years_around=YEARS_AROUND, initial=timezone.localdate)
    what = CleanCharField(label=_("For what"), max_length=100, required=False)

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Give the sum that was paid."))
        return amount


class DriveForm(Form):
    drive = forms.ModelChoiceField(
        label=_("Donation drive for it"), queryset=None, required=False, empty_label=_("no drive")
    )

    def __init__(self, *args, drives, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["drive"].queryset = drives


class OpenForm(Form):
    address = CleanCharField(label=_("Address of the Home"), max_length=160)
    area = forms.DecimalField(
        label=_("Activity room, m²"), max_digits=6, decimal_places=1, min_value=Decimal("0.1"), max_value=9999
    )
    opened_on = DayField(label=_("Opened on"), years_around=YEARS_AROUND, initial=timezone.localdate)


class GiveUpForm(Form):
    reason = CleanCharField(label=_("Why it is given up"), max_length=200)
