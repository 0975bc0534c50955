from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.text import CleanCharField, CleanTextField
from records.versions import SAVED_MEANWHILE, VersionedFormMixin
from reports.models import QuarterlyReport, ReportRule, StreetReport

WHY = "why_"  # + a measure's key: why its figure jumped
ON = "on_"  # + a measure's key: the remark on its figure


class ReportTextsForm(VersionedFormMixin):
    """The texts of an open report, with a field for every figure that jumped."""

    def __init__(self, *args, jumps=(), **kwargs):
        super().__init__(*args, **kwargs)
        for change in jumps:
            key = change.measure.key
            self.fields[WHY + key] = CleanTextField(
                label=change.measure.label,
                help_text=_("Name no child and no number."),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=self.instance.explanations.get(key, ""),
            )

    def clean(self):
        cleaned = super().clean()
        if not self.instance.is_open:  # looked at under the lock
            raise ValidationError(_("This report has been submitted meanwhile."))
        return cleaned

    def _compare(self, stored):
        seen = self.cleaned_data.get("seen_version")
        super()._compare(stored)
        if seen == stored.version:
            return
        for name in self.whys():
            kept = stored.explanations.get(name.removeprefix(WHY), "")
            if kept != self.cleaned_data.get(name, ""):
                self.add_error(name, ValidationError(_("Stored now: %(value)s"), params={"value": kept or "—"}))
                self.add_error(None, SAVED_MEANWHILE)
                self.data = self.data.copy()
                self.data[self.add_prefix("seen_version")] = str(stored.version)

    def whys(self):
        return [name for name in self.fields if name.startswith(WHY)]

    def jump_fields(self):
        """{measure's key: bound field} of the explanations asked for."""
        return {name.removeprefix(WHY): self[name] for name in self.whys()}

    def text_fields(self):
        return [self[name] for name in self.Meta.fields]

    def save(self, commit=True):
        said = {name.removeprefix(WHY): self.cleaned_data[name] for name in self.whys()}
        kept = {**self.instance.explanations, **said}
        self.instance.explanations = {key: text for key, text in kept.items() if text}
        return super().save(commit)

    class Meta:
        model: Any = QuarterlyReport
        fields = ["done", "problems", "plan"]
        field_classes = dict.fromkeys(fields, CleanTextField)
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 5}))
        help_texts = {"done": _("Activities, visits, talks, meetings: what the figures do not say. Name no child.")}


class StreetTextsForm(ReportTextsForm):
    class Meta(ReportTextsForm.Meta):
        model = StreetReport
        help_texts = {"done": _("What the street office did itself: the figures are those of the communities.")}


class DecisionForm(forms.Form):
    """Accept or return, with a remark on the whole and one on any figure."""

    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("return", _("Return"))])
    seen = forms.IntegerField(widget=forms.HiddenInput)
    remark = CleanTextField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("When you return the report, say here or beside a figure what should be mended."),
    )

    def __init__(self, *args, measures=(), **kwargs):
        super().__init__(*args, **kwargs)
        for measure in measures:
            self.fields[ON + measure.key] = CleanCharField(
                label=_("Remark on %(figure)s") % {"figure": measure.label},
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"form": "decide"}),
            )

    def on_figures(self):
        return {name.removeprefix(ON): text for name, text in self.cleaned_data.items() if name.startswith(ON) and text}

    def remark_fields(self):
        """{measure's key: bound field}"""
        return {name.removeprefix(ON): self[name] for name in self.fields if name.startswith(ON)}


class AmendForm(forms.Form):
    """Which lines should stand as they are drawn now, and why."""

    keys = forms.MultipleChoiceField(label=_("Figures to correct"), widget=forms.CheckboxSelectMultiple, required=False)
    reason = CleanTextField(
        label=_("Why must the report be corrected?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: families were registered late. Name no child and no number."),
    )

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [(line.measure.key, line.measure.label) for line in lines]


class AmendmentDecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("refuse", _("Refuse"))])
    remark = CleanTextField(
        label=_("Remark"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you refuse."),
    )


class ReportRuleForm(forms.ModelForm):
    """A rule for one of `quarters`; where one is set for that quarter already, it is set anew."""

    class Meta:
        model = ReportRule
        fields = ["starts_on", "community_days", "street_days", "jump_percent", "jump_number"]

    def __init__(self, *args, quarters=(), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(period.start.isoformat(), period.label) for period in quarters]
        self.fields["starts_on"] = forms.TypedChoiceField(
            label=_("From this quarter on"),
            choices=choices,
            coerce={p.start.isoformat(): p.start for p in quarters}.get,
            help_text=_("Set again for the same quarter, a rule takes the place of the one before."),
        )
