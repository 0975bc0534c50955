"""One adult in the household's form: who, what to the children, who cares, who is away since when and where."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield
from children.intake import FamilyMember
from children.models import Adult, Child, Kinship
from children.models.adult import PARENTS
from communities.identity import normalise_phone
from records.days import DayField
from records.text import CleanCharField

DIFFERS = "~"
HOME, AWAY = "home", "away"


class AdultRowForm(FileForm):
    relation = forms.ChoiceField(label=_("relation to the children"), choices=Kinship.Relation, required=False)
    is_caregiver = forms.BooleanField(label=_("looks after the children day by day"), required=False)
    whereabouts = forms.ChoiceField(
        label=_("Where now"),
        choices=[(HOME, _("at home")), (AWAY, _("away for work"))],
        widget=forms.RadioSelect,
        required=False,
        initial=HOME,
    )
    away_since = DayField(
        label=_("away since"),
        required=False,
        help_text=_("Leave empty if the family does not know. Short visits home do not count as coming back."),
    )
    away_place = CleanCharField(label=_("place of work"), max_length=100, required=False)
    is_same_county = forms.BooleanField(label=_("inside this county"), required=False)
    came_back_on = DayField(label=_("came back on"), required=False)
    only_of = forms.MultipleChoiceField(
        label=_("only of these children"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For half-brothers, half-sisters and cousins. Tick nobody for an adult of all the children."),
    )

    # Facts of the stay and of the kinship, which lie in rows of their own.
    BESIDE = ["relation", "is_caregiver", "whereabouts", "away_since", "away_place", "is_same_county"]
    ONLY_WHEN = {AWAY: ["away_since", "away_place", "is_same_county"], HOME: ["came_back_on"]}
    INSIDE = ["only_of", "phone_alt", "id_number", "unable_since", "unable_until", "unable_reason", "note"]

    class Meta:
        model = Adult
        fields = ["name", "phone", "phone_alt", "id_number", "unable_since", "unable_until", "unable_reason", "note"]
        formfield_callback = clean_formfield

    def __init__(self, *args, children=(), **kwargs):
        """`children`: (key, name) of those of whom a new adult may belong to some only; with fewer than two to all."""
        super().__init__(*args, **kwargs)
        if self.instance.pk or len(children) < 2:
            del self.fields["only_of"]
        else:
            self.fields["only_of"].choices = children
        if self.instance.pk:
            stored = facts_beside(self.instance)
            self.initial = {**stored, **self.initial}
            if stored["relation"] == DIFFERS:
                self.fields["relation"].choices = [
                    (DIFFERS, _("differs between the children")),
                    *Kinship.Relation.choices,
                ]
            if stored["whereabouts"] != AWAY:
                del self.fields["came_back_on"]
        else:
            del self.fields["came_back_on"]
            self.initial = {"whereabouts": HOME, "relation": "", **self.initial}

    @property
    def not_asked(self):
        """Fields that the answer to where the adult is puts aside: hidden, neither saved nor demanded."""
        where = self["whereabouts"].data
        others = self.ONLY_WHEN.keys() - {where} if where in self.ONLY_WHEN else ()
        return [name for other in others for name in self.ONLY_WHEN[other] if name in self.fields]

    @cached_property
    def changed_data(self):
        put_aside = self.not_asked
        return [name for name in super().changed_data if name not in put_aside]

    def clean(self):
        for name in self.not_asked:
            self.cleaned_data.pop(name, None)
            self.errors.pop(name, None)
        cleaned = super().clean()
        today = timezone.localdate()
        for name in ("away_since", "came_back_on", "unable_since", "unable_until"):
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, _("This day lies in the future."))
        if cleaned.get("unable_reason") and not cleaned.get("unable_since") and "unable_since" not in self.errors:
            self.add_error("unable_since", _("Since when? Without a day it counts for nothing."))
        unable, able = cleaned.get("unable_since"), cleaned.get("unable_until")
        if able and (unable is None or able < unable):
            self.add_error("unable_until", _("Able again before being unable? Check the days."))
        if back := cleaned.get("came_back_on"):
            left = facts_beside(self.instance)["away_since"]
            if left and back < left:
                self.add_error("came_back_on", _("The day of return lies before the day of leaving."))
        return cleaned

    def _compare(self, stored):
        """The stay and the kinship belong to the adult's version too."""
        if self.cleaned_data.get("seen_version") != stored.version:
            prefetch_related_objects([stored], *rows_beside())
            beside = facts_beside(stored)
            for name in self.BESIDE:
                typed = self.cleaned_data.get(name)
                if name in self.cleaned_data and (typed or "") != (beside[name] or ""):
                    shown = formats.localize(self._in_words(name, beside[name])) or _("nothing")
                    self.add_error(name, ValidationError(_("Stored now: %(value)s"), params={"value": shown}))
            if self.errors:
                self.data = self.data.copy()
                self.data[self.add_prefix("seen_version")] = str(stored.version)
                self.add_error(None, _("Somebody else changed this adult while you had the form open."))
        super()._compare(stored)

    def _in_words(self, name, value):
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def member(self, children):
        """What `children.intake` takes; `children`: {key: child} of the form's rows."""
        data = self.cleaned_data
        relation = data.get("relation", "")
        return FamilyMember(
            self.instance,
            relation=None if relation == DIFFERS else relation,
            is_caregiver=bool(data.get("is_caregiver")),
            is_away=data.get("whereabouts") == AWAY,
            away_since=data.get("away_since"),
            away_place=data.get("away_place") or "",
            is_other_county=not data.get("is_same_county"),
            came_back_on=data.get("came_back_on"),
            only_of=[children[key] for key in data.get("only_of", ()) if key in children],
            changed=[name for name in self.changed_data if name != "seen_version"],
        )

    def half_typed(self):
        """The adult as far as they are typed, and as on file where nothing is."""
        phone = self._typed_phone() if "phone" in self.fields else ""
        name = self.data.get(self.add_prefix("name"), "").strip()
        number = self.data.get(self.add_prefix("id_number"), "")[:18] if "id_number" in self.fields else ""
        adult = Adult(name=name, phone=phone, id_number=number)
        return FamilyMember(adult, relation=self.data.get(self.add_prefix("relation"), ""))

    def _typed_phone(self):
        typed = normalise_phone(self.data.get(self.add_prefix("phone"), ""))
        return typed or self.instance.phone

    @property
    def is_parent(self):
        return self.cleaned_data.get("relation") in PARENTS


def rows_beside():
    """To prefetch for `facts_beside`: neither a merged nor an erased file tells what the adult is to a child."""
    return Prefetch("kinships", Kinship.objects.exclude(child__left_reason__in=Child.ACTS_OF_THEIR_OWN)), "aways"


def facts_beside(adult):
    """The stay that goes on and the kinship to the children, under the names of the form's fields."""
    kinships, stay = list(adult.kinships.all()), next((s for s in adult.aways.all() if s.until is None), None)
    relations = {k.relation for k in kinships}
    return {
        "relation": DIFFERS if len(relations) > 1 else next(iter(relations), ""),
        "is_caregiver": any(k.is_caregiver for k in kinships),
        "whereabouts": AWAY if stay else HOME,
        "away_since": stay.since if stay else None,
        "away_place": stay.place if stay else "",
        "is_same_county": bool(stay and not stay.is_other_county),
    }
