from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.asking import refuse_who_is_no_kin
from activities.models.enrolment import Enrolment
from activities.models.helping import HelpersWanted
from activities.models.session import Session
from activities.models.venue import AtVenue, at_venue_of, one_venue
from activities.models.waiting import WaitingList
from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class ActivityQuerySet(ScopedQuerySet):
    def coming(self, day):
        """What goes on: not cancelled, not finished, and with days still ahead (or none)."""
        return self.filter(status__in=Activity.OPEN, ends_on__gte=day)

    def past(self, day):
        return self.exclude(status__in=Activity.OPEN, ends_on__gte=day)

    def with_figures(self, day):
        """Each row with `places_taken`, `sessions_planned` and `next_day`, in the same query."""
        sessions = Session.objects.not_cancelled().filter(activity=OuterRef("pk")).order_by()
        places = Enrolment.objects.open().filter(activity=OuterRef("pk")).order_by()

        def one(rows, figure):
            return Subquery(rows.values("activity").annotate(figure=figure).values("figure"))

        return self.annotate(
            places_taken=Coalesce(one(places, Count("pk")), 0),
            sessions_planned=Coalesce(one(sessions, Count("pk")), 0),
            next_day=one(sessions.filter(day__gte=day), Min("day")),
        )


class Activity(AtVenue, WaitingList, HelpersWanted, Versioned, Lifecycle, CommunityRecord):
    """Something a community holds for children, families or the public, in one or more sessions."""

    class Kind(models.TextChoices):
        LAW = "law", _("law class")
        SAFETY = "safety", _("safety class")
        HEALTH = "health", _("health talk")
        COUNSELLING = "counselling", _("counselling talk")
        CLUB = "club", _("Love Paradise club")
        SUMMER = "summer", _("summer course")
        TUTORING = "tutoring", _("love school tutoring")
        PARENT_SCHOOL = "parent_school", _("parent school")
        FAMILY_DAY = "family_day", _("family day")
        PUBLICITY = "publicity", _("publicity")
        DONATION = "donation", _("donation drive")
        EXCHANGE = "exchange", _("exchange meeting")
        MUTUAL = "mutual", _("mutual-learning meeting")
        OTHER = "other", _("other activity")

    class Audience(models.TextChoices):
        CHILDREN = "children", _("children")
        FAMILIES = "families", _("children with their families")
        CARERS = "carers", _("parents and caregivers")
        HELPERS = "helpers", _("helpers")
        PUBLIC = "public", _("everyone")

    class Art(models.TextChoices):
        MUSIC = "music", _("music")
        DANCE = "dance", _("dance")
        PAINTING = "painting", _("painting and calligraphy")
        TABLE_TENNIS = "table_tennis", _("table tennis")
        LIFE_SKILLS = "life_skills", _("life skills")

    class Theme(models.TextChoices):
        MORAL = "moral", _("moral education")
        CARE = "care", _("care and love")
        HABITS = "habits", _("good habits")
        GUARDIANS = "guardians", _("guardians' rights and duties")
        CHILDREN = "children", _("children's rights")
        OTHER = "other", _("another theme")

    class Status(models.TextChoices):
        PLANNED = "planned", _("not started")
        UNDER_WAY = "under_way", _("under way")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        Status.PLANNED: {Status.UNDER_WAY, Status.CANCELLED},
        Status.UNDER_WAY: {Status.FINISHED, Status.CANCELLED},
        Status.FINISHED: set(),
        Status.CANCELLED: set(),
    }
    OPEN = (Status.PLANNED, Status.UNDER_WAY)
    FOR_CHILDREN = (Audience.CHILDREN, Audience.FAMILIES)
    FOR_CARERS = (Audience.CARERS, Audience.FAMILIES)

    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    art = models.CharField(_("art of the club"), max_length=20, choices=Art, blank=True)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.CHILDREN)
    theme = models.CharField(_("theme of the parent school"), max_length=10, choices=Theme, blank=True)
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    host = models.CharField(_("host"), max_length=100, blank=True)
    purpose = models.TextField(_("purpose"), max_length=1000, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("led by"),
    )
    helper = models.ForeignKey(
        "volunteers.Volunteer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("led by a helper"),
    )
    capacity = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, help_text=_("Leave empty when everyone can come.")
    )
    materials = models.TextField(
        _("materials"), max_length=1000, blank=True, help_text=_("What must be there on the day, one thing to a line.")
    )
    helpers_needed = models.PositiveSmallIntegerField(
        _("helpers needed"), default=0, help_text=_("Besides the person who leads.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    # The span of the sessions that are not cancelled, kept by `fit_period`, so that lists can sort by it.
    starts_on = models.DateField(_("day of the first session"), editable=False)
    ends_on = models.DateField(_("day of the last session"), editable=False)
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    personal = {"leader": BASIC, "helper": BASIC}
    not_personal = [
        *["id", "community", "district", "version", "title", "kind", "art", "theme", "audience", "topic", "purpose"],
        *["host", "home", "venue", "capacity", "materials", "helpers_needed", "status", "starts_on", "ends_on"],
        "cancel_reason",
        "created_at",
    ]

    objects = ActivityQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["district", "ends_on", "id"], name="activity_of_a_district_by_end"),
            models.Index(fields=["community", "ends_on", "id"], name="activity_of_community_by_end"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            one_venue("activity_has_one_venue"),
            models.CheckConstraint(
                condition=Q(kind="club") | Q(art=""),
                name="only_a_club_has_an_art",
                violation_error_message=_("Only a club has an art."),
            ),
            models.CheckConstraint(
                condition=Q(kind="parent_school") | Q(theme=""),
                name="only_a_parent_school_has_a_theme",
                violation_error_message=_("Only the parent school has a theme."),
            ),
            models.CheckConstraint(
                condition=Q(leader=None) | Q(helper=None),
                name="activity_has_one_leader_at_most",
                violation_error_message=_("Name one person who leads."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1, capacity__lte=2000),
                name="capacity_is_one_to_two_thousand",
                violation_error_message=_("Between 1 and 2000 places."),
            ),
            models.CheckConstraint(
                condition=Q(helpers_needed__lte=200),
                name="helpers_needed_at_most_two_hundred",
                violation_error_message=_("At most 200 helpers."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="activity_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancel_reason__gt="")
                | Q(status__in=["planned", "under_way", "finished"], cancel_reason=""),
                name="cancelled_activity_says_why",
                violation_error_message=_("Say why it is cancelled."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:activity", args=[self.pk])

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def takes_children(self):
        """Whether children are enrolled and their roll is called."""
        return self.audience in self.FOR_CHILDREN

    @property
    def takes_carers(self):
        """Whether it is noted which parents and caregivers came."""
        return self.audience in self.FOR_CARERS

    @property
    def led_by(self):
        if self.helper_id:
            return self.helper.name
        return self.leader.name if self.leader_id else ""

    def begin(self, *, by):
        self._become(self.Status.UNDER_WAY, by=by)

    @transaction.atomic
    def finish(self, *, by):
        stored_for_update(self)  # a session moved meanwhile is seen
        if self.sessions.not_cancelled().filter(day__gt=timezone.localdate()).exists():
            raise Refused(_now("There are sessions to come. Hold or cancel them first."))
        self._become(self.Status.FINISHED, by=by)
        self.end_waiting()

    @transaction.atomic
    def cancel(self, *, reason, by):
        """Call it off: the sessions from today on that were not held are cancelled with it. Days that have come stay:
        their sheets may still be entered, and what was counted of them stays counted."""
        if not reason:
            raise Refused(_now("Say why it is cancelled."))
        self._become(self.Status.CANCELLED, by=by, cancel_reason=reason)
        self.end_waiting()
        ahead = self.sessions.not_cancelled().with_no_trace().filter(day__gte=timezone.localdate())
        for session in ahead:
            session.cancel(reason=reason, by=by)

    @transaction.atomic
    def take_days_along(self, was, *, by):
        """The activity is held elsewhere from now on: so are its days ahead that were to be held where it `was`; how
        many. A day that was put elsewhere by itself stays there."""
        ahead = self.sessions.not_cancelled().with_no_trace().filter(at_venue_of(was), day__gte=timezone.localdate())
        days = list(ahead)
        for session in days:
            hours = {"day": session.day, "starts_at": session.starts_at, "ends_at": session.ends_at}
            session.move(**hours, home=self.home, venue=self.venue, by=by)
        return len(days)

    @transaction.atomic
    def enrol(self, child, *, by, on=None, asked_by=None, came=False):
        """Give `child` a place; asked twice, the first place is returned. Who asked for it while the child was waiting
        is kept. Who `came` on that day has a place also where the activity is over since."""
        on = on or timezone.localdate()
        child = stored_for_update(child)  # who closes its file meanwhile ends the place, or has closed it already
        stored = stored_for_update(self)  # two people asking for the last place stand in line here
        stored.refuse_who_cannot_come(child, on=on, came=came)
        refuse_who_is_no_kin(child, asked_by)
        if found := self.enrolments.open().filter(child=child).first():
            return found
        if not stored.has_free_place():
            raise Refused(_now("All %(places)s places are taken.") % {"places": stored.capacity})
        if waits := self.waitings.open().filter(child=child).first():
            waits.end(got_place=True)
            asked_by = asked_by or waits.asked_by
        facts = {"community_id": stored.community_id, "child": child, "joined_on": on, "asked_by": asked_by}
        place = self.enrolments.create(**facts)
        log_act(by, "enrolled", place, child=child, activity=self)
        return place

    def refuse_who_cannot_come(self, child, *, on=None, came=False):
        on = on or timezone.localdate()
        if not (self.is_open or came):
            raise Refused(_now("This activity takes no more children: it is over or cancelled."))
        if not self.takes_children:
            raise Refused(_now("Children are not enrolled in this activity: it is for others."))
        if child.community_id != self.community_id:
            raise Refused(_now("Only children of this community can be enrolled."))
        if child.left_on:
            raise Refused(_now("This child is no longer on the register."))
        if on > timezone.localdate():
            raise Refused(_now("A child cannot join on a day to come."))

    @transaction.atomic
    def enrol_several(self, children, *, by):
        """Give all of them a place, or none where the places do not reach."""
        if not children:
            raise Refused(_now("Choose at least one child."))
        children = [stored_for_update(child) for child in sorted(children, key=lambda child: child.pk)]
        stored = stored_for_update(self)
        if stored.capacity is not None:
            left = max(0, stored.capacity - stored.enrolments.open().exclude(child__in=children).count())
            if len(children) > left:
                raise Refused(_now("The places do not reach: choose at most %(left)s children.") % {"left": left})
        for child in children:
            self.enrol(child, by=by)

    def fit_period(self):
        """Keep first and last day equal to the span of the sessions; with none left, as they were."""
        span = self.sessions.not_cancelled().aggregate(first=Min("day"), last=Max("day"))
        if span["first"] and (span["first"], span["last"]) != (self.starts_on, self.ends_on):
            self.starts_on, self.ends_on = span["first"], span["last"]
            self.save(update_fields=["starts_on", "ends_on"])
