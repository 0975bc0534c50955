from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update


class HelperPlaceQuerySet(ScopedQuerySet):
    def coming(self):
        """Who comes; who has left the service since comes no more."""
        in_service = Q(volunteer__left_on=None) | Q(volunteer__left_on__gt=timezone.localdate())
        return self.filter(in_service, status=HelperPlace.Status.COMING)


class HelperPlace(Lifecycle, CommunityRecord):
    """A helper who comes to an activity to help, beside the person who leads it."""

    class Status(models.TextChoices):
        COMING = "coming", _("comes")
        CANNOT = "cannot", _("cannot come any more")
        OFF = "off", _("taken off")

    TRANSITIONS = {
        Status.COMING: {Status.CANNOT, Status.OFF},
        Status.CANNOT: set(),
        Status.OFF: set(),
    }

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="helper_places", verbose_name=_("activity")
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="helper_places", verbose_name=_("helper")
    )
    since = models.DateTimeField(_("comes since"), default=timezone.now, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.COMING, editable=False)

    personal = {"status": BASIC}
    not_personal = ["id", "community", "district", "activity", "volunteer", "since"]

    objects = HelperPlaceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["since", "pk"]
        verbose_name = _("helper at an activity")
        verbose_name_plural = _("helpers at activities")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                condition=Q(status="coming"),
                name="a_helper_comes_to_an_activity_once",
                violation_error_message=_("This helper comes already."),
            ),
        ]

    def __str__(self):
        return f"{self.activity_id}/{self.volunteer_id}"

    def say_cannot(self, *, by):
        """The helper gives the place back; another may take it."""
        self._give_back(self.Status.CANNOT, "cannot come to help any more", by)

    def take_off(self, *, by):
        self._give_back(self.Status.OFF, "took off the helpers", by)

    @transaction.atomic
    def _give_back(self, status, verb, by):
        stored_for_update(self.activity).refuse_helpers_when_over()
        self._become(status, by=by, verb=verb)


class HelpersWanted:
    """The part of an activity that takes helpers on. The helper is locked before the activity."""

    @transaction.atomic
    def take_helper(self, helper, *, by):
        """Give `helper` one of the places for helpers; asked twice, the first is returned."""
        helper = helper.locked()
        stored = stored_for_update(self)  # two asking for the last place stand in line here
        if found := stored.helper_places.coming().filter(volunteer=helper).first():
            return found
        stored.refuse_who_cannot_help(helper)
        if stored.helper_places.coming().count() >= stored.helpers_needed:
            raise Refused(_now("There are helpers enough. Thank you all the same."))
        place = stored.helper_places.create(community_id=stored.community_id, volunteer=helper)
        log_act(by, "comes to help", place, helper=helper, activity=self)
        return place

    def refuse_helpers_when_over(self):
        if not self.is_open:
            raise Refused(_now("This activity is over or cancelled."))

    def refuse_who_cannot_help(self, helper):
        self.refuse_helpers_when_over()
        name = {"name": helper.name}
        if helper.community_id != self.community_id:
            raise Refused(_now("Helper and activity belong to different communities."))
        if helper.pk == self.helper_id:
            raise Refused(_now("%(name)s leads this activity.") % name)
        ahead = self.sessions.not_cancelled().filter(day__gte=timezone.localdate()).first()
        if ahead is None:
            raise Refused(_now("No session of this activity is before us."))
        if not (helper.is_in_service_on(ahead.day) and helper.is_cleared_on(ahead.day)):
            raise Refused(_now("What we ask of helpers is not met by %(name)s on the next day: renew it first.") % name)
