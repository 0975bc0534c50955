from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Transfer
from records.days import DayField
from records.text import CleanCharField, CleanTextField


class OfferForm(forms.Form):
    children = forms.MultipleChoiceField(label=_("Which children"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label=_("Why"), choices=Transfer.Reason, widget=forms.RadioSelect)
    moves_on = DayField(label=_("Day of moving"))
    contact = CleanCharField(
        label=_("Whom to ask"),
        max_length=100,
        help_text=_("Your name and work phone. The other side reads it before it decides."),
    )
    message = CleanTextField(
        label=_("Message to the other side"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they need to know to decide. No ID numbers, no phones of the family."),
    )
    counted = forms.CharField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args, siblings, by, **kwargs):
        keys = [str(child.pk) for child in siblings]
        initial = {
            "children": keys,
            "moves_on": timezone.localdate(),
            "contact": by.name,
            "counted": ",".join(keys),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.siblings = siblings
        self.fields["children"].choices = [(str(c.pk), f"{c.name} · {c.number}") for c in siblings]

    def chosen(self):
        """The children ticked; all of them on a fresh form."""
        keys = self.cleaned_data["children"] if self.is_bound and self.is_valid() else self.initial["children"]
        return [child for child in self.siblings if str(child.pk) in keys]

    def count_anew(self):
        """Show the form again, for these children; whether it differs from what the person had seen."""
        chosen = ",".join(str(child.pk) for child in self.chosen())
        if chosen == self.cleaned_data["counted"]:
            return False
        self.data = {**self.data.dict(), "children": [str(child.pk) for child in self.chosen()], "counted": chosen}
        return True

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == Transfer.Reason.OTHER and not cleaned.get("message"):
            self.add_error("message", _("Please write the reason in words."))
        return cleaned


class RefusalForm(forms.Form):
    answer = CleanCharField(
        label=_("Why not"),
        max_length=200,
        help_text=_("The other side reads it. For example: the family does not live here."),
    )
