"""Forms of givers and of what they bring."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield
from communities.places import places_to_add
from gifts.models import Drive, Gift, GiftLine, Giver
from records.text import CleanCharField

Kind = GiftLine.Kind


class PlacedForm(FileForm):
    """A new row stands in the community of the posting; where that leaves it open, it is asked."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if not self.instance._state.adding:
            return
        places = places_to_add(user, self._meta.model)
        if len(places) == 1:
            self.instance.community = places[0]
        else:
            self.fields["place"] = forms.ModelChoiceField(places, label=_("Community"))
            self.order_fields(["place"])

    def clean(self):
        cleaned = super().clean()
        if place := cleaned.get("place"):
            self.instance.community = place
        return cleaned


class GiverForm(PlacedForm):
    class Meta:
        model = Giver
        fields = ["kind", "name", "contact_name", "phone"]
        formfield_callback = clean_formfield

    def _get_validation_exclusions(self):
        """The place is on no form, but no two givers of a place have one name."""
        return super()._get_validation_exclusions() - {"community"}


def _today():
    return timezone.localdate()


class GiftForm(PlacedForm):
    new_kind = forms.ChoiceField(label=_("kind of the new giver"), choices=Giver.Kind, required=False)
    new_name = CleanCharField(
        label=_("name of the new giver"),
        max_length=80,
        required=False,
        help_text=_("Only where the giver is not on the list above."),
    )

    class Meta:
        model = Gift
        fields = ["giver", "drive", "received_on", "purpose", "handler", "counter"]
        formfield_callback = clean_formfield

    field_order = ["place", "giver", "new_kind", "new_name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["giver"].queryset = Giver.objects.visible_to(user).exclude(name="")
        self.fields["drive"].queryset = Drive.objects.visible_to(user)
        self.fields["drive"].empty_label = _("no drive")
        self.fields["giver"].empty_label = _("anonymous giver, or a new one")
        self.initial.setdefault("received_on", _today())
        self.initial.setdefault("handler", user.name)

    def clean(self):
        cleaned = super().clean()
        giver, new_name = cleaned.get("giver"), cleaned.get("new_name")
        if giver and new_name:
            self.add_error("new_name", _("Choose the giver from the list or type a new one, not both."))
        if giver and giver.community_id != self.instance.community_id:
            self.add_error("giver", _("This giver belongs to another community."))
        self._check_drive(cleaned.get("drive"), cleaned.get("received_on"))
        if cleaned.get("received_on") and cleaned["received_on"] > _today():
            self.add_error("received_on", _("This day lies in the future."))
        if cleaned.get("handler") and cleaned["handler"] == cleaned.get("counter"):
            self.add_error("counter", _("Who counts is another person than who received it."))
        return cleaned

    def _check_drive(self, drive, day):
        if drive and drive.community_id != self.instance.community_id:
            self.add_error("drive", _("This drive belongs to another community."))
        elif drive and day and not drive.is_going_on(day):
            self.add_error("drive", _("The gift lies outside the days of this drive."))

    @property
    def new_giver(self):
        if not (name := self.cleaned_data.get("new_name")):
            return None
        kind = self.cleaned_data.get("new_kind") or Giver.Kind.PERSON
        return Giver(community_id=self.instance.community_id, kind=kind, name=name)


class DriveForm(PlacedForm):
    class Meta:
        model = Drive
        fields = ["title", "purpose", "starts_on", "ends_on", "target"]
        formfield_callback = clean_formfield


class LineForm(FileForm):
    """One thing; a row left as it was drawn is no thing."""

    class Meta:
        model = GiftLine
        fields = ["kind", "what", "quantity", "unit", "unit_price", "expires_on"]
        formfield_callback = clean_formfield

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("what", "unit", "expires_on"):
            self.fields[name].asked_later = True  # by what the kind asks for

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == Kind.MONEY:
            cleaned.update(what="", unit="", unit_price=1, expires_on=None)
            return cleaned
        for name, words in (("what", _("Say what it is.")), ("unit", _("Say in which unit it is counted."))):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        if kind in GiftLine.EXPIRING and not cleaned.get("expires_on") and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Food and medicine have a last day of use: it is on the package."))
        return cleaned

    def refuse_if_expired(self, day):
        if self.instance.is_expired_on(day):
            self.add_error("expires_on", _("This had expired when it was given: do not take it in."))


class GiftEntry:
    """The gift and its rows on one page; works without any script, another row is asked for with a button."""

    ROWS_AT_MOST = 20
    ADD = "add_row"

    def __init__(self, user, data=None, initial=None):
        self.data = data
        self.as_typed = data is not None and self.ADD in data
        self.rows = self._how_many()
        if self.as_typed:
            self.form = GiftForm.typed(data, "gift", user=user)
        else:
            self.form = GiftForm(data, prefix="gift", user=user, initial=initial)
        self.lines = [self._line(user, number) for number in range(self.rows)]

    def _how_many(self):
        try:
            asked = int((self.data or {}).get("rows") or 1)
        except ValueError:
            asked = 1
        return max(1, min(asked + self.as_typed, self.ROWS_AT_MOST))

    def _line(self, user, number):
        details = {"user": user, "empty_permitted": number > 0, "prefix": f"line{number}"}
        return LineForm.typed(self.data, **details) if self.as_typed else LineForm(self.data, **details)

    @property
    def may_have_more(self):
        return self.rows < self.ROWS_AT_MOST

    def is_valid(self):
        right = [form.is_valid() for form in (self.form, *self.lines)]  # all of them, so that all errors show at once
        day = self.form.cleaned_data.get("received_on")
        for line in self.lines if day else []:
            if line.is_valid() and line.has_changed():
                line.refuse_if_expired(day)
        return all(right) and all(line.is_valid() for line in self.lines)

    @property
    def things(self):
        return [line.instance for line in self.lines if line.has_changed()]

    def refuse(self, words):
        self.form.add_error(None, ValidationError(words))
