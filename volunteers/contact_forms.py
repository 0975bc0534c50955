"""Short forms of staff about one contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.text import CleanCharField, CleanTextField


class AskBackForm(forms.Form):
    question = CleanTextField(
        label=_("Question to the helper"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class StaffNoteForm(forms.Form):
    text = CleanTextField(label=_("Note of staff"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class SettledForm(forms.Form):
    note = CleanCharField(label=_("What was done"), max_length=500, required=False)


class WordsOfThanksForm(forms.Form):
    text = CleanCharField(label=_("Words of thanks"), max_length=500, required=False)
