"""Forms of the appraisal."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity, PublicityItem
from appraisal.kinds import Choice, Conflict, Kind
from appraisal.measuring import choices_for, days_of
from appraisal.models import Call, Criterion, Nomination, NominationEvidence, Visit
from children.models import Child, Consent
from communities.models import Division, Meeting, User
from communities.places import places_to_add
from homes.models import Home, Inspection
from records.days import DayField
from records.scoping import Scope
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin
from volunteers.models import Volunteer

YEARS_AROUND = 2
LINKS_AT_MOST = 50


class CallForm(VersionedFormMixin):
    title = CleanCharField(label=_("Title"), max_length=100)
    who = CleanTextField(
        label=_("Who may be nominated?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In the words of the notice: who, since when, by whom."),
    )
    nominate_until = DayField(label=_("Nominations until"), years_around=YEARS_AROUND)

    class Meta:
        model = Call
        fields = ["kind", "year", "title", "who", "nominate_until", "places"]
        labels = {"kind": _("Kind"), "year": _("Year"), "places": _("Awards at most")}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]
            return
        scope = Scope.of(*by.codes_for(Call, "add"))
        above = Division.objects.filter(pk__in=scope.codes).exclude(level="community").order_by("code")
        self.only = above[0] if len(above) == 1 else None
        if self.only is None:
            self.fields["office"] = forms.ModelChoiceField(above, label=pgettext_lazy("of a call", "Office"))
            self.order_fields(["office"])
        self.fields["year"].initial = timezone.localdate().year

    def clean_year(self):
        year = self.cleaned_data["year"]
        if abs(year - timezone.localdate().year) > YEARS_AROUND:
            raise forms.ValidationError(_now("Choose this year or one close to it."))
        return year

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk:
            self.instance.division = cleaned.get("office") or self.only
        return cleaned

    def _get_validation_exclusions(self):
        """The office is on no form, but no two calls of it and of a year have one title."""
        left_out = super()._get_validation_exclusions()
        return left_out - {"division"} if self.instance.division_id else left_out


class CriterionForm(forms.ModelForm):
    label = CleanCharField(label=_("Criterion"), max_length=120)

    class Meta:
        model = Criterion
        fields = ["label", "weight", "measured", "target"]
        labels = {"weight": _("Weight"), "target": _("Full points from")}

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.call, self.instance.position = call, 0
        self.fields["measured"] = forms.ChoiceField(
            choices=[("", _("judged by the committee")), *choices_for(call.kind)],
            label=_("Measured by"),
            required=False,
        )
        self.order_fields(["label", "weight", "measured", "target"])


class SeatForm(forms.Form):
    member = forms.ModelChoiceField(User.objects.none(), label=_("Member of the committee"))

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        posts = call.posts_that_may_sit().exclude(user__in=call.seats.values("member"))
        people = User.objects.filter(pk__in=posts.values("user"), is_active=True)
        self.fields["member"].queryset = people.order_by("name", "pk")
        self.fields["member"].label_from_instance = lambda user: user.name


class NominateForm(forms.Form):
    """One nominee of the community, in words that tell of no child who it is."""

    title = CleanCharField(
        label=_("In one line"), max_length=100, help_text=_("Of a piece of work its name, else what it is for.")
    )
    words = CleanTextField(
        label=_("Reasons"),
        max_length=1500,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("Committee and public read these words. Name no child, no school and no address."),
    )

    def __init__(self, *args, call, by, **kwargs):
        super().__init__(*args, **kwargs)
        places = places_to_add(by, Nomination).within(Scope.of(call.division_id))
        self.only = places[0] if len(places) == 1 else None
        if self.only is None:
            self.fields["community"] = forms.ModelChoiceField(places, label=_("Community"))
        within = [place.pk for place in places]
        today = timezone.localdate()
        match call.kind:
            case Kind.INDIVIDUAL:
                rows = Volunteer.objects.visible_to(by).in_service_on(today).filter(community__in=within)
                self._choose("helper", rows.order_by("name", "pk"), _("Helper"), lambda one: one.name)
            case Kind.HOME:
                self._choose("home", Home.objects.visible_to(by).open_on(today).filter(community__in=within), _("Home"))
            case Kind.EXAMPLE:
                agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.PUBLICITY, child=OuterRef("pk"))
                rows = Child.objects.visible_to(by).on_register(today).filter(Exists(agreed), community__in=within)
                rows = rows.defer("name_grams").order_by("name_pinyin", "pk")
                self._choose("child", rows, _("Child"), lambda one: f"{one.name} · {one.number}")
                self.fields["child"].help_text = _("Only children whose guardian has agreed to publicity.")
                self.fields["is_parent"] = forms.BooleanField(
                    label=_("It is about a parent of the child"), required=False
                )
        self.order_fields(["community", "helper", "home", "child", "is_parent", "title", "words"])

    def _choose(self, name, rows, label, words=str):
        self.fields[name] = forms.ModelChoiceField(rows, label=label)
        self.fields[name].label_from_instance = words

    def clean(self):
        cleaned = super().clean()
        cleaned["community"] = cleaned.get("community") or self.only
        return cleaned


class EvidenceForm(forms.Form):
    row = forms.ChoiceField(label=_("Which record"))
    note = CleanCharField(label=_("What it proves"), max_length=200, required=False)

    def __init__(self, *args, nomination, by, **kwargs):
        super().__init__(*args, **kwargs)
        place, (first, last) = nomination.community_id, days_of(nomination.call.year)
        kinds = [
            (
                NominationEvidence.Of.ACTIVITY,
                Activity,
                {"starts_on__lte": last, "ends_on__gte": first},
                lambda a: a.title,
            ),
            (
                NominationEvidence.Of.PUBLICITY,
                PublicityItem,
                {"made_on__range": (first, last)},
                lambda p: f"{p.made_on} {p.title}",
            ),
            (NominationEvidence.Of.MEETING, Meeting, {"day__range": (first, last), "status": "held"}, str),
            (NominationEvidence.Of.CHECK, Inspection, {"submitted_on__range": (first, last)}, _check),
            (NominationEvidence.Of.VISIT, Visit, {"day__range": (first, last), "status": "held"}, lambda v: str(v.day)),
        ]
        self.rows, choices = {}, [("", "—")]
        for of, model, narrowed, words in kinds:
            found = model.objects.visible_to(by).filter(community=place, **narrowed).order_by("-pk")[:LINKS_AT_MOST]
            group = [(f"{of.value}:{row.pk}", words(row)) for row in found]
            self.rows.update({f"{of.value}:{row.pk}": row for row in found})
            if group:
                choices.append((of.label, group))
        self.fields["row"].choices = choices

    def clean_row(self):
        return self.rows.get(self.cleaned_data["row"])


def _check(one):
    return f"{one.submitted_on} {one.get_kind_display()}"


class DeclareForm(forms.Form):
    conflict = forms.ChoiceField(
        choices=Conflict.choices, label=_("Do you have a conflict of interest?"), widget=forms.RadioSelect
    )
    words = CleanCharField(label=_("In a few words"), max_length=200, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("conflict") == Conflict.OTHER and not cleaned.get("words"):
            self.add_error("words", _now("Say in a few words which."))
        return cleaned


class VoteForm(forms.Form):
    choice = forms.ChoiceField(choices=Choice.choices, label=_("Your vote"), widget=forms.RadioSelect)


class DecideForm(forms.Form):
    AWARD, DECLINE = "award", "decline"
    outcome = forms.ChoiceField(
        choices=[(AWARD, _("Award it")), (DECLINE, _("Do not award it"))],
        label=_("Decision"),
        widget=forms.RadioSelect,
    )
    reason = CleanTextField(label=_("Reasons of the decision"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class ReasonForm(forms.Form):
    reason = CleanCharField(label=_("Why?"), max_length=200)


class AgreedForm(forms.Form):
    on = DayField(label=_("Agreed on"), years_around=YEARS_AROUND, initial=timezone.localdate)
