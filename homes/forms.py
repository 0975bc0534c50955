from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homes.models import Answer, Inspection, StandardItem
from records.staff_filters import clean_search
from records.text import CleanTextField
from records.versions import VersionedFormMixin

Kind = StandardItem.Kind


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Pictures from a phone; what is in them is checked where they are kept."""

    widget = SeveralFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        return [super(SeveralFilesField, self).clean(file, initial) for file in data or []]

    def has_changed(self, initial, data):
        return bool(data)


def _one_of(choices, read):
    return forms.TypedChoiceField(
        choices=choices, coerce=read, empty_value=None, required=False, widget=forms.RadioSelect
    )


class AnswerForm(VersionedFormMixin):
    """One requirement on the page of a section.

    Every field carries what it was drawn with, so that only what this phone changed is written, and only that can
    clash with what another phone wrote meanwhile. The instance must come from `checking.open_section`, locked.
    """

    comment = CleanTextField(
        label=_("Comment"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = SeveralFilesField(label=_("Add photos"), required=False)
    nobody_shown = forms.BooleanField(label=_("Nobody can be recognised in them"), required=False)
    withdraw = forms.MultipleChoiceField(label=_("Take out"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Answer
        fields = ["yes", "number", "choice", "not_applicable", "disputed", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = self.instance.item
        for name in set(self.fields) - self._asked():
            del self.fields[name]
        self._draw_value()
        for name in ("yes", "number", "choice", "not_applicable", "disputed", "comment"):
            if name in self.fields:
                self.fields[name].show_hidden_initial = True

    def _asked(self):
        asked = {"seen_version", "comment"}
        if self.instance.measured:
            return asked | {"disputed"}
        if not self.item.is_bar:
            asked.add("not_applicable")
        match self.item.kind:
            case Kind.BOOL:
                return asked | {"yes"}
            case Kind.CHOICE:
                return asked | {"choice"}
            case Kind.PHOTO:
                return asked | {"photos", "nobody_shown", "withdraw"}
        return asked | {"number"}

    def _draw_value(self):
        if "yes" in self.fields:
            self.fields["yes"] = _one_of([("True", _("yes")), ("False", _("no"))], lambda value: value == "True")
        if "choice" in self.fields:
            self.fields["choice"] = _one_of(list(enumerate(self.item.choices)), int)
        if "number" in self.fields:
            self.fields["number"].widget.attrs.update({"inputmode": "decimal", "min": 0})
            if (stored := self.instance.number) is not None:
                self.initial["number"] = f"{stored.normalize():f}"
        if "withdraw" in self.fields:
            kept = self.instance.photos_kept
            self.fields["withdraw"].choices = [(str(photo.pk), str(n)) for n, photo in enumerate(kept, 1)]
        if "disputed" in self.fields:
            self.fields["disputed"].label = _("We dispute this figure")
        if "not_applicable" in self.fields:
            self.fields["not_applicable"].label = _("Does not apply here")
        for name in ("yes", "number", "choice"):
            if name in self.fields:
                self.fields[name].label = self.item.label

    @property
    def value(self):
        """The bound field of the answer itself, where one is typed or chosen."""
        return next((self[name] for name in ("yes", "number", "choice") if name in self.fields), None)

    @property
    def is_touched(self):
        return bool(set(self.changed_data) - {"seen_version"})

    def clean(self):
        cleaned = forms.ModelForm.clean(self)
        self._compare(self.instance)  # still as stored here, and locked
        self._name_stored_choice()
        if cleaned.get("not_applicable") and not cleaned.get("comment"):
            self.add_error("comment", gettext("Say why this does not apply."))
        if cleaned.get("disputed") and not cleaned.get("comment"):
            self.add_error("comment", gettext("Say why you dispute this figure."))
        if cleaned.get("photos") and not cleaned.get("nobody_shown"):
            self.add_error("photos", gettext("Confirm that nobody can be recognised, and choose the photos again."))
        return cleaned

    def validate_constraints(self):
        """All said above, in words; asking the database for each constraint of 17 forms would be 85 queries."""

    def _name_stored_choice(self):
        """Choices are stored by rank; the person reads the word."""
        stored = self.instance.choice
        if "choice" in self.errors and stored is not None:
            for error in self.errors["choice"].as_data():
                if error.code == "changed_meanwhile":
                    error.params = {"value": self.item.choices[stored]}


class HomesFilterForm(forms.Form):
    """The bar above the list of Homes."""

    UNCHECKED = "unchecked"

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    grade = forms.ChoiceField(
        label=_("Last grade"),
        required=False,
        choices=[("", _("all")), *Inspection.Grade.choices, (UNCHECKED, _("no self-check for a year"))],
    )

    def filtered(self, homes, today):
        if not self.is_valid():
            return homes
        if words := clean_search(self.cleaned_data["q"]):
            named = Q(name__icontains=words) | Q(community__name__icontains=words)
            homes = homes.filter(named | Q(community__name_en__icontains=words))
        match self.cleaned_data["grade"]:
            case "":
                return homes
            case self.UNCHECKED:
                return homes.without_self_check(today)
            case grade:
                return homes.filter(last_grade=grade)
