from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.agenda import take_figures
from communities.models.group import LeadingGroupMember
from communities.owned import BodyQuerySet, CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class MeetingQuerySet(BodyQuerySet):
    def held(self):
        return self.filter(status=Meeting.Status.HELD)

    def before(self, meeting):
        """Meetings of the same leading group on an earlier day, or planned earlier for the same day; latest first."""
        earlier = Q(day__lt=meeting.day) | Q(day=meeting.day, pk__lt=meeting.pk)
        rows = self.filter(earlier, community=meeting.community_id)
        if meeting.group != Meeting.Group.BOTH:
            rows = rows.filter(group__in=[meeting.group, Meeting.Group.BOTH])
        return rows.order_by("-day", "-pk")

    def with_figures(self):
        """Each row with `members_there`, `decided` and `still_open`, counted for the rows that are shown alone."""

        def number(rows):
            rows = rows.filter(meeting=OuterRef("pk")).order_by()
            return Coalesce(Subquery(rows.values("meeting").annotate(n=Count("pk")).values("n")), 0)

        decided = Decision.objects.all()
        return self.annotate(
            members_there=number(Meeting.came.through.objects.all()),
            decided=number(decided),
            still_open=number(decided.open()),
        )


class Meeting(Versioned, Lifecycle, CommunityRecord):
    """A meeting of the leading group: planned with its agenda, held with its minutes, or called off."""

    class Kind(models.TextChoices):
        STUDY = "study", _("study meeting")
        SPECIAL = "special", _("special meeting")
        EXCHANGE = "exchange", _("exchange meeting")

    class Group(models.TextChoices):
        CARING = "caring", _("for caring")
        HOME = "home", _("for building the Home")
        BOTH = "both", _("both together")

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CALLED_OFF = "called_off", _("called off")

    TRANSITIONS = {
        Status.PLANNED: {Status.HELD, Status.CALLED_OFF},
        Status.HELD: set(),
        Status.CALLED_OFF: set(),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    group = models.CharField(_("leading group"), max_length=10, choices=Group, default=Group.CARING)
    title = models.CharField(_("title"), max_length=120)
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=100, blank=True)
    points = models.TextField(_("points of our own"), blank=True, max_length=2000)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    came = models.ManyToManyField(LeadingGroupMember, verbose_name=_("members who came"), related_name="+", blank=True)
    guests = models.PositiveSmallIntegerField(_("guests"), default=0)
    minutes = models.TextField(_("record of the meeting"), blank=True, max_length=5000)
    figures = models.JSONField(_("figures at the meeting"), default=dict, editable=False)
    held_at = models.DateTimeField(_("written up"), null=True, editable=False)
    why_called_off = models.CharField(_("why called off"), max_length=200, blank=True, editable=False)

    personal = {"points": BASIC, "came": BASIC, "minutes": BASIC}
    not_personal = [
        *["id", "community", "district", "version", "kind", "group", "title", "day", "starts_at", "venue", "status"],
        *["guests", "figures", "held_at", "why_called_off"],
    ]

    objects = MeetingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(fields=["district", "-day", "-id"], name="meeting_of_a_district_by_day"),
            models.Index(fields=["community", "-day", "-id"], name="meeting_of_a_community_by_day"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="planned", held_at=None, why_called_off="")
                | Q(status="held", held_at__isnull=False, why_called_off="")
                | Q(status="called_off", held_at=None, why_called_off__gt=""),
                name="meeting_is_planned_held_or_called_off",
                violation_error_message=_("Say why the meeting is called off."),
            ),
            models.CheckConstraint(
                condition=Q(guests__lte=2000),
                name="guests_at_most_two_thousand",
                violation_error_message=_("At most 2000 guests."),
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.title}"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def is_planned(self):
        return self.status == self.Status.PLANNED

    @property
    def is_held(self):
        return self.status == self.Status.HELD

    @property
    def has_come(self):
        return self.day <= timezone.localdate()

    @property
    def points_one_by_one(self):
        return [line for line in map(str.strip, self.points.splitlines()) if line]

    @property
    def last(self):
        """The meeting held before this one, or None."""
        return Meeting.objects.held().before(self).first()

    def members(self):
        """Members of the leading group on the day; who sits in both comes once to a meeting of both."""
        rows = LeadingGroupMember.objects.on_day(self.day).filter(community=self.community_id)
        if self.group != self.Group.BOTH:
            return rows.filter(group=self.group)
        namesake = rows.order_by().filter(group=self.Group.CARING, name=OuterRef("name"))
        same_account = namesake.filter(Q(account=None) | Q(account=OuterRef("account")))
        is_there_already = Q(Exists(same_account)) | Q(account=None) & Q(Exists(namesake))
        return rows.exclude(Q(group=self.Group.HOME) & is_there_already)

    def absent(self, there):
        """Members on the day who are not `there`, under whichever of their memberships they were noted."""
        return [
            one
            for one in self.members().defer("phone")
            if not any(one.pk == other.pk or one.is_same_person(other) for other in there)
        ]

    @transaction.atomic
    def hold(self, *, came, guests, minutes, by):
        """Write the meeting up, with the figures as they stand."""
        if not self.has_come:
            raise Refused(gettext("A meeting is written up once its day has come."))
        stamps = {"held_at": timezone.now(), "guests": guests, "minutes": minutes}
        figures = take_figures(self.community_id)
        self._become(self.Status.HELD, by=by, verb="held a meeting", figures=figures, **stamps)
        self.came.set(came)

    def call_off(self, *, reason, by):
        self._become(self.Status.CALLED_OFF, by=by, verb="called off", why_called_off=reason)

    @transaction.atomic
    def decide(self, *, what, owner, due_on, by):
        """Put down what was decided, who does it and by when."""
        stored = stored_for_update(self)
        if stored.status != self.Status.HELD:
            raise Refused(gettext("Write the meeting up first: decisions belong to a meeting that was held."))
        if due_on < stored.day:
            raise Refused(gettext("It cannot be due before the meeting."))
        _refuse_strangers(owner, stored.community_id)
        made = Decision.objects.create(
            meeting=stored, community_id=stored.community_id, what=what, owner=owner, due_on=due_on
        )
        log_act(by, "put a decision down", made, meeting=stored, owner=owner)
        return made


