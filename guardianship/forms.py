"""Forms of the letter, the contact log and the cards."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from children.forms import FileForm, clean_formfield
from children.models import Adult
from guardianship.models import Card, FamilyContact, Letter, Signature
from guardianship.models.letter import PASSED
from guardianship.signing import OWN_WORDS_FROM
from records.days import DayField
from records.text import CleanCharField, CleanTextField

YES_NO = [("yes", _("yes")), ("no", _("no"))]
PICTURES = "image/jpeg,image/png,image/webp"


class YesNoField(forms.TypedChoiceField):
    """A question that may still be open: yes, no, or not yet asked."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=YES_NO,
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class LetterForm(FileForm):
    opinion = CleanTextField(
        label=_("What the child says"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    for_siblings = forms.BooleanField(
        label=_("Use term, answers and notice to the committee for the brothers' and sisters' letters too"),
        required=False,
    )

    class Meta:
        model = Letter
        fields = [
            *["caregiver", "starts_on", "ends_on", *PASSED, "opinion", "opinion_how", "opinion_on"],
            *["school_told_on", "school_told", "committee_told_on", "committee_told", "promises_contact"],
        ]
        formfield_callback = clean_formfield

    CHECK = tuple(PASSED)
    OPINION = ("opinion", "opinion_how", "opinion_on")
    NOTICES = ("school_told_on", "school_told", "committee_told_on", "committee_told")

    def __init__(self, *args, user, age, has_siblings, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        for name in [n for n in PASSED if n in self.fields]:
            self.fields[name] = YesNoField(label=Letter._meta.get_field(name).verbose_name)
        if "caregiver" in self.fields:
            adults = Adult.objects.filter(kinships__child=self.instance.child_id)
            parents = [adult.pk for adult in self.instance.parents.values()]
            field = self.fields["caregiver"]
            field.queryset = adults.exclude(pk__in=parents).order_by("name", "pk")
            field.label_from_instance = lambda adult: adult.name
            field.empty_label = None
        if "opinion" in self.fields:
            own_words = age >= OWN_WORDS_FROM
            self.fields["opinion"].help_text = (
                _("In the child's own words.") if own_words else _("For a small child, if it said something.")
            )
        for name in self._needed_to_sign():
            self.fields[name].asked_later = True
        if not has_siblings:
            del self.fields["for_siblings"]

    def _needed_to_sign(self):
        """May be left open while the letter is prepared, yet are not optional."""
        return [n for n in (*self.CHECK, *self.OPINION, *self.NOTICES) if n in self.fields]

    def _part(self, names):
        return [self[name] for name in names if name in self.fields]

    @property
    def check_fields(self):
        return self._part(self.CHECK)

    @property
    def opinion_fields(self):
        return self._part(self.OPINION)

    @property
    def notice_fields(self):
        return self._part(self.NOTICES)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", _("The last day must come after the first."))
        for name in ("opinion_on", "school_told_on", "committee_told_on"):
            if (day := cleaned.get(name)) and day > timezone.localdate():
                self.add_error(name, _("This day lies in the future."))
        for name in ("starts_on", "opinion_on", "school_told_on", "committee_told_on"):
            if (day := cleaned.get(name)) and day < self.instance.child.birth_date:
                self.add_error(name, _("This day lies before the child's birth."))
        return cleaned


class SignForm(forms.Form):
    """A day, and where there is one a picture, for each party of the letter."""

    use_required_attribute = False

    def __init__(self, *args, letter, **kwargs):
        super().__init__(*args, **kwargs)
        self.parties = [*letter.parents, Signature.Party.CAREGIVER]
        for party in self.parties:
            words = {"party": Signature.Party(party).label}
            self.fields[f"day_{party}"] = DayField(label=capfirst(_("%(party)s signed on") % words))
            self.fields[f"picture_{party}"] = forms.FileField(
                label=capfirst(_("%(party)s: scan or photo of the signature") % words),
                required=False,
                widget=forms.FileInput(attrs={"accept": PICTURES}),
            )
        self.fields["witness"] = CleanCharField(label=_("Witnessed by"), max_length=60)

    def _by_party(self, what):
        return {party: self.cleaned_data.get(f"{what}_{party}") for party in self.parties}

    @property
    def days(self):
        return self._by_party("day")

    @property
    def pictures(self):
        return self._by_party("picture")


class ContactForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = FamilyContact
        fields = ["made_on", "who", "how", "minutes"]
        formfield_callback = clean_formfield

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)
        self.fields["minutes"].max_value = 1440

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and minutes > 24 * 60:
            raise ValidationError(_("A day has no more than 1440 minutes."))
        return minutes


class HandOverForm(forms.Form):
    on = DayField(label=_("Handed over on"))
    to = CleanCharField(label=_("To whom"), max_length=60)


class ChosenCardsForm(forms.Form):
    """Cards ticked in the log; one that is not there any more is said to be so, whatever became of it."""

    card = forms.ModelMultipleChoiceField(
        Card.objects.none(),
        label=_("Chosen cards"),
        error_messages={
            "required": _("Choose at least one card."),
            **dict.fromkeys(
                ["invalid_choice", "invalid_pk_value", "invalid_list"],
                _("One of the chosen cards is no longer in this list. Look at it again."),
            ),
        },
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Card.objects.visible_to(by, "change").select_related("child")
        self.fields["card"].queryset = rows.only("kind", "is_latest", "community", "child__name").order_by("pk")


class HandOverAllForm(HandOverForm, ChosenCardsForm):
    use_required_attribute = False
