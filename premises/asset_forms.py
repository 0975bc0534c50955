"""Forms of the asset register."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from premises.models import AssetRequest
from premises.models.asset_request import PIECES_AT_MOST, AssetKind
from records.days import DayField
from records.text import CleanCharField, clean_key, clean_text

LONGEST_NAME = 60
LONGEST_WHY = 200


class Form(forms.Form):
    use_required_attribute = False


def _price(words):
    return forms.DecimalField(label=words, max_digits=9, decimal_places=2, min_value=0, required=False)


def _pieces():
    words = _("How many pieces")
    return forms.IntegerField(label=words, min_value=1, max_value=PIECES_AT_MOST, initial=1)


def _place():
    words = _("For example: book shelf by the window.")
    return CleanCharField(label=_("Where it stands"), max_length=60, required=False, help_text=words)


def _came_on():
    return DayField(label=_("Came on"), years_around=30, initial=timezone.localdate)


class AskForm(forms.ModelForm):
    use_required_attribute = False
    name = CleanCharField(label=_("What is asked for"), max_length=80)
    reason = CleanCharField(label=_("What for"), max_length=300)

    class Meta:
        model = AssetRequest
        fields = ["kind", "name", "quantity", "unit_price", "reason"]


class DecideForm(Form):
    remark = CleanCharField(
        label=_("Remark"), max_length=300, required=False, help_text=_("Needed where it is refused.")
    )


class BoughtForm(Form):
    pieces = _pieces()
    unit_price = _price(_("Price of one, yuan"))
    place = _place()
    on = _came_on()


class EarlierForm(Form):
    kind = forms.ChoiceField(label=_("Kind of thing"), choices=AssetKind)
    name = CleanCharField(label=_("What it is"), max_length=80)
    pieces = _pieces()
    unit_price = _price(_("Price of one, yuan"))
    place = _place()
    on = _came_on()


class GiftForm(Form):
    entry = forms.ChoiceField(label=_("Which gift"))
    pieces = _pieces()
    kind = forms.ChoiceField(label=_("Kind of thing"), choices=AssetKind)
    place = _place()
    on = _came_on()

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = {str(entry.pk): entry for entry in entries}
        words = _("%(what)s, still %(pieces)s, handed over on %(day)s")
        self.fields["entry"].choices = [
            (key, words % {"what": one.line.name, "pieces": one.pieces, "day": one.on})
            for key, one in self.entries.items()
        ]

    def clean_entry(self):
        return self.entries[self.cleaned_data["entry"]]


class ChangeForm(Form):
    name = CleanCharField(label=_("What it is"), max_length=80)
    place = _place()
    unit_price = _price(_("Price, yuan"))


class TurnForm(Form):
    status = forms.ChoiceField(label=_("What is it now"), widget=forms.RadioSelect)
    words = CleanCharField(
        label=_("Say more, if needed"),
        max_length=300,
        required=False,
        help_text=_("For example: lent to the school until May. Name no child."),
    )

    def __init__(self, *args, asset, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = asset.next_moves()


class ScrapForm(Form):
    reason = CleanCharField(label=_("Why it is scrapped"), max_length=LONGEST_WHY)


class CountForm(Form):
    counted_on = DayField(label=_("Counted on"), years_around=2, initial=timezone.localdate)
    handler = CleanCharField(label=_("Who counted"), max_length=LONGEST_NAME)
    counter = CleanCharField(label=_("Second person who counted"), max_length=LONGEST_NAME)


class Differences:
    """The list of pieces on the page of a count: those ticked as differing, and how each is explained, as typed."""

    def __init__(self, assets, data=None):
        ticked = set(data.getlist("differs")) if data is not None else set()
        self.lines = []
        for asset in assets:
            typed = clean_text((data or {}).get(f"why-{asset.pk}", ""))[:LONGEST_WHY]
            is_ticked = str(asset.pk) in ticked
            line = {"asset": asset, "ticked": is_ticked, "why": typed, "lacks_why": is_ticked and not typed}
            self.lines.append(line)

    def is_valid(self):
        return not any(line["lacks_why"] for line in self.lines)

    def explained(self, *statuses):
        """{key: how it is explained} of the ticked pieces that stood as one of `statuses` on the page."""
        return {
            line["asset"].pk: line["why"] for line in self.lines if line["ticked"] and line["asset"].status in statuses
        }


def seen_of(request):
    """The newest line of history that the page was drawn with."""
    return clean_key(request.POST.get("seen"))
