"""The short forms of the portal."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.text import CleanTextField
from volunteers.kinds import DutyKind
from volunteers.models import Contact


class ChildChoices(forms.MultipleChoiceField):
    """The helper's own children, by the key of the child; `seen` gives them."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, seen):
        self.choices = [(str(one.pk), one.name) for one in seen]


class ContactForm(forms.Form):
    children = ChildChoices(label=_("With whom?"), error_messages={"required": _("Choose at least one child.")})
    kinds = forms.MultipleChoiceField(
        label=_("What was it?"),
        choices=DutyKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose all that fit. Nothing fits? Leave it empty: it still counts as a contact."),
    )
    made_on = forms.DateField(label=_("When?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.ChoiceField(label=_("Where?"), choices=[("", _("not said")), *Contact.Place.choices], required=False)
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        min_value=1,
        max_value=1440,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = CleanTextField(
        label=_("How was it?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A few words are enough. Only you and the child staff of your community and street read this."),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Place and camera data are removed. Only with the guardian's consent."),
    )
    worried = forms.BooleanField(label=_("I am worried about this child"), required=False)
    worry = CleanTextField(
        label=_("What worries you?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = seen
        self.fields["children"].offer(seen)
        self.fields["made_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["made_on"].initial = timezone.localdate
        if len(seen) == 1:
            self.fields["children"].initial = [str(seen[0].pk)]

    def clean_made_on(self):
        day = self.cleaned_data["made_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day

    @property
    def is_worried(self):
        """The box is ticked, or something is written under it."""
        return bool(self.cleaned_data.get("worried") or self.cleaned_data.get("worry"))

    @property
    def pairings(self):
        """The pairings of the chosen children, as far as that field was filled well."""
        return pairings_of_chosen(self.seen, self.cleaned_data.get("children", []))


class ConcernForm(forms.Form):
    children = ChildChoices(label=_("Who is it about?"), error_messages={"required": _("Choose at least one child.")})
    worry = CleanTextField(
        label=_("What did you see or hear?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("You may leave this empty. We would rather ask you than wait."),
    )

    def __init__(self, *args, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = seen
        self.fields["children"].offer(seen)
        if len(seen) == 1:
            self.fields["children"].initial = [str(seen[0].pk)]

    @property
    def pairings(self):
        return pairings_of_chosen(self.seen, self.cleaned_data.get("children", []))


def pairings_of_chosen(seen, keys):
    return [pairing for one in seen if str(one.pk) in keys for pairing in one.pairings]
