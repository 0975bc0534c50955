"""The short forms of the portal."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.days import DayField
from records.text import CleanCharField, CleanTextField
from volunteers import contacts, questions
from volunteers.kinds import DutyKind, Met
from volunteers.models import Contact


class ChildChoices(forms.MultipleChoiceField):
    """The helper's own children, by the key of the child; `seen` gives them."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, seen):
        self.choices = [(str(one.pk), one.name) for one in seen]


def _answer_fields():
    """Two fields for each question: what can be ticked, and words of one's own."""
    fields = {}
    for question in questions.QUESTIONS:
        fields[f"{question.key}_ticks"] = forms.MultipleChoiceField(
            label=question.label,
            choices=list(question.options.items()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        fields[f"{question.key}_words"] = CleanTextField(
            label=_("In your own words"),
            required=False,
            max_length=questions.LONGEST,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    return fields


@dataclass
class Group:
    """One question with its fields, for the page; open where something is filled in."""

    question: Any
    ticks: Any
    words: Any

    @property
    def kinds(self):
        return " ".join(self.question.kinds)

    @property
    def is_filled(self):
        return bool(self.ticks.value() or self.words.value() or self.ticks.errors or self.words.errors)


class EntryForm(type("AnswerFields", (forms.Form,), _answer_fields())):
    """What an entry says; the same when it is written and when it is corrected."""

    kinds = forms.MultipleChoiceField(
        label=_("What was it?"),
        choices=DutyKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose all that fit. Nothing fits? Leave it empty: it still counts as a contact."),
    )
    met = forms.MultipleChoiceField(
        label=_("Whom did you meet or reach?"),
        choices=Met.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nobody was there? Tick that: nothing is ticked off, but the office sees that you tried."),
    )
    made_on = DayField(label=_("When?"))
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["made_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_made_on(self):
        day = self.cleaned_data["made_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        data = super().clean()
        met = data.get("met", [])
        if Met.NOBODY in met and len(met) > 1:
            self.add_error("met", _("Either nobody was reached, or say who was."))
        elif kind := contacts.misfit(data.get("kinds", []), met):
            self.add_error("met", contacts.DOES_NOT_FIT[kind])
        return data

    @property
    def facts(self):
        """What the entry says, as the acts take it."""
        return {name: self.cleaned_data[name] for name in FACTS} | {"answers": self.answers}

    @property
    def answers(self):
        return {
            question.key: {
                "ticks": self.cleaned_data[f"{question.key}_ticks"],
                "words": self.cleaned_data[f"{question.key}_words"],
            }
            for question in questions.QUESTIONS
        }

    @property
    def groups(self):
        return [
            Group(question, self[f"{question.key}_ticks"], self[f"{question.key}_words"])
            for question in questions.QUESTIONS
        ]


FACTS = ["kinds", "met", "made_on", "note", "place", "minutes"]


def as_initial(contact):
    """An entry as the form shows it."""
    typed = {name: getattr(contact, name) for name in FACTS}
    for key, given in contact.answers.items():
        typed |= {f"{key}_ticks": given.get("ticks", []), f"{key}_words": given.get("words", "")}
    return typed


class ContactForm(EntryForm):
    children = ChildChoices(label=_("With whom?"), error_messages={"required": _("Choose at least one child.")})
    worried = forms.BooleanField(label=_("I am worried about this child"), required=False)
    worry = CleanTextField(
        label=_("What worries you?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = seen
        self.fields["children"].offer(seen)
        self.fields["made_on"].initial = timezone.localdate
        if len(seen) == 1:
            self.fields["children"].initial = [str(seen[0].pk)]

    @property
    def is_worried(self):
        """The box is ticked, or something is written under it."""
        return bool(self.cleaned_data.get("worried") or self.cleaned_data.get("worry"))

    @property
    def pairings(self):
        """The pairings of the chosen children, as far as that field was filled well."""
        return pairings_of_chosen(self.seen, self.cleaned_data.get("children", []))

    @property
    def photo_needed(self):
        """(duty, child's name) of what is ticked off with a photo alone, as far as the guardian agrees to photos."""
        return [
            (duty.get_kind_display(), one.name)
            for one in self.seen
            for duty in one.open
            if duty.needs_photo and (one.photo_agreed or duty.kind == DutyKind.LETTER)
        ]


class CorrectionForm(EntryForm):
    """`seen` tells how many versions there were when the form was drawn."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = CleanCharField(label=_("Why is it corrected?"), max_length=200, required=False)
    confirmed = forms.BooleanField(label=_("Yes: the duty of the earlier term shall stand as not done"), required=False)


class TakeAnswerForm(forms.Form):
    answer = CleanTextField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


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
