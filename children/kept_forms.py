"""Forms of what a file keeps in rows of its own: school, needs, wishes, hardships, growth notes, moving up."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield, grade_choices
from children.grades import GRADE_WORDS, NEXT_GRADE, fault_of_grade
from children.models import Child, GrowthNote, Hardship, SchoolPeriod
from children.status import age_on
from records.days import DayField
from records.text import CleanCharField, CleanTextField

CHANGED, CORRECTED = "changed", "corrected"
ONLY_PICTURES = "image/jpeg,image/png,image/webp"


class ClassForm(FileForm):
    """The class a child is in: entered anew from a day on, or corrected where it stands."""

    what = forms.ChoiceField(
        label=_("What is this?"),
        choices=[
            (CHANGED, _("The child changed class or school")),
            (CORRECTED, _("I complete or correct what stands here")),
        ],
        widget=forms.RadioSelect,
    )
    since = DayField(
        label=_("First day there"),
        required=False,
        help_text=_("Only for a change. What was so before is kept in the history."),
    )
    grade = forms.ChoiceField(label=_("school grade"), choices=grade_choices, required=False)

    class Meta:
        model = Child
        fields = ["school", "grade", "school_class", "is_boarding", "class_teacher", "class_teacher_phone"]
        formfield_callback = clean_formfield

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("what", CORRECTED)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("what") == CHANGED and not cleaned.get("since") and "since" not in self.errors:
            self.add_error("since", _("Give the first day in the new class."))
        age = age_on(self.instance.birth_date, timezone.localdate())
        if fault := fault_of_grade(cleaned.get("grade"), age):
            self.add_error("grade", fault)
        return cleaned


class PastSchoolForm(forms.ModelForm):
    use_required_attribute = False
    grade = forms.ChoiceField(label=_("School grade"), choices=grade_choices, required=False)

    class Meta:
        model = SchoolPeriod
        fields = ["school", "grade", "since", "until"]
        formfield_callback = clean_formfield

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("school") and not cleaned.get("grade"):
            self.add_error("school", _("Give the school or the grade."))
        return cleaned


class NeedForm(forms.Form):
    topic = forms.ChoiceField(label=_("Needs help with"), choices=Child.Topic)
    note = CleanCharField(label=_("Note"), max_length=200, required=False)


class WishForm(forms.Form):
    text = CleanCharField(label=_("Small wish"), max_length=200)


class FulfilledForm(forms.Form):
    whom = CleanCharField(label=_("Fulfilled by"), max_length=100, required=False)


class HardshipForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of hardship"), choices=Hardship.Kind)
    since = DayField(label=_("Since"), required=False)
    note = CleanCharField(label=_("Note"), max_length=200, required=False)


class HardshipEndForm(forms.Form):
    on = DayField(label=_("Ended on"))


class StrikeForm(forms.Form):
    use_required_attribute = False

    because = CleanCharField(label=_("Why is it wrong?"), max_length=200)


class GrowthNoteForm(FileForm):
    text = CleanTextField(
        label=_("what happened"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    picture = forms.FileField(
        label=_("picture"), required=False, widget=forms.FileInput(attrs={"accept": ONLY_PICTURES})
    )
    without_picture = forms.BooleanField(label=_("take the picture away"), required=False)

    class Meta:
        model = GrowthNote
        fields = ["kind", "day", "title", "text"]
        formfield_callback = clean_formfield

    def __init__(self, *args, may_picture, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_picture:
            self.fields.pop("picture", None)
        if not self.instance.picture_id:
            del self.fields["without_picture"]

    def clean_day(self):
        if self.cleaned_data["day"] > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        return self.cleaned_data["day"]


class MoveUpForm(forms.Form):
    """One pupil's line of the roll-over."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=3)
    grade = forms.ChoiceField(label=_("Next grade"))
    school = CleanCharField(label=_("New school"), max_length=100, required=False)

    def __init__(self, data=None, *, child, **kwargs):
        self.child = child
        following = NEXT_GRADE[child.grade]
        super().__init__(
            data, prefix=f"c{child.pk}", initial={"seen": child.grade, "grade": following}, **kwargs
        )  # fmt: skip
        self.fields["grade"].choices = self._choices(child.grade, following)

    @staticmethod
    def _choices(now, following):
        first = [(following, GRADE_WORDS[following]), (now, _("stays in %(grade)s") % {"grade": GRADE_WORDS[now]})]
        return first + [(code, words) for code, words in GRADE_WORDS.items() if code not in (now, following)]

    def clean_grade(self):
        grade = self.cleaned_data["grade"]
        if fault := fault_of_grade(grade, age_on(self.child.birth_date, timezone.localdate())):
            raise ValidationError(fault)
        return grade

    def decision(self):
        return self.cleaned_data["seen"], self.cleaned_data["grade"], self.cleaned_data["school"]
