from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activities.models import Activity, Attendance, CarerAttendance, SchemeAction, Session
from activities.recurrence import SESSIONS_AT_MOST, Every, Only, Rule
from activities.venue_forms import VenueMixin
from communities.places import places_to_add
from records.days import DayField, HourField
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin
from volunteers.models import Volunteer

YEARS_AROUND = 3


class TimesMixin(forms.Form):
    """First and last hour of one day."""

    starts_at = HourField(label=_("Starts at"))
    ends_at = HourField(label=_("Ends at"))

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The session must end after it begins."))
        return cleaned


class ActivityForm(VenueMixin, VersionedFormMixin):
    title = CleanCharField(label=_("Title"), max_length=100)
    topic = CleanCharField(label=_("Topic"), max_length=100, required=False)
    host = CleanCharField(
        label=_("Host"),
        max_length=100,
        required=False,
        help_text=_("A unit, such as the school or the health station. Name no person: it stands on the poster."),
    )
    purpose = CleanTextField(label=_("Purpose"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    materials = CleanTextField(
        label=_("Materials"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What must be there on the day, one thing to a line."),
    )
    helpers_needed = forms.IntegerField(
        label=_("Helpers needed"),
        min_value=0,
        max_value=200,
        required=False,
        initial=0,
        help_text=_("Besides the person who leads."),
    )
    helper = forms.ModelChoiceField(
        Volunteer.objects.none(),
        label=_("Led by"),
        required=False,
        help_text=_("Only helpers whose checks are in order are offered."),
    )

    class Meta:
        model = Activity
        fields = ["title", "kind", "art", "theme", "audience", "topic", "host", "purpose", "home", "venue", "helper"]
        fields += ["capacity", "helpers_needed", "materials"]
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
        self.offer_homes(by, community=self.instance.community_id, held=self.instance.home_id)
        today = timezone.localdate()
        helpers = Volunteer.objects.visible_to(by).ready_on(today)
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
        self._check_audience(cleaned.get("audience"))
        self._check_places(cleaned.get("capacity"))
        self._check_leader(cleaned)
        self.instance.leader = None if cleaned.get("helper") else self.instance.leader or self.by
        return cleaned

    def clean_helpers_needed(self):
        return self.cleaned_data["helpers_needed"] or 0

    def _check_audience(self, audience):
        """Who has a place, waits, or was noted as having come, stays within what the pages show."""
        if audience is None or not self.instance.pk:
            return
        of_this = {"session__activity": self.instance}
        if audience not in Activity.FOR_CHILDREN and (
            self.instance.enrolments.open().exists()
            or self.instance.waitings.open().exists()
            or Attendance.objects.marked().filter(**of_this).exists()
        ):
            self.add_error("audience", _("Children have places here, or came already: it stays for children."))
        elif audience not in Activity.FOR_CARERS and CarerAttendance.objects.present().filter(**of_this).exists():
            self.add_error("audience", _("It is noted which parents and caregivers came: it stays for them."))

    def _check_places(self, capacity):
        """After the version check has locked the row, so that nobody can take a place meanwhile."""
        if capacity is None or not self.instance.pk:
            return
        taken = self.instance.enrolments.open().count()
        if capacity < taken:
            message = ngettext("%(taken)s child is enrolled.", "%(taken)s children are enrolled.", taken)
            self.add_error("capacity", forms.ValidationError(message, params={"taken": taken}))

    def _check_leader(self, cleaned):
        """Recorded sessions are hours of the helper who led them."""
        if not self.instance.pk or "helper" not in cleaned:
            return
        chosen = cleaned["helper"].pk if cleaned["helper"] else None
        if chosen != self.instance.helper_id and self.instance.sessions.recorded().exists():
            words = _("Sessions are recorded already: finish this activity and plan the rest anew.")
            self.add_error("helper", words)


class PlaceMixin(forms.Form):
    """Asks in which community, where the person works in more than one."""

    def ask_for_place(self, by, model):
        here = places_to_add(by, model)
        self.only_place = here[0].pk if len(here) == 1 else None
        if self.only_place is None:
            self.fields["place"] = forms.ModelChoiceField(here, label=_("Community"))
            self.order_fields(["place"])

    @property
    def community_id(self):
        place = self.cleaned_data.get("place")
        return place.pk if place else self.only_place


class PlanForm(PlaceMixin, TimesMixin, ActivityForm):
    """A new activity and the rule by which its sessions are laid out; with `action`, one that a scheme asks for."""

    action = forms.ModelChoiceField(SchemeAction.objects.none(), required=False, widget=forms.HiddenInput)
    first_day = DayField(label=_("First day"), years_around=YEARS_AROUND)
    every = forms.ChoiceField(
        label=_("How often"),
        choices=[("", _("once")), *Every.choices],
        required=False,
        help_text=_("Closed days are left out and made up for at the end."),
    )
    times = forms.IntegerField(
        label=_("How many sessions"),
        min_value=1,
        max_value=SESSIONS_AT_MOST,
        initial=1,
        help_text=_("When it is held more than once."),
    )
    only = forms.ChoiceField(
        label=_("On which days"),
        choices=[("", _("on any day")), *Only.choices],
        required=False,
        help_text=_("School holidays are the days outside the terms of the district. A worked weekend is none."),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, instance=kwargs.pop("instance", None) or Activity(), **kwargs)
        self.ask_for_place(by, Activity)
        self.fields["action"].queryset = SchemeAction.objects.visible_to(by, "change")
        if self.only_place:
            self.instance.community_id = self.only_place
            helpers = self.fields["helper"]
            helpers.queryset = helpers.queryset.filter(community=self.only_place)

    def clean(self):
        cleaned = super().clean()
        self.instance.community_id = self.community_id
        helper = cleaned.get("helper")
        if helper and helper.community_id != self.instance.community_id:
            self.add_error("helper", _("This helper belongs to another community."))
        if (home := cleaned.get("home")) and not self.may_be_held_at(home):
            self.add_error("home", _("This Home belongs to another community."))
        if (action := cleaned.get("action")) and action.community_id != self.instance.community_id:
            self.add_error(None, _("The scheme belongs to another community."))
        if cleaned.get("every") and cleaned.get("times") == 1:
            self.add_error("times", _("Say how many sessions, two at least."))
        return cleaned

    def may_be_held_at(self, home):
        return home.community_id == self.community_id

    @property
    def rule(self):
        hours = {name: self.cleaned_data[name] for name in ("first_day", "starts_at", "ends_at")}
        if not self.cleaned_data["every"]:
            return Rule(**hours)
        return Rule(**hours, **{name: self.cleaned_data[name] for name in ("times", "every", "only")})


class SessionForm(VenueMixin, TimesMixin):
    """Day, hours and venue of one session of `activity`, new or moved."""

    day = DayField(label=_("Day"), years_around=YEARS_AROUND)
    field_order = ["day", "starts_at", "ends_at", "home", "venue"]

    def __init__(self, data, *, activity, by, held=None, **kwargs):
        super().__init__(data, **kwargs)
        self.offer_homes(by, community=activity.community_id, held=held)


class MoveForm(SessionForm):
    """Another day, hours or venue; what somebody changed meanwhile is said first, and sent again it is decided."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, session, by):
        initial = {name: getattr(session, name) for name in self.field_order}
        initial["seen_version"] = session.version
        super().__init__(data, activity=session.activity, by=by, held=session.home_id, initial=initial)
        self.session = session

    def clean(self):
        cleaned = super().clean()
        stored = self.session.locked()
        if cleaned.pop("seen_version", None) != stored.version:
            words = _("Somebody changed this session meanwhile: %(when)s. Send the form again to move it all the same.")
            self.add_error(None, forms.ValidationError(words, params={"when": stored.when_and_where}))
            self.data = self.data.copy()
            self.data["seen_version"] = str(stored.version)
        return cleaned


class ReasonForm(forms.Form):
    reason = CleanCharField(label=_("Why is it cancelled?"), max_length=200)


class RecordForm(VersionedFormMixin):
    record = CleanTextField(
        label=_("What we did"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What happened, who did what."),
    )
    result = CleanTextField(
        label=_("Result of the activity"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What the children learned, what was agreed, what to do better."),
    )

    class Meta:
        model = Session
        fields = ["record", "result", "others_present"]
        labels = {"others_present": _("Others who came")}


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("Picture"), widget=forms.FileInput({"accept": "image/*"}))
    caption = CleanCharField(label=_("What it shows"), max_length=100, required=False)
    consents_checked = forms.BooleanField(label=_("Every child in this picture has consent for photos."))


class HelperForm(forms.Form):
    helper = forms.ModelChoiceField(
        label=_("Helper"), queryset=None, help_text=_("Only helpers whose checks are in order are offered.")
    )

    def __init__(self, *args, helpers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["helper"].queryset = helpers
        self.fields["helper"].label_from_instance = lambda one: one.name
