"""Forms of what leaves the stock: to children, to a Home, and what two people counted."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gifts.models import HandOut
from records.days import DayField
from records.text import CleanCharField, clean_text

PICTURES = "image/jpeg,image/png,image/webp"
LONGEST_NAME = 60


class Form(forms.Form):
    use_required_attribute = False


def _quantity(words, at_least, **details):
    return forms.DecimalField(label=words, max_digits=9, decimal_places=2, min_value=at_least, **details)


class GiveForm(Form):
    to = forms.ChoiceField(
        label=_("To whom"),
        choices=[(HandOut.To.CHILD, _("the child")), (HandOut.To.FAMILY, _("the whole family"))],
        widget=forms.RadioSelect,
        initial=HandOut.To.CHILD,
    )
    quantity = _quantity(_("How much for each"), Decimal("0.01"))
    on = DayField(label=_("Given on"), initial=timezone.localdate)


class Recipients:
    """The children on the page: who is ticked, and who signed for each, kept as typed."""

    def __init__(self, children, data=None):
        ticked = set(data.getlist("child")) if data is not None else set()
        self.is_somebody_gone = bool(ticked - {str(child.pk) for child in children})
        self.lines = []
        for child in children:
            caregiver = next((kin.adult.name for kin in child.kinships.all() if kin.is_caregiver), "")
            typed = clean_text((data or {}).get(f"signed-{child.pk}", caregiver))[:LONGEST_NAME]
            self.lines.append({"child": child, "ticked": str(child.pk) in ticked, "signed_by": typed, "missing": False})

    def is_valid(self):
        for line in self.lines:
            line["missing"] = line["ticked"] and not line["signed_by"]
        return not self.is_somebody_gone and not any(line["missing"] for line in self.lines)

    @property
    def chosen(self):
        return [(line["child"], line["signed_by"]) for line in self.lines if line["ticked"]]


class HomeForm(Form):
    quantity = _quantity(_("How much"), Decimal("0.01"))
    on = DayField(label=_("Given on"), initial=timezone.localdate)
    signed_by = CleanCharField(label=_("Who signed for the Home"), max_length=LONGEST_NAME)


class CountForm(Form):
    counted = _quantity(_("How much is there, counted"), 0)
    seen = forms.DecimalField(widget=forms.HiddenInput)
    why = CleanCharField(
        label=_("Why it differs"), max_length=200, help_text=_("For example: expired, spoilt, counted wrongly before.")
    )
    handler = CleanCharField(label=_("Who counted"), max_length=LONGEST_NAME)
    counter = CleanCharField(label=_("Second person who counted"), max_length=LONGEST_NAME)


class VoidForm(Form):
    why = CleanCharField(
        label=_("Why it was a mistake"), max_length=200, help_text=_("For example: noted twice, another giver.")
    )
    handler = CleanCharField(label=_("Who counted"), max_length=LONGEST_NAME)
    counter = CleanCharField(label=_("Second person who counted"), max_length=LONGEST_NAME)


class BackForm(Form):
    why = CleanCharField(label=_("Why it is taken back"), max_length=200)


class ScanForm(Form):
    scan = forms.FileField(label=_("Photo of the signed sheet"), widget=forms.FileInput(attrs={"accept": PICTURES}))
