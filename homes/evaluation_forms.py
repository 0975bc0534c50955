"""What people fill in on the way of a yearly evaluation."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.models import Division, User
from homes.models import Evaluation, EvaluationYear, Inspection
from homes.models.evaluation import LATEST_VISIT
from homes.visiting import inspectors_at
from records.days import DayField
from records.scoping import DISTRICT_DIGITS
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin

DATES = ["self_check_by", "inspect_from", "inspect_until", "decide_by"]
Verdict = Inspection.Grade


class DatesForm(VersionedFormMixin):
    """The days by which each step of a year is due."""

    self_check_by = DayField(label=_("Self-checks due by"), years_around=5)
    inspect_from = DayField(label=_("Inspections from"), years_around=5)
    inspect_until = DayField(label=_("Inspections until"), years_around=5)
    decide_by = DayField(label=_("Decisions by"), years_around=5)

    class Meta:
        model = EvaluationYear
        fields = [*DATES, "hearing_days"]

    def clean(self):
        cleaned = super().clean()
        days = [cleaned.get(name) for name in DATES]
        if not self.errors and not days[1] <= days[2] <= days[3]:
            self.add_error("inspect_until", gettext("Inspections end after they begin, and decisions come after them."))
        elif not self.errors:
            for name in ("self_check_by", "inspect_from"):
                if cleaned[name] < dt.date(self._in_year(), 1, 1):
                    self.add_error(name, gettext("Choose a day of that year or later."))
        return cleaned

    def _in_year(self):
        return self.instance.year


class OpenForm(DatesForm):
    """A district's evaluation of a year, with days that are usual; `districts`: where this person may open one."""

    district = forms.ModelChoiceField(Division.objects.none(), label=_("District"), empty_label=None)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    field_order = ["district", "year"]

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["district"].queryset = districts
        self.fields["year"].choices = [(year, str(year)) for year in range(today.year - 1, today.year + 2)]
        if len(districts) == 1:
            self.fields["district"].widget = forms.HiddenInput()
            self.initial["district"] = districts[0].pk
        self.initial |= {"year": today.year, **usual_days(today)}

    def _in_year(self):
        return self.cleaned_data.get("year") or timezone.localdate().year


def usual_days(today):
    """Self-checks within 30 days, two months to inspect, a month to decide."""
    return {
        "self_check_by": today + dt.timedelta(days=30),
        "inspect_from": today,
        "inspect_until": today + dt.timedelta(days=90),
        "decide_by": today + dt.timedelta(days=120),
    }


def may_open(user):
    """The districts in which `user` may open an evaluation."""
    codes = {code for code in user.codes_for(EvaluationYear, "add") if len(code) == DISTRICT_DIGITS}
    return Division.objects.filter(code__in=codes).order_by("code")


class VisitForm(forms.Form):
    visit_on = DayField(label=pgettext_lazy("of an inspection", "Day of the visit"), years_around=2)
    inspector = forms.ModelChoiceField(User.objects.none(), label=_("Who inspects?"))

    def __init__(self, *args, evaluation, **kwargs):
        initial = {"visit_on": evaluation.visit_on, "inspector": evaluation.inspector_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["inspector"].queryset = inspectors_at(evaluation.community_id)
        self.fields["inspector"].label_from_instance = lambda user: user.name


class VerdictForm(forms.Form):
    """A verdict on a Home; another than `other` needs a reason. `ruling` says which are open to it."""

    verdict = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    rectify_by = DayField(
        label=_("To be rectified by"), required=False, years_around=2, help_text=_("Only for a Home to be rectified.")
    )
    reason = CleanCharField(
        label=_("Why otherwise?"),
        required=False,
        max_length=300,
        help_text=_("Only if you set another verdict than the one above."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, ruling, other, rectify_by=None, reason="", **kwargs):
        usual = rectify_by or timezone.localdate() + dt.timedelta(days=60)
        shown = {"verdict": kwargs.pop("verdict", other), "rectify_by": usual, "reason": reason}
        super().__init__(*args, initial=shown, **kwargs)
        words = WORDS_AGAIN if ruling.is_again else WORDS
        self.other, self.other_words = other, words[other]
        self.fields["verdict"].choices = [(verdict, words[verdict]) for verdict, _words in ruling.choices]

    def clean(self):
        cleaned = super().clean()
        verdict, today = cleaned.get("verdict"), timezone.localdate()
        if verdict and verdict != self.other and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say why the verdict is set otherwise."))
        if verdict == Verdict.RECTIFY and "rectify_by" not in self.errors:
            day = cleaned.get("rectify_by")
            if not (day and today < day <= today + LATEST_VISIT):
                self.add_error(
                    "rectify_by", gettext("Say by when it is to be rectified: a day within the coming year.")
                )
        if verdict != Verdict.RECTIFY:
            cleaned["rectify_by"] = None
        return cleaned


WORDS = {
    Verdict.EXCELLENT: pgettext_lazy("verdict", "excellent"),
    Verdict.QUALIFIED: pgettext_lazy("verdict", "qualified"),
    Verdict.RECTIFY: pgettext_lazy("verdict", "to be rectified by a date"),
}
WORDS_AGAIN = {Verdict.QUALIFIED: _("rectified"), Verdict.RECTIFY: _("not yet rectified: again by a date")}


def verdict_words(verdict, *, again=False):
    """A verdict in words; on a second look whether it is rectified."""
    return (WORDS_AGAIN if again else WORDS).get(verdict, "")


class StatementForm(forms.Form):
    statement = CleanTextField(
        label=_("What does the community say?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands beside the verdict for good. You can say it once; then the federation decides."),
    )


class RewardForm(forms.Form):
    reward = CleanCharField(label=_("Reward"), max_length=200, help_text=_("A flag, equipment, or an amount."))
    rewarded_on = DayField(label=_("Day"), years_around=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"rewarded_on": timezone.localdate()}, **kwargs)


class LeaveOutForm(forms.Form):
    reason = forms.ChoiceField(
        label=pgettext_lazy("a Home is left out", "Why?"), choices=Evaluation.LeftOutFor, widget=forms.RadioSelect
    )
    words = CleanCharField(
        label=_("In your words"),
        required=False,
        max_length=200,
        help_text=_("Needed for another reason. Street office and community read it."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == Evaluation.LeftOutFor.OTHER and not cleaned.get("words") and not self.errors:
            self.add_error("words", gettext("Say why the Home is left out."))
        return cleaned


class StepFilter(forms.Form):
    """Which Homes of a year are shown."""

    status = forms.ChoiceField(
        label=_("How far"), required=False, choices=[("", pgettext_lazy("Homes", "all")), *Evaluation.Status.choices]
    )
    street = forms.ModelChoiceField(
        Division.objects.none(), label=_("Street"), required=False, empty_label=pgettext_lazy("streets", "all")
    )

    def __init__(self, *args, streets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["street"].queryset = streets
        if len(streets) < 2:
            del self.fields["street"]

    def filtered(self, evaluations):
        if not self.is_valid():
            return evaluations
        if status := self.cleaned_data["status"]:
            evaluations = evaluations.filter(status=status)
        return self.of_street(evaluations)

    def of_street(self, evaluations):
        return evaluations.filter(community__parent=self.chosen_street) if self.chosen_street else evaluations

    @property
    def chosen_street(self):
        """The street that was chosen; None where none was."""
        return self.cleaned_data.get("street") if self.is_valid() else None
