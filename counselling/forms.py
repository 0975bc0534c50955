from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counselling.models import CaseWords, CounsellingSession, SessionWords
from records.days import DayField
from records.secrets import SecretField
from records.text import CleanTextField
from records.versions import VersionedFormMixin

ROWS = {"course": 8, "complaint": 3, "aim": 2, "next_step": 2}


def _own_words(db_field, **kwargs):
    """Notes are read and typed as they are: whoever may open the form is the one who wrote them."""
    if isinstance(db_field, SecretField):
        box = forms.Textarea(attrs={"rows": ROWS[db_field.name]})
        label = capfirst(db_field.verbose_name)
        return CleanTextField(label=label, required=not db_field.blank, max_length=8000, widget=box)
    if isinstance(db_field, models.DateField):
        return db_field.formfield(form_class=DayField)
    return db_field.formfield(**kwargs)


class CaseForm(VersionedFormMixin):
    class Meta:
        model = CaseWords
        fields = ["complaint", "aim"]
        formfield_callback = _own_words


class FactsForm(VersionedFormMixin):
    """What staff learn of a session."""

    class Meta:
        model = CounsellingSession
        fields = ["held_on", "minutes", "next_on"]
        formfield_callback = _own_words


class WordsForm(VersionedFormMixin):
    """What nobody but the counsellor and those admitted reads."""

    class Meta:
        model = SessionWords
        fields = ["form", "complaint", "aim", "course", "risk", "next_step"]
        formfield_callback = _own_words


class _Counsellor(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.name


class AdmissionForm(forms.Form):
    counsellor = _Counsellor(get_user_model().objects.none(), label=_("Counsellor"))
    until = DayField(label=_("Last day"), required=False)

    def __init__(self, *args, counsellors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = counsellors
