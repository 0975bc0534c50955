from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activity import Activity
from activities.models.session import Session
from activities.models.venue import AtVenue, one_venue_at_most
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class Scheme(AtVenue, Versioned, CommunityRecord):
    """What a community sets out to do in a period, and the actions by which it does it."""

    title = models.CharField(_("title"), max_length=100)
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    steps = models.TextField(_("steps"), max_length=4000, blank=True)
    organisers = models.TextField(_("organisers"), max_length=1000, blank=True)

    personal = {"organisers": BASIC}
    not_personal = [
        *["id", "community", "district", "version", "title", "purpose", "starts_on", "ends_on", "home", "venue"],
        "steps",
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        indexes = [models.Index(fields=["community", "ends_on", "id"], name="scheme_of_a_community_by_end")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            one_venue_at_most("scheme_has_one_venue_at_most"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="scheme_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:scheme", args=[self.pk])


def days_of(activity):
    """The days of the activity that are not cancelled: one may be called off day by day."""
    return Session.objects.not_cancelled().filter(activity=activity)


class SchemeActionQuerySet(ScopedQuerySet):
    def with_activity(self):
        """Each with its activity, and whether that `has_days`, in the same query."""
        return self.select_related("activity").annotate(has_days=Exists(days_of(OuterRef("activity"))))

    def overdue_on(self, day):
        """Their day is past and no activity stands for them."""
        unplanned = Q(activity__status=Activity.Status.CANCELLED) | ~Exists(days_of(OuterRef("activity")))
        return self.filter(unplanned, left_out_because="", due_on__lt=day)


class SchemeAction(Versioned, CommunityRecord):
    """Something a scheme asks for, and the activity by which it is done."""

    class State(models.TextChoices):
        PLANNED = "planned", _("to be planned")
        OVERDUE = "overdue", _("overdue")
        SCHEDULED = "scheduled", _("has its day")
        HELD = "held", pgettext_lazy("of a scheme", "held")
        LEFT_OUT = "left_out", pgettext_lazy("of a scheme", "left out")

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="actions", verbose_name=_("scheme"))
    part = models.CharField(_("part of the scheme"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Activity.Kind)
    theme = models.CharField(_("theme of the parent school"), max_length=10, choices=Activity.Theme, blank=True)
    due_on = models.DateField(_("to be held by"))
    activity = models.OneToOneField(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scheme_action",
        verbose_name=_("activity"),
    )
    left_out_because = models.CharField(_("why it is left out"), max_length=200, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "version", "scheme", "part", "title", "kind", "theme", "due_on"],
        *["activity", "left_out_because"],
    ]

    objects = SchemeActionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("action of a scheme")
        verbose_name_plural = _("actions of schemes")
        indexes = [models.Index(fields=["community", "due_on", "id"], name="scheme_action_by_day")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(left_out_because="") | Q(activity=None),
                name="action_left_out_has_no_activity",
                violation_error_message=_("An action with an activity is not left out."),
            ),
            models.CheckConstraint(
                condition=Q(kind="parent_school") | Q(theme=""),
                name="only_an_action_of_the_parent_school_has_a_theme",
                violation_error_message=_("Only the parent school has a theme."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.scheme.get_absolute_url()

    @property
    def state(self):
        """How it stands today, told from its activity."""
        today = timezone.localdate()
        if self.left_out_because:
            return self.State.LEFT_OUT
        if not self._activity_stands:
            return self.State.OVERDUE if self.due_on < today else self.State.PLANNED
        is_over = self.activity.status == Activity.Status.FINISHED or self.activity.ends_on < today
        return self.State.HELD if is_over else self.State.SCHEDULED

    @property
    def _activity_stands(self):
        if self.activity is None or self.activity.status == Activity.Status.CANCELLED:
            return False
        known = getattr(self, "has_days", None)
        return days_of(self.activity).exists() if known is None else known

    @property
    def wants_activity(self):
        return self.state in (self.State.PLANNED, self.State.OVERDUE)

    @transaction.atomic
    def schedule(self, activity, *, by):
        """`activity` is how this action is done."""
        stored = self._wanting_one()
        activity = stored_for_update(activity)  # two actions that ask for the same one stand in line here
        if activity.community_id != stored.community_id:
            raise Refused(_now("This activity belongs to another community."))
        if SchemeAction.objects.filter(activity=activity).exclude(pk=self.pk).exists():
            raise Refused(_now("This activity already stands for another action."))
        self.activity = activity
        self.save(update_fields=["activity"])
        log_act(by, "scheduled", self, fields=["activity"], activity=activity)

    @transaction.atomic
    def leave_out(self, *, reason, by):
        """It is not done, and the scheme says why."""
        if not reason:
            raise Refused(_now("Say why it is left out."))
        self._wanting_one()
        self.activity, self.left_out_because = None, reason
        self.save(update_fields=["activity", "left_out_because"])
        log_act(by, "left an action out", self, fields=["left_out_because"])

    @property
    def may_be_taken_back(self):
        """Whether what was said of it can be unsaid: nothing is recorded yet of an activity that stands for it."""
        if self.wants_activity:
            return False
        sessions = self.activity.sessions if self.activity else None
        return sessions is None or not sessions.exclude(pk__in=sessions.with_no_trace().values("pk")).exists()

    @transaction.atomic
    def take_back(self, *, by):
        """It was left out, or tied to an activity, by mistake: it wants its activity again."""
        stored = stored_for_update(self)
        if stored.activity:
            stored_for_update(stored.activity)  # a roll called meanwhile is seen
        if not stored.may_be_taken_back:
            raise Refused(_now("There is nothing to take back, or something is recorded of the activity already."))
        was = {"activity": stored.activity} if stored.activity else {}
        self.activity, self.left_out_because = None, ""
        self.save(update_fields=["activity", "left_out_because"])
        log_act(by, "took an action back", self, fields=["activity" if was else "left_out_because"], **was)

    def _wanting_one(self):
        stored = stored_for_update(self)
        if not stored.wants_activity:
            raise Refused(_now("This action has its activity, or is left out."))
        return stored
