"""Short forms around the course of a pairing: promises, goodbye, close-out, deputy."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.days import DayField
from records.text import CleanCharField, CleanTextField
from volunteers.models import CloseOut, Feedback
from volunteers.models.close_out import LONGEST, WrittenMeanwhile


class PromiseForm(forms.Form):
    text = CleanCharField(
        label=_("What was promised"), max_length=200, help_text=_("Short: a trip to the library, a book, a phone call.")
    )
    due_on = DayField(label=_("By when"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()


class WhyForm(forms.Form):
    why = CleanCharField(label=_("Reason in words"), max_length=200)


class LeaveOutForm(WhyForm):
    step = forms.ChoiceField(choices=CloseOut.Step, widget=forms.HiddenInput)


def works_well_field(**options):
    return CleanTextField(
        label=_("What works well with this child"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For the next helper: what the child likes to do together, what to mind. No worry belongs here, no phone, "
            "no address."
        ),
        **options,
    )


class HandOverWordsForm(forms.Form):
    works_well = works_well_field()
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def write(self, pairing, *, by):
        """Put the words on file. Where other words came first, sending again is the decision to replace them."""
        seen = self.cleaned_data["seen_version"] or 0
        try:
            CloseOut.write(pairing, works_well=self.cleaned_data["works_well"], seen=seen, by=by)
        except WrittenMeanwhile as refusal:
            self.data = self.data.copy()
            self.data["seen_version"] = str(refusal.version)
            raise


class FeedbackForm(forms.Form):
    ticks = forms.MultipleChoiceField(
        label=_("What holds?"), choices=Feedback.Tick, widget=forms.CheckboxSelectMultiple, required=False
    )
    words = CleanTextField(
        label=_("In their words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("ticks") and not data.get("words"):
            self.add_error("ticks", _("Tick what holds, or write a few words."))
        return data


class StaffFeedbackForm(FeedbackForm):
    side = forms.ChoiceField(choices=Feedback.Side, widget=forms.HiddenInput)


class GoodbyeForm(HandOverWordsForm):
    """What a helper can say before the pairing ends; what is settled already is not asked again."""

    works_well = works_well_field(required=False)
    ticks = forms.MultipleChoiceField(
        label=_("How was it for you?"), choices=Feedback.Tick, widget=forms.CheckboxSelectMultiple, required=False
    )
    words = CleanTextField(
        label=_("A few words about it"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, has_said, is_passed_on, **kwargs):
        super().__init__(*args, **kwargs)
        if has_said:
            del self.fields["ticks"], self.fields["words"]
        if is_passed_on:
            del self.fields["works_well"], self.fields["seen_version"]

    def clean(self):
        data = super().clean()
        if not self.errors and not any(value for name, value in data.items() if name != "seen_version"):
            self.add_error(None, _("Nothing was filled in yet."))
        return data


class DeputyForm(forms.Form):
    volunteer = forms.ModelChoiceField(
        label=_("Who stands in?"),
        queryset=None,
        help_text=_("Cleared helpers of this community who offered to help in this way."),
    )
    from_day = DayField(label=_("First day"), initial=timezone.localdate)
    until_day = DayField(label=_("Last day"), help_text=_("The child is seen to midnight of this day."))
    guardian = CleanCharField(label=_("Guardian who was told"), max_length=60)
    guardian_told_on = DayField(label=_("Told on"), initial=timezone.localdate)

    def __init__(self, *args, helpers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = helpers
        self.fields["volunteer"].label_from_instance = lambda helper: helper.name
