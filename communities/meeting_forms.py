from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Decision, LeadingGroupMember, Meeting
from communities.places import seats_to_add
from records.days import DayField, HourField
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin

YEARS_AROUND = 3


class MeetingForm(VersionedFormMixin):
    """When, where and about what; the gaps and the open promises come on the agenda by themselves."""

    title = CleanCharField(label=_("What it is about"), max_length=120)
    day = DayField(label=_("Day"), years_around=YEARS_AROUND)
    starts_at = HourField(label=_("Starts at"), required=False)
    venue = CleanCharField(label=_("Venue"), max_length=100, required=False)
    points = CleanTextField(
        label=_("Points of our own"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One point a line. What grew worse and what was promised comes on the agenda by itself."),
    )

    class Meta:
        model = Meeting
        fields = ["group", "kind", "title", "day", "starts_at", "venue", "points"]
        labels = {"group": _("Leading group"), "kind": _("Kind")}


class PlanForm(MeetingForm):
    """A new meeting; who is posted to several places says at which."""

    def __init__(self, *args, by, **kwargs):
        places = seats_to_add(by, Meeting)
        only = places[0] if len(places) == 1 else None
        super().__init__(*args, instance=Meeting(community=only), **kwargs)
        if only is None:
            self.fields["place"] = forms.ModelChoiceField(places, label=_("Community or street"))
            self.order_fields(["place"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place"):
            self.instance.community = cleaned["place"]
        return cleaned


class WriteUpForm(VersionedFormMixin):
    came = forms.ModelMultipleChoiceField(
        LeadingGroupMember.objects.none(),
        label=_("Members who came"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who is not ticked was absent."),
    )
    minutes = CleanTextField(
        label=_("Record of the meeting"),
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What was reported and discussed. Decisions are put down one by one afterwards."),
    )

    class Meta:
        model = Meeting
        fields = ["came", "guests", "minutes"]
        labels = {"guests": _("Guests, a number")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.instance.members()
        if self.instance.is_held:
            there = list(self.instance.came.defer("phone"))
            keys = [one.pk for one in [*there, *self.instance.absent(there)]]
            rows = LeadingGroupMember.objects.filter(pk__in=keys)
        self.fields["came"].queryset = rows.order_by("position", "pk").told_apart().defer("phone")
        self.fields["came"].label_from_instance = lambda one: f"{one.label} · {one.get_position_display()}"


class CallOffForm(forms.Form):
    reason = CleanCharField(label=_("Why is it called off?"), max_length=200)


class OwnerForm(forms.Form):
    """Who does it, and by when."""

    owner = forms.ModelChoiceField(LeadingGroupMember.objects.none(), label=_("Who does it"))
    due_on = DayField(label=_("To be done by"), years_around=YEARS_AROUND)

    def __init__(self, *args, community, **kwargs):
        super().__init__(*args, **kwargs)
        group = LeadingGroupMember.objects.on_day(timezone.localdate()).filter(community=community)
        self.fields["owner"].queryset = group.told_apart().defer("phone")
        self.fields["owner"].label_from_instance = lambda one: one.label


class DecisionForm(OwnerForm):
    what = CleanCharField(label=_("What was decided"), max_length=Decision._meta.get_field("what").max_length)
    field_order = ["what", "owner", "due_on"]


class OutcomeForm(forms.Form):
    outcome = CleanCharField(label=_("What came of it"), max_length=500)


class DropForm(forms.Form):
    reason = CleanCharField(label=_("Why it is dropped"), max_length=500)
