from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.text import CleanTextField
from records.versions import VersionedFormMixin
from reports.models import QuarterlyReport


class ReportTextsForm(VersionedFormMixin):
    def clean(self):
        cleaned = super().clean()
        if not self.instance.is_open:  # looked at under the lock
            raise ValidationError(_("This report has been submitted meanwhile."))
        return cleaned

    class Meta:
        model = QuarterlyReport
        fields = ["done", "problems", "plan"]
        field_classes = dict.fromkeys(fields, CleanTextField)
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 5}))
        help_texts = {"done": _("Activities, visits, talks, meetings: what the figures do not say. Name no child.")}


class DecisionForm(forms.Form):
    remark = CleanTextField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the report: what should be mended?"),
    )
