"""Forms about a child's standing: leaving, coming back, reviewing, rating the guardianship."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child, QualityRating
from children.rating import NOBODY
from records.days import DayField
from records.text import CleanCharField


class DayMixin(forms.Form):
    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["on"]


class LeaveForm(forms.Form):
    on = DayField(label=_("Last day on the register"))
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in Child.LeftReason.choices if choice[0] not in Child.ACTS_OF_THEIR_OWN],
        widget=forms.RadioSelect,
    )


class ReturnForm(DayMixin):
    on = DayField(label=_("Back on the register from"))
    was_mistake = forms.BooleanField(
        label=_("The file had been closed by mistake: open it as if it had never been closed"), required=False
    )


class KeepForm(forms.Form):
    note = CleanCharField(label=_("Why does the file stay open?"), max_length=200)


class RatingForm(DayMixin):
    quality = forms.ChoiceField(
        label=_("Guardianship quality"),
        choices=Child.Quality,
        widget=forms.RadioSelect(attrs={"data-kind": "segments"}),
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why"), choices=QualityRating.Reason, widget=forms.CheckboxSelectMultiple
    )
    note = CleanCharField(label=_("Note"), max_length=200, required=False)
    on = DayField(label=_("Rated on"))

    def clean(self):
        cleaned = super().clean()
        if NOBODY in cleaned.get("reasons", ()) and cleaned.get("quality") not in (None, Child.Quality.POOR):
            self.add_error("quality", _("Where nobody is in charge the guardianship is always poor."))
        return cleaned
