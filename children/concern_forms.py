"""Forms of a concern. The first may be sent empty; each later one asks for what its step is about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import User
from records.days import DayField
from records.text import CleanCharField, CleanTextField


def _text(label, rows=3, **details):
    return CleanTextField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **details)


class ConcernForm(forms.Form):
    what = _text(
        _("What was seen or heard"),
        5,
        required=False,
        help_text=_("Write what you know, in your own words. You may also leave it empty and add it later."),
    )
    seen_at = CleanCharField(
        label=_("When it was seen or heard"),
        max_length=60,
        required=False,
        help_text=_("For example: yesterday evening. It may stay empty."),
    )


class ReportedForm(forms.Form):
    told = CleanCharField(
        label=_("Reported to"),
        max_length=100,
        help_text=_("The office: police station, civil affairs office, hotline."),
    )
    told_person = CleanCharField(label=_("Who took the report"), max_length=60, required=False)
    reference = CleanCharField(label=_("Reference number"), max_length=60, required=False)


class FollowUpForm(forms.Form):
    text = _text(_("What was done"))
    next_step = _text(_("Next step"), 2, required=False)
    next_by = DayField(label=_("By when"), required=False)


class OutcomeForm(forms.Form):
    outcome = _text(_("Outcome"), 4)


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.name


class NamingForm(forms.Form):
    user = _Person(User.objects.none(), label=_("Person"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
