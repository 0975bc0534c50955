"""Forms of supervision."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from appraisal.models import Demand, Finding, Visit
from appraisal.points import CHOICES, in_order
from communities.models import Division
from records.days import DayField
from records.follow_up import FollowUpForm
from records.scoping import Scope
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin

YEARS_AROUND = 2


class VisitForm(VersionedFormMixin):
    day = DayField(label=_("Day"), years_around=YEARS_AROUND)
    visitors = CleanCharField(label=_("Who comes"), max_length=200, help_text=_("Names or posts of the inspectors."))
    points = forms.MultipleChoiceField(
        choices=CHOICES,
        label=_("What is looked at"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    focus = CleanTextField(
        label=_("What else is looked at"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )

    class Meta:
        model = Visit
        fields = ["day", "visitors", "points", "focus"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("points") and not cleaned.get("focus") and "points" not in self.errors:
            self.add_error("points", _now("Say what is looked at."))
        return cleaned


class PlanForm(VisitForm):
    """Visits of an office to several communities on one day."""

    communities = forms.ModelMultipleChoiceField(
        Division.objects.none(), label=_("Communities"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["office", "communities", "day", "visitors", "points", "focus"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        scope = Scope.of(*by.codes_for(Visit, "add"))
        above = Division.objects.filter(pk__in=scope.codes).exclude(level="community").order_by("code")
        self.only = above[0] if len(above) == 1 else None
        if self.only is None:
            self.fields["office"] = forms.ModelChoiceField(above, label=_("Office"))
        communities = Division.objects.filter(scope.at("code"), level="community").order_by("code")
        self.fields["communities"].queryset = communities
        self.order_fields(self.field_order)

    def clean(self):
        cleaned = super().clean()
        office = cleaned["office"] = cleaned.get("office") or self.only
        strangers = [c for c in cleaned.get("communities", []) if office and not c.pk.startswith(office.pk)]
        if strangers:
            self.add_error("communities", _now("Choose communities of this office."))
        return cleaned

    def _post_clean(self):
        """The row is made by the act, once for each community."""


class WriteUpForm(forms.Form):
    """A finding for each point, then what it comes to."""

    summary = CleanTextField(label=_("Summary"), max_length=3000, widget=forms.Textarea({"rows": 5}))
    opinions = CleanTextField(
        label=_("Opinions"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the office thinks of the work and advises. Requirements are put down one by one afterwards."),
    )

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = in_order(visit.points)
        for point in self.points:
            self.fields[f"{point.key}-verdict"] = forms.ChoiceField(
                choices=Finding.Verdict.choices, label=point.label, widget=forms.RadioSelect
            )
            self.fields[f"{point.key}-words"] = CleanCharField(
                label=_("In a few words"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
            )

    def clean(self):
        cleaned = super().clean()
        for point in self.points:
            verdict, words = cleaned.get(f"{point.key}-verdict"), cleaned.get(f"{point.key}-words")
            if verdict in (Finding.Verdict.PARTLY, Finding.Verdict.NOT_MET) and not words:
                self.add_error(f"{point.key}-words", _now("Say in words what is not met."))
        return cleaned

    def lines(self):
        """[(point, its field for the verdict, its field for words)]"""
        return [(point, self[f"{point.key}-verdict"], self[f"{point.key}-words"]) for point in self.points]

    def findings(self):
        data = self.cleaned_data
        return {p.key: (data[f"{p.key}-verdict"], data[f"{p.key}-words"]) for p in self.points}


class CallOffForm(forms.Form):
    reason = CleanCharField(label=_("Why is it called off?"), max_length=200)


class DemandForm(forms.Form):
    what = CleanCharField(label=_("What is required"), max_length=Demand._meta.get_field("what").max_length)
    point = forms.ChoiceField(label=_("About which point"), required=False)
    due_on = DayField(label=_("By when"), years_around=YEARS_AROUND)

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        points = [(point.key, point.label) for point in in_order(visit.points)]
        self.fields["point"].choices = [("", _("none of these"))] + points


class AnswerForm(FollowUpForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _("The office above reads it: name no child.")


class AskAgainForm(forms.Form):
    remark = CleanCharField(label=_("What is still missing?"), max_length=300)
    due_on = DayField(label=_("By when"), years_around=YEARS_AROUND)


class WithdrawForm(forms.Form):
    reason = CleanCharField(label=_("Why is it withdrawn?"), max_length=200)
