"""Forms of letters, certificates and thanks, in the portal and for staff."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.days import DayField
from records.text import CleanCharField, CleanTextField
from volunteers.models import Thanks
from volunteers.models.letter import LONGEST

PICTURES = "image/jpeg,image/png,image/webp"


class WordsOrPicture(forms.Form):
    """A letter typed, or photographed from paper, or both."""

    text = CleanTextField(
        label=_("Words of the letter"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 10})
    )
    scan = forms.FileField(
        label=_("Photo of the letter on paper"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text=_("Only the sheet of paper, nobody's face."),
    )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("text") and not data.get("scan"):
            self.add_error("text", _("Write a few words, or add a picture of the letter."))
        return data


class HelpersLetterForm(WordsOrPicture):
    child = forms.ChoiceField(
        label=_("To whom?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the child."), "invalid_choice": _("Choose the child.")},
    )
    field_order = ["child", "text", "scan"]

    def __init__(self, *args, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = seen
        self.fields["child"].choices = [(str(one.pk), one.name) for one in seen]
        if len(seen) == 1:
            self.fields["child"].initial = str(seen[0].pk)

    @property
    def pairing(self):
        """The chosen child's pairing; where there are two, the one that owes the letter."""
        one = next(one for one in self.seen if str(one.pk) == self.cleaned_data["child"])
        return max(one.pairings, key=lambda pairing: ("letter" in pairing.missing, -pairing.pk))


class AnswerForm(WordsOrPicture):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What the child wrote")
        self.fields["text"].widget.attrs["rows"] = 6


class RemarkForm(forms.Form):
    remark = CleanTextField(label=_("Remark"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class HandOverForm(forms.Form):
    on = DayField(label=_("Given to the child on"), initial=timezone.localdate)
    delivered_by = CleanCharField(
        label=_("By whom"), max_length=60, required=False, help_text=_("Empty: by you yourself.")
    )


class AskCertificateForm(forms.Form):
    from_day = DayField(label=_("From"))
    until_day = DayField(label=_("Until"), initial=timezone.localdate)


class WhyForm(forms.Form):
    reason = CleanCharField(label=_("Reason in words"), max_length=200)


class ThanksForm(forms.Form):
    source = forms.ChoiceField(label=_("Who says thank you?"), choices=Thanks.Source, initial=Thanks.Source.OFFICE)
    pairing = forms.ModelChoiceField(
        label=_("About which child?"),
        queryset=None,
        required=False,
        empty_label=_("no child in particular"),
        help_text=_("Words of a child or a family are shown only as long as the pairing holds."),
    )
    text = CleanTextField(label=_("Words of thanks"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    said_on = DayField(label=_("Said on"), initial=timezone.localdate)

    def __init__(self, *args, pairings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pairing"].queryset = pairings.select_related("child")
        self.fields["pairing"].label_from_instance = lambda pairing: pairing.child.name
