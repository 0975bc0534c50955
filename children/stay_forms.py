"""Forms of a stay away for work, of coming back, and of a try to reach a parent."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield
from children.models import Away, ParentContact
from children.standing_forms import DayMixin
from records.days import DayField
from records.text import CleanCharField


class StayForm(FileForm):
    class Meta:
        model = Away
        fields = [
            *["since", "until", "place", "is_other_county", "work", "employer", "phone", "expected_back_on", "source"]
        ]
        formfield_callback = clean_formfield
        help_texts = {
            "since": _("Leave empty if the family does not know. Short visits home do not count as coming back."),
            "until": _("Only for a stay that is over."),
            "place": _("Province and city first, as in 广东省东莞市; then whatever else is known."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs["list"] = "places"
        self.fields["place"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        cleaned = super().clean()
        today = timezone.localdate()
        for name in ("since", "until"):
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, _("This day lies in the future."))
        since, until, expected = cleaned.get("since"), cleaned.get("until"), cleaned.get("expected_back_on")
        if since and until and until < since:
            self.add_error("until", _("The day of return lies before the day of leaving."))
        if since and expected and expected < since:
            self.add_error("expected_back_on", _("The day of return lies before the day of leaving."))
        return cleaned


class NewStayForm(StayForm):
    moved_on = forms.BooleanField(
        label=_("They went straight on from the place before: end that stay the same day"), required=False
    )

    def __init__(self, *args, going_on=None, **kwargs):
        super().__init__(*args, **kwargs)
        if going_on is None:
            del self.fields["moved_on"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("moved_on") and not cleaned.get("since") and "since" not in self.errors:
            self.add_error("since", _("Say on which day they went on."))
        return cleaned


class CameBackForm(DayMixin):
    on = DayField(label=_("Came back on"))


class ContactForm(DayMixin):
    on = DayField(label=_("Day"))
    reached = forms.ChoiceField(
        label=_("Did somebody answer?"),
        choices=[("yes", _("reached")), ("no", _("not reached"))],
        widget=forms.RadioSelect,
    )
    means = forms.ChoiceField(label=_("How"), choices=ParentContact.Means, initial=ParentContact.Means.PHONE)
    note = CleanCharField(label=_("Note"), max_length=200, required=False)
