from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import ChildrenGroup
from activities.models.group_meeting import CAME_AT_MOST
from children.models import Child
from communities.places import places_to_add
from records.days import DayField
from records.placing import WholeRowForm
from records.text import CleanCharField
from records.versions import VersionedFormMixin, stored_for_update
from volunteers.models import Volunteer


class GroupForm(VersionedFormMixin, WholeRowForm):
    name = CleanCharField(label=_("Name of the group"), max_length=60)
    grid = CleanCharField(
        label=_("Building or grid"),
        max_length=40,
        help_text=_("As it stands in the files of the households: then their children are suggested."),
    )
    place = CleanCharField(label=_("Where they meet"), max_length=100)
    helper = forms.ModelChoiceField(
        Volunteer.objects.none(),
        label=_("Helper"),
        required=False,
        help_text=_("Only helpers of whom nothing that is asked is missing."),
    )

    class Meta:
        model = ChildrenGroup
        fields = ["name", "grid", "place", "helper"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        helpers = Volunteer.objects.visible_to(by).ready_on(today)
        if self.instance.community_id:
            helpers = helpers.filter(community=self.instance.community_id)
        if self.instance.helper_id:
            helpers = helpers | Volunteer.objects.visible_to(by).filter(pk=self.instance.helper_id)
        self.fields["helper"].queryset = helpers.defer("phone", "id_number")
        self.fields["helper"].label_from_instance = lambda helper: helper.name

    def clean_helper(self):
        helper, today = self.cleaned_data["helper"], timezone.localdate()
        if helper and not (helper.is_in_service_on(today) and helper.is_cleared_on(today)):
            raise forms.ValidationError(_("The checks of this helper are not in order. Renew them, or choose another."))
        return helper

    def clean(self):
        cleaned = super().clean()
        if not self.instance.is_standing:  # as it is stored now
            self.add_error(None, _("This group is dissolved."))
        return cleaned


class NewGroupForm(GroupForm):
    """A new group; who works in several communities says in which."""

    def __init__(self, *args, by, **kwargs):
        places = places_to_add(by, ChildrenGroup)
        only = places[0] if len(places) == 1 else None
        super().__init__(*args, by=by, instance=ChildrenGroup(community=only), **kwargs)
        if only is None:
            self.fields["community"] = forms.ModelChoiceField(places, label=_("Community"))
            self.order_fields(["community"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("community"):
            self.instance.community = cleaned["community"]
        helper = cleaned.get("helper")
        if helper and helper.community_id != self.instance.community_id:
            self.add_error("helper", _("This helper belongs to another community."))
        return cleaned

    def place_of_new_row(self):
        return self.instance.community_id


class WhoCameForm(forms.Form):
    """Which of `children` came; what somebody noted meanwhile is said first, and sent again it is decided."""

    came = forms.ModelMultipleChoiceField(
        Child.objects.none(),
        label=_("Children of the group who came"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all ticks out where only the number is known."),
    )
    others = forms.IntegerField(
        label=_("Others who came"),
        min_value=0,
        max_value=CAME_AT_MOST,
        required=False,
        help_text=_("How many more children came, besides those ticked."),
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, children, meeting=None):
        super().__init__(data, initial=_as_noted(meeting) if meeting and data is None else None)
        self.meeting = meeting
        self.fields["came"].queryset = children
        self.fields["came"].label_from_instance = lambda child: f"{child.name} · {child.number}"
        if meeting is None:
            del self.fields["seen_version"]

    def clean_others(self):
        return self.cleaned_data["others"] or 0

    def clean(self):
        cleaned = super().clean()
        if self.meeting:
            stored = stored_for_update(self.meeting)
            if cleaned.get("seen_version") != stored.version:
                words = _("Somebody noted meanwhile who came. Look at it, and save again to keep your ticks.")
                self.add_error(None, words)
                self.data = self.data.copy()
                self.data["seen_version"] = str(stored.version)
        return cleaned


def _as_noted(meeting):
    came = list(meeting.attendances.came().values_list("child", flat=True))
    return {"came": came, "others": meeting.others_present, "seen_version": meeting.version}


class MeetingForm(WhoCameForm):
    day = DayField(label=_("Day"), years_around=3)
    what = CleanCharField(label=_("What they did"), max_length=300)
    field_order = ["day", "what", "came", "others"]