def _refuse_strangers(owner, code):
    if owner.community_id != code or not owner.is_member:
        raise Refused(gettext("Who does it must be a member of this leading group."))


class DecisionQuerySet(BodyQuerySet):
    def open(self):
        return self.filter(status=Decision.Status.OPEN)

    def overdue(self, day):
        return self.open().filter(due_on__lt=day)

    def looked_at_by(self, meeting):
        """Of earlier meetings: what was still open when this one came, or was settled since it was last looked at."""
        earlier = Meeting.objects.held().before(meeting).order_by()
        last = dict(earlier.values_list("group").annotate(Max("day")))
        rows, settled = self.filter(meeting__in=earlier), Q(pk__in=())
        for group in Meeting.Group:
            looked = [day for by, day in last.items() if group in (by, Meeting.Group.BOTH) or by == Meeting.Group.BOTH]
            if looked:
                settled |= Q(meeting__group=group, settled_on__gte=max(looked))
        return rows.filter(Q(status=Decision.Status.OPEN) | settled).select_related("owner", "meeting")


class Decision(Lifecycle, CommunityRecord):
    """What a meeting decided: somebody does something by a day, and says at the next meeting what came of it."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    TRANSITIONS = {Status.OPEN: {Status.DONE, Status.DROPPED}, Status.DONE: set(), Status.DROPPED: set()}

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("meeting"), editable=False
    )
    what = models.CharField(_("what was decided"), max_length=300)
    owner = models.ForeignKey(
        LeadingGroupMember, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("to be done by"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True, editable=False)
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )

    personal = {"what": BASIC, "owner": BASIC, "outcome": BASIC, "settled_by": BASIC}
    not_personal = ["id", "community", "district", "meeting", "due_on", "status", "settled_on"]

    objects = DecisionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        indexes = [
            models.Index(
                fields=["community", "due_on", "id"], name="open_decision_of_a_community", condition=Q(status="open")
            )
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="open", outcome="", settled_on=None, settled_by=None)
                | Q(status__in=["done", "dropped"], outcome__gt="", settled_on__isnull=False, settled_by__isnull=False),
                name="settled_decision_says_what_came_of_it",
                violation_error_message=_("Say what came of it."),
            ),
        ]

    def __str__(self):
        return gettext("Decision %(number)s, to be carried out by %(day)s") % {"number": self.pk, "day": self.due_on}

    def get_absolute_url(self):
        return reverse("meetings:decision", args=[self.pk])

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()

    def finish(self, *, outcome, by):
        self._settle(self.Status.DONE, outcome, "carried out", by)

    def drop(self, *, reason, by):
        self._settle(self.Status.DROPPED, reason, "dropped", by)

    def _settle(self, status, outcome, verb, by):
        self._become(status, by=by, verb=verb, outcome=outcome, settled_on=timezone.localdate(), settled_by=by)

    @transaction.atomic
    def pass_on(self, *, owner, due_on, by):
        """Another person does it, or there is more time."""
        stored = stored_for_update(self)
        if not stored.is_open:
            raise Refused(gettext("This is settled already."))
        _refuse_strangers(owner, stored.community_id)
        if due_on < timezone.localdate():
            raise Refused(gettext("Choose a day that is still to come."))
        self.owner, self.due_on = owner, due_on
        self.save(update_fields=["owner", "due_on"])
        log_act(by, "passed a decision on", self, fields=["owner", "due_on"], owner=owner)
