"""Forms of the application, the school's opinion, objections, decision and payments."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield
from records.days import DayField
from records.text import CleanCharField, CleanTextField
from support.models import AidKind, Application, Payment

PICTURES = "image/jpeg,image/png,image/webp"


class Form(forms.Form):
    use_required_attribute = False


class ApplicationForm(FileForm):
    papers_seen = forms.MultipleChoiceField(label=_("Papers seen"), widget=forms.CheckboxSelectMultiple, required=False)

    class Meta:
        model = Application
        fields = ["reason_group", "reason", "amount", "papers_seen"]
        formfield_callback = clean_formfield

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        papers = self.instance.made_under.papers
        if "papers_seen" in self.fields:
            if papers:
                self.fields["papers_seen"].choices = [(paper, paper) for paper in papers]
            else:
                del self.fields["papers_seen"]
        if "reason" in self.fields:
            self.fields["reason"] = CleanTextField(
                label=capfirst(Application._meta.get_field("reason").verbose_name),
                help_text=Application._meta.get_field("reason").help_text,
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )


def _scan(words):
    return forms.FileField(label=words, required=False, widget=forms.FileInput(attrs={"accept": PICTURES}))


class SchoolForm(Form):
    teacher = CleanCharField(label=_("Name of the teacher"), max_length=60)
    on = DayField(label=_("Day of the opinion"))
    opinion = CleanTextField(
        label=_("Opinion of the school"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The federation reads this. Do not name the child, the family, the school or the address."),
    )
    scan = _scan(_("Scan or photo of the stamped sheet"))


class RemarkForm(Form):
    remark = CleanTextField(
        label=_("What the community should mend"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawForm(Form):
    why = CleanCharField(label=_("Why it is withdrawn"), max_length=200)


class ObjectionForm(Form):
    text = CleanCharField(label=_("What was said"), max_length=500)


class AnswerForm(Form):
    answer = CleanCharField(label=_("What was found"), max_length=500)


class DecisionForm(Form):
    granted = forms.DecimalField(label=_("Amount granted, in yuan"), max_digits=9, decimal_places=2, required=False)
    reason = CleanTextField(
        label=_("Reason of the decision"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class PlanForm(Form):
    planned_on = DayField(label=_("Planned for"))
    amount = forms.DecimalField(label=_("Amount in yuan"), max_digits=9, decimal_places=2, min_value=0.01)


class PaidForm(Form):
    on = DayField(label=_("Paid on"))
    method = forms.ChoiceField(label=_("How it was paid"), choices=Payment.Method)


class ReceiptForm(Form):
    received_by = CleanCharField(label=_("Received by (guardian)"), max_length=60)
    on = DayField(label=_("Signed on"))
    receipt_number = CleanCharField(label=_("Receipt number"), max_length=40, required=False)
    receipt = _scan(_("Scan or photo of the receipt"))


class TakeBackForm(Form):
    why = CleanCharField(label=_("Why it is taken back"), max_length=200)


class StatementForm(Form):
    """Which fund and which days; this year when nothing is said."""

    giver = forms.ChoiceField(label=_("Giver or fund"))
    kind = forms.ModelChoiceField(None, label=_("Kind of support"), required=False, empty_label=_("all of this giver"))
    start = DayField(label=_("From"), required=False)
    end = DayField(label=_("Until"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = AidKind.objects.visible_to(user)
        givers = sorted(set(self.kinds.values_list("giver", flat=True)))
        self.fields["giver"].choices = [(giver, giver) for giver in givers]
        self.fields["kind"].queryset = self.kinds

    def clean(self):
        cleaned, today = super().clean(), timezone.localdate()
        cleaned["start"] = cleaned.get("start") or today.replace(month=1, day=1)
        cleaned["end"] = cleaned.get("end") or today
        if cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("The last day lies before the first."))
        return cleaned

    def chosen(self):
        kinds = self.kinds.filter(giver=self.cleaned_data["giver"])
        kind = self.cleaned_data.get("kind")
        return list(kinds.filter(pk=kind.pk) if kind else kinds)
