import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activities.models import Activity, Session
from activities.planning import SESSIONS_AT_MOST, Rule
from communities.models import Division
from records.scoping import Scope
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin
from volunteers.models import Volunteer

YEARS_AROUND = 3


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class DayField(forms.DateField):
    """A day within a few years of today: typed years like 0202 or 9999 are slips."""

    widget = DayInput

    def validate(self, value):
        super().validate(value)
        reach = dt.timedelta(days=365 * YEARS_AROUND)
        if value and abs(value - timezone.localdate()) > reach:
            raise forms.ValidationError(_("Choose a day within three years of today."))


class TimesMixin(forms.Form):
    """First and last hour of one day."""

    starts_at = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    ends_at = forms.TimeField(label=_("Ends at"), widget=TimeInput)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The session must end after it begins."))
        return cleaned


class ActivityForm(VersionedFormMixin):
    title = CleanCharField(label=_("Title"), max_length=100)
    topic = CleanCharField(label=_("Topic"), max_length=100, required=False)
    venue = CleanCharField(label=_("Venue"), max_length=100)
    purpose = CleanTextField(label=_("Purpose"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    helper = forms.ModelChoiceField(
        Volunteer.objects.none(),
        label=_("Led by"),
        required=False,
        help_text=_("Only helpers with a valid record check."),
    )

    class Meta:
        model = Activity
        fields = ["title", "kind", "art", "theme", "audience", "topic", "purpose", "venue", "helper", "capacity"]
        labels = {
            "kind": _("Kind"),
            "art": _("Art of the club"),
            "theme": _("Theme of the parent school"),
            "audience": _("For whom"),
            "capacity": _("Places"),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        today = timezone.localdate()
        helpers = Volunteer.objects.visible_to(by).in_service_on(today).cleared_on(today)
        if self.instance.community_id:
            helpers = helpers.filter(community=self.instance.community_id)
        if self.instance.helper_id:
            helpers = helpers | Volunteer.objects.visible_to(by).filter(pk=self.instance.helper_id)
        field = self.fields["helper"]
        field.queryset = helpers
        field.label_from_instance = lambda helper: helper.name
        leader = self.instance.leader if self.instance.leader_id else by
        field.empty_label = leader.name or leader.username

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Activity.Kind.CLUB and not cleaned.get("art"):
            self.add_error("art", _("Choose the art of the club."))
        elif cleaned.get("kind") != Activity.Kind.CLUB:
            cleaned["art"] = ""
        if cleaned.get("kind") == Activity.Kind.PARENT_SCHOOL and not cleaned.get("theme"):
            self.add_error("theme", _("Choose the theme of the parent school."))
        elif cleaned.get("kind") != Activity.Kind.PARENT_SCHOOL:
            cleaned["theme"] = ""
        self._check_places(cleaned.get("capacity"))
        self.instance.leader = None if cleaned.get("helper") else self.instance.leader or self.by
        return cleaned

    def _check_places(self, capacity):
        """After the version check has locked the row, so that nobody can take a place meanwhile."""
        if capacity is None or not self.instance.pk:
            return
        taken = self.instance.enrolments.open().count()
        if capacity < taken:
            message = ngettext("%(taken)s child is enrolled.", "%(taken)s children are enrolled.", taken)
            self.add_error("capacity", forms.ValidationError(message, params={"taken": taken}))


class PlanForm(TimesMixin, ActivityForm):
    """A new activity and the rule by which its sessions are laid out."""

    first_day = DayField(label=_("First day"))
    times = forms.IntegerField(
        label=_("How many sessions"),
        min_value=1,
        max_value=SESSIONS_AT_MOST,
        initial=1,
        help_text=_("Once a week on the same weekday. Closed days are left out and made up for at the end."),
    )

    def __init__(self, *args, by, **kwargs):
        codes = by.codes_for(Activity, "add")
        self.places = Division.objects.within(Scope.of(*codes)).filter(level="community")
        only = codes[0] if len(codes) == 1 and len(codes[0]) == 12 else None
        instance = kwargs.pop("instance", None) or Activity(community_id=only)
        super().__init__(*args, by=by, instance=instance, **kwargs)
        if only is None:
            self.fields["place"] = forms.ModelChoiceField(self.places, label=_("Community"))
            self.order_fields(["place"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place"):
            self.instance.community = cleaned["place"]
        helper = cleaned.get("helper")
        if helper and helper.community_id != self.instance.community_id:
            self.add_error("helper", _("This helper belongs to another community."))
        return cleaned

    @property
    def rule(self):
        return Rule(**{name: self.cleaned_data[name] for name in ("first_day", "starts_at", "ends_at", "times")})


class SessionForm(TimesMixin):
    """Day, hours and venue of one session, new or moved."""

    day = DayField(label=_("Day"))
    venue = CleanCharField(label=_("Venue"), max_length=100)
    field_order = ["day", "starts_at", "ends_at", "venue"]


class ReasonForm(forms.Form):
    reason = CleanCharField(label=_("Why is it cancelled?"), max_length=200)


class RecordForm(VersionedFormMixin):
    record = CleanTextField(
        label=_("What we did"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What happened, what the children learned, what to do better."),
    )

    class Meta:
        model = Session
        fields = ["record", "others_present"]
        labels = {"others_present": _("Others who came")}


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("Picture"), widget=forms.FileInput({"accept": "image/*"}))
    caption = CleanCharField(label=_("What it shows"), max_length=100, required=False)
    consents_checked = forms.BooleanField(label=_("Every child in this picture has consent for photos."))
