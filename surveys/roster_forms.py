from django import forms
from django.utils.translation import gettext_lazy as _

from records.text import CleanTextField


class DecisionForm(forms.Form):
    remark = CleanTextField(
        label=_("Remark on the whole"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example who is missing. Remarks on single children stand beside their lines."),
    )
