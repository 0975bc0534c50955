from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms import YEARS_AROUND, PlaceMixin
from activities.models import Activity, Scheme, SchemeAction
from activities.scheme_templates import TEMPLATES
from activities.schemes import year_after
from activities.venue_forms import VenueMixin
from records.days import DayField
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin


class BeginForm(VenueMixin, PlaceMixin):
    """Which scheme, and from which day on it lays out a year."""

    template = forms.ChoiceField(label=_("Scheme"), required=False)
    first_day = DayField(
        label=_("First day"), years_around=YEARS_AROUND, help_text=_("The scheme lays out one year from this day on.")
    )
    title = CleanCharField(
        label=_("Title"), max_length=100, required=False, help_text=_("Leave empty to take the title of the template.")
    )
    venue_is_needed = False

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = ("", _("a scheme of our own, without a template"))
        self.fields["template"].choices = [*((key, t.title) for key, t in TEMPLATES.items()), own]
        self.ask_for_place(by, Scheme)
        self.offer_homes(by, community=self.only_place)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("template") and not cleaned.get("title"):
            self.add_error("title", _("Give the scheme a title."))
        if (home := cleaned.get("home")) and not self.may_be_held_at(home):
            self.add_error("home", _("This Home belongs to another community."))
        return cleaned

    def may_be_held_at(self, home):
        return home.community_id == self.community_id

    @property
    def own_scheme(self):
        first_day = self.cleaned_data["first_day"]
        return Scheme(community_id=self.community_id, starts_on=first_day, ends_on=year_after(first_day))


class SchemeForm(VenueMixin, VersionedFormMixin):
    title = CleanCharField(label=_("Title"), max_length=100)
    starts_on = DayField(label=_("First day"), years_around=YEARS_AROUND)
    ends_on = DayField(label=_("Last day"), years_around=YEARS_AROUND)
    venue_is_needed = False
    organisers = CleanTextField(
        label=_("Organisers"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    purpose = CleanTextField(label=_("Purpose"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    steps = CleanTextField(label=_("Steps"), max_length=4000, required=False, widget=forms.Textarea({"rows": 5}))

    class Meta:
        model = Scheme
        fields = ["title", "starts_on", "ends_on", "home", "venue", "organisers", "purpose", "steps"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_homes(by, community=self.instance.community_id, held=self.instance.home_id)


class ActionForm(VersionedFormMixin):
    title = CleanCharField(label=_("Title"), max_length=100)
    part = CleanCharField(
        label=_("Part of the scheme"),
        max_length=60,
        required=False,
        help_text=_("Actions of one part stand together, such as “Rights-protection action”."),
    )
    due_on = DayField(label=_("To be held by"), years_around=YEARS_AROUND)

    class Meta:
        model = SchemeAction
        fields = ["title", "kind", "theme", "part", "due_on"]
        labels = {"kind": _("Kind"), "theme": _("Theme of the parent school")}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") != Activity.Kind.PARENT_SCHOOL:
            cleaned["theme"] = ""
        return cleaned


class ActivityOfActionForm(forms.Form):
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"), empty_label=_("choose"))

    def __init__(self, *args, action, by, **kwargs):
        super().__init__(*args, **kwargs)
        free = Activity.objects.visible_to(by).filter(community=action.community_id, scheme_action=None)
        free = free.exclude(status=Activity.Status.CANCELLED).order_by("-starts_on", "pk")
        self.fields["activity"].queryset = free
        self.fields["activity"].label_from_instance = lambda one: f"{one.starts_on} {one.title}"


class LeaveOutForm(forms.Form):
    reason = CleanCharField(label=_("Why is it left out?"), max_length=200)
