"""Forms of the register: what is typed is cleaned, checked in words, and never lost."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from children.ethnic_groups import ethnic_choices
from children.grades import GRADE_WORDS, fault_of_grade
from children.models import Child, Consent, Erasure, Household, Kinship
from children.status import MINOR_UNDER, age_on
from communities.identity import read_resident_id
from records.days import DayField
from records.secret_forms import SecretFormField, secret_form_field
from records.secrets import KEEP, SecretField, masked
from records.text import CleanCharField, CleanTextField, CodeField
from records.versions import VersionedFormMixin


def clean_formfield(db_field, **kwargs):
    """The form field for a model's column, with our cleaners and inputs."""
    if isinstance(db_field, SecretField):
        return secret_form_field(db_field)
    if isinstance(db_field, models.DateField):
        kwargs["form_class"] = DayField
    elif isinstance(db_field, ArrayField):
        return forms.MultipleChoiceField(
            label=db_field.verbose_name,
            choices=db_field.base_field.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    elif isinstance(db_field, models.CharField) and not db_field.choices:
        kwargs["form_class"] = CleanCharField
    return db_field.formfield(**kwargs)


class FileForm(VersionedFormMixin):
    """A form of a file: shows only the classes of facts the person sees, and can come back exactly as typed."""

    use_required_attribute = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        facts = self._meta.model.personal
        for name in [n for n in self.fields if n in facts and not user.sees(facts[n])]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.label = capfirst(field.label)
            if isinstance(field, SecretFormField):
                self._explain_secret(name, field)

    def _explain_secret(self, name, field):
        stored = getattr(self.instance, name)
        if not stored:
            field.help_text = ""
            return
        last_four = getattr(self.instance, f"{name}_last4", "")
        field.widget.attrs["placeholder"] = masked(last_four) or "••••••"

    # Fields shown only when a fold is opened; a fold with an error in it stands open.
    INSIDE: list[str] = []

    @property
    def has_errors_inside(self):
        return self.is_bound and any(name in self.errors for name in self.INSIDE)

    @classmethod
    def typed(cls, data, prefix, **kwargs):
        """The form with what was typed and nothing checked yet: another row was asked for, or a draft is resumed."""
        form = cls(prefix=prefix, **kwargs)
        for name, field in form.fields.items():
            value = field.widget.value_from_datadict(data, {}, f"{prefix}-{name}")
            if not field.widget.value_omitted_from_data(data, {}, f"{prefix}-{name}"):
                form.initial[name] = value
        return form


class HouseholdForm(FileForm):
    class Meta:
        model = Household
        fields = [
            *["address", "grid", "is_low_income", "has_temporary_aid", "has_medical_aid", "other_aid"],
            *["income_source", "note"],
        ]
        formfield_callback = clean_formfield


class IdentityMixin:
    """An ID number, where there is one, gives birth date and sex; typed ones must agree with it."""

    def clean_guardianship_quality(self):
        rated, before = self.cleaned_data["guardianship_quality"], self.initial.get("guardianship_quality")
        if before and not rated:
            raise ValidationError(_("A rating is replaced by a new one, not taken away."))
        return rated

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("id_number")
        read = read_resident_id(number) if number and number is not KEEP else None
        if read and not read.problem:
            if not cleaned.get("birth_date") and "birth_date" not in self.errors:
                cleaned["birth_date"] = read.birth_date
                cleaned["birth_precision"] = Child.BirthPrecision.DAY
            elif cleaned.get("birth_date") and cleaned["birth_date"] != read.birth_date:
                self.add_error(
                    "birth_date",
                    ValidationError(
                        _("The ID number says %(date)s. Correct one of the two."), params={"date": read.birth_date}
                    ),
                )
            if not cleaned.get("sex"):
                cleaned["sex"] = read.sex
            elif cleaned["sex"] != read.sex:
                self.add_error("sex", _("The ID number says otherwise. Correct one of the two."))
        self._check_birth(cleaned)
        if not cleaned.get("sex") and "sex" not in self.errors:
            self.add_error("sex", _("Choose boy or girl, or type the ID number."))
        return cleaned

    def _check_birth(self, cleaned):
        born, today = cleaned.get("birth_date"), timezone.localdate()
        if born is None:
            if "birth_date" not in self.errors:
                self.add_error("birth_date", _("Type the birth date or the ID number."))
        elif born > today:
            self.add_error("birth_date", _("The birth date lies in the future."))
        elif self.instance.pk and born > self.instance.registered_on:
            self.add_error("birth_date", _("The birth date lies after the registration."))
        elif self.instance.pk is None and age_on(born, today) >= MINOR_UNDER:
            self.add_error("birth_date", _("Only children under 18 are registered. Check the year."))


def grade_choices():
    return [("", _("not known")), *GRADE_WORDS.items()]


class ChildRowForm(IdentityMixin, FileForm):
    """One child in the household's form: what the register needs."""

    sex = forms.ChoiceField(label=_("Sex"), choices=Child.Sex, widget=forms.RadioSelect, required=False)
    birth_date = DayField(
        label=_("birth date"),
        required=False,
        help_text=_("May stay empty where the ID number is given."),
    )
    ethnicity = forms.ChoiceField(label=_("ethnic group"), choices=ethnic_choices, required=False)
    grade = forms.ChoiceField(label=_("school grade"), choices=grade_choices, required=False)
    registered_county = CodeField(
        label=_("county of registration"),
        required=False,
        max_length=6,
        help_text=_("Six digits of the county in the household register, where it is another one than here."),
    )

    class Meta:
        model = Child
        fields = [
            *["name", "id_number", "sex", "birth_date", "birth_precision", "guardianship_quality", "school", "grade"],
            *["is_boarding", "ethnicity", "former_name", "registered_county", "came_on"],
        ]
        formfield_callback = clean_formfield

    INSIDE = ["birth_precision", "ethnicity", "former_name", "registered_county", "came_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_precision"].required = False

    def clean(self):
        cleaned = super().clean()
        born, is_said = cleaned.get("birth_date"), {"grade", "birth_date"} & set(self.changed_data)
        fault = born and is_said and fault_of_grade(cleaned.get("grade"), age_on(born, timezone.localdate()))
        if fault:
            self.add_error("grade", fault)
        return cleaned

    def half_typed(self):
        """The child as far as it is typed, for a look whether there is a file already."""
        self.is_valid()
        typed = {name: self.cleaned_data.get(name) for name in ("name", "birth_date", "id_number")}
        number = "" if typed["id_number"] is KEEP else typed["id_number"] or ""
        known_to = self.cleaned_data.get("birth_precision") or Child.BirthPrecision.DAY
        return Child(
            name=typed["name"] or "", birth_date=typed["birth_date"], birth_precision=known_to, id_number=number
        )

    def clean_birth_precision(self):
        return self.cleaned_data["birth_precision"] or Child.BirthPrecision.DAY

    def clean_registered_county(self):
        code = self.cleaned_data["registered_county"]
        if code and not (code.isdigit() and len(code) == 6):
            raise ValidationError(_("A county code has six digits, as at the beginning of an ID number."))
        return code


class ChildForm(IdentityMixin, FileForm):
    """Everything else of one child's file, on a page of its own."""

    sex = forms.ChoiceField(label=_("Sex"), choices=Child.Sex, widget=forms.RadioSelect)
    ethnicity = forms.ChoiceField(label=_("ethnic group"), choices=ethnic_choices, required=False)
    is_immunised = forms.NullBooleanField(label=_("immunisation up to date"), required=False)
    remark = CleanTextField(label=_("remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Child
        fields = [
            *["name", "former_name", "id_number", "sex", "birth_date", "birth_precision", "ethnicity"],
            *["is_household_registered", "registered_county", "registered_address", "came_on"],
            *["health", "disability_type", "disability_level", "illness"],
            *["is_immunised", "immunisation_checked_on"],
            *["guardianship_quality", "hobbies", "remark"],
        ]
        formfield_callback = clean_formfield

    clean_registered_county = ChildRowForm.clean_registered_county

    def clean(self):
        cleaned = super().clean() if "id_number" in self.fields else forms.ModelForm.clean(self)
        if cleaned.get("disability_level") and not cleaned.get("disability_type"):
            self.add_error("disability_type", _("Choose the type of disability as well."))
        self._check_immunisation(cleaned)
        return cleaned

    def _check_immunisation(self, cleaned):
        seen_on = cleaned.get("immunisation_checked_on")
        if seen_on and seen_on > timezone.localdate():
            self.add_error("immunisation_checked_on", _("The day lies in the future."))
        elif seen_on and cleaned.get("is_immunised") is None:
            self.add_error("is_immunised", _("Say what the immunisation book showed."))

    def sections(self):
        """(title, bound fields) in the order people fill them in; only what the person may see."""
        parts = [
            (_("Who"), self._meta.fields[:7]),
            (_("Registration"), self._meta.fields[7:11]),
            (_("Health"), self._meta.fields[11:17]),
            (_("Care and hobbies"), self._meta.fields[17:]),
        ]
        shown = [(title, [self[name] for name in names if name in self.fields]) for title, names in parts]
        return [(title, bound) for title, bound in shown if bound]


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("For what"), choices=Consent.Purpose)
    given_by = CleanCharField(label=_("Given by"), max_length=60)
    given_on = DayField(label=_("On"))
    scan = forms.FileField(
        label=_("Photo of the signed sheet"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class CorrectionForm(forms.Form):
    wrong = CleanTextField(
        label=_("What is wrong, and what is right"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    asked_by = CleanCharField(label=_("Asked by"), max_length=60, help_text=_("The guardian, or the child."))
    asked_on = DayField(label=_("On"))

    def clean_asked_on(self):
        if self.cleaned_data["asked_on"] > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return self.cleaned_data["asked_on"]


class AnswerForm(forms.Form):
    answer = CleanTextField(
        label=_("What was done, or why not"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ErasureForm(forms.Form):
    ground = forms.ChoiceField(label=_("Why"), choices=Erasure.Ground, widget=forms.RadioSelect)
    note = CleanTextField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )


class ReferralForm(forms.Form):
    counsellor = forms.ModelChoiceField(None, label=_("Counsellor"))
    until = DayField(label=_("Until"), required=False)
    reason = CleanCharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("What worries you, in a sentence. The counsellor reads it first."),
    )

    def __init__(self, *args, counsellors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = counsellors
        self.fields["counsellor"].label_from_instance = lambda user: user.name


class KinForm(forms.Form):
    """What one adult of the household is to this child."""

    NONE = "-"

    relation = forms.ChoiceField(
        required=False, choices=[*Kinship.Relation.choices, (NONE, _("does not belong to this child"))]
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, adult, kinship=None):
        stored = {"relation": kinship.relation if kinship else self.NONE, "seen_version": adult.version}
        super().__init__(data, prefix=f"kin{adult.pk}", initial=stored)
        self.fields["relation"].label = adult.name
        self.fields["relation"].asked_later = True  # some answer stands there always, so nothing is said of optional
        self.adult = adult

    @property
    def chosen(self):
        relation = self.cleaned_data["relation"]
        return None if relation == self.NONE else relation


class CaregiverForm(forms.Form):
    adult = forms.ModelChoiceField(None, label=_("Who looks after the child"), required=False)

    def __init__(self, *args, adults, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["adult"].queryset = adults
        self.fields["adult"].label_from_instance = lambda adult: adult.name
        self.fields["adult"].empty_label = str(_("nobody on file"))
