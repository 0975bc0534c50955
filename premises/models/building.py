"""Building a Home where there is none: milestones, budget, gifts that came in for it, the opening."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.models import Home
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

LONGEST = dt.timedelta(days=5 * 366)
A_LOT = Decimal("9999999.99")


class BuildingPlanQuerySet(ScopedQuerySet):
    def under_way(self):
        return self.filter(status="under_way")


class BuildingPlan(Lifecycle, CommunityRecord):
    """One community's way to its Home."""

    class Status(models.TextChoices):
        UNDER_WAY = "under_way", _("under way")
        OPENED = "opened", pgettext_lazy("a Home being built", "opened")
        GIVEN_UP = "given_up", _("given up")

    TRANSITIONS = {
        Status.UNDER_WAY: {Status.OPENED, Status.GIVEN_UP},
        Status.OPENED: set(),
        Status.GIVEN_UP: set(),
    }

    name = models.CharField(_("name of the Home to be"), max_length=80)
    place = models.CharField(_("where it will be"), max_length=160, blank=True)
    drive = models.ForeignKey(
        "gifts.Drive", models.PROTECT, null=True, related_name="+", verbose_name=_("donation drive for it")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNDER_WAY, editable=False)
    begun_on = models.DateField(_("begun on"), editable=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("begun by")
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    reason = models.CharField(_("why given up"), max_length=200, blank=True, editable=False)
    home = models.OneToOneField(
        Home, models.PROTECT, null=True, related_name="plan", editable=False, verbose_name=_("Home")
    )

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "name", "place", "drive", "status", "begun_on", "begun_by", "ended_on", "reason",
        "home",
    ]  # fmt: skip

    objects = BuildingPlanQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("plan of building a Home")
        verbose_name_plural = _("plans of building Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(status="under_way"),
                name="a_community_builds_one_home_at_a_time",
                violation_error_message=_("This community has such a plan already."),
            ),
            models.CheckConstraint(
                condition=Q(status="under_way", ended_on=None, home=None, reason="")
                | Q(status="opened", ended_on__isnull=False, home__isnull=False, reason="")
                | Q(status="given_up", ended_on__isnull=False, home=None) & ~Q(reason=""),
                name="a_plan_of_building_says_how_it_ended",
                violation_error_message=_("Say why it is given up."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("premises:plan", args=[self.pk])

    @property
    def is_under_way(self):
        return self.status == self.Status.UNDER_WAY

    def held(self):
        """The plan as it stands now, locked; refused where it is over."""
        stored = stored_for_update(self)
        if not stored.is_under_way:
            raise Refused(gettext("This plan is over."))
        return stored

    @classmethod
    @transaction.atomic
    def begin(cls, community, *, name, place="", milestones=(), by):
        """`milestones`: [(what, due on)]."""
        stored_for_update(community)
        if Home.objects.filter(community=community, closed_on=None).exists():
            raise Refused(gettext("This community has an open Home."))
        if cls.objects.under_way().filter(community=community).exists():
            raise Refused(gettext("This community has such a plan already."))
        today = timezone.localdate()
        made = cls.objects.create(community=community, name=name, place=place, begun_on=today, begun_by=by)
        log_act(by, "began building a Home", made)
        for what, due_on in milestones:
            made.add_milestone(what=what, due_on=due_on, by=by)
        return made

    @transaction.atomic
    def add_milestone(self, *, what, due_on, by):
        held = self.held()
        _refuse_far_off(due_on)
        made = Milestone.objects.create(plan=held, community_id=held.community_id, what=what, due_on=due_on)
        log_act(by, "set a milestone", made, plan=held)
        return made

    @transaction.atomic
    def add_line(self, *, what, planned, by):
        held = self.held()
        made = BudgetLine.objects.create(plan=held, community_id=held.community_id, what=what, planned=planned)
        log_act(by, "planned money for a Home", made, plan=held)
        return made

    @transaction.atomic
    def choose_drive(self, drive, *, by):
        held = self.held()
        if drive is not None and drive.community_id != held.community_id:
            raise Refused(gettext("This drive belongs to another community."))
        held.drive = drive
        held.save(update_fields=["drive"])
        log_act(by, "chose the drive for a Home", held, fields=["drive"])

    @transaction.atomic
    def open(self, *, address, area, opened_on, by):
        """The room is ready: the Home is made, and the plan is over."""
        stored_for_update(self.community)
        held = self.held()
        if opened_on > timezone.localdate() or opened_on < held.begun_on:
            raise Refused(gettext("The Home opens between the day on which the plan began and today."))
        if Home.objects.filter(community=held.community_id, closed_on=None).exists():
            raise Refused(gettext("This community has an open Home."))
        home = Home.objects.create(
            **{"community_id": held.community_id, "name": held.name, "address": address, "area": area},
            opened_on=opened_on,
        )
        log_act(by, "opened", home, plan=held)
        self._become(self.Status.OPENED, by=by, verb="opened the Home that was built", ended_on=opened_on, home=home)
        return home

    @transaction.atomic
    def give_up(self, *, reason, by):
        if not reason:
            raise Refused(gettext("Say why it is given up."))
        stamps = {"ended_on": timezone.localdate(), "reason": reason}
        self._become(self.Status.GIVEN_UP, by=by, verb="gave up building a Home", **stamps)


def _refuse_far_off(day):
    if abs(day - timezone.localdate()) > LONGEST:
        raise Refused(gettext("Choose a day within five years of today."))


class MilestoneQuerySet(ScopedQuerySet):
    def overdue_on(self, day):
        """Due before `day` and not reached by then, of plans still under way."""
        reached = Q(done_on=None) | Q(done_on__gt=day)
        going_on = Q(plan__ended_on=None) | Q(plan__ended_on__gt=day)
        return self.filter(reached, going_on, due_on__lt=day, dropped_on=None)


class Milestone(CommunityRecord):
    """One step on the way, by a day."""

    plan = models.ForeignKey(BuildingPlan, models.PROTECT, related_name="milestones", verbose_name=_("plan"))
    what = models.CharField(_("milestone"), max_length=100)
    due_on = models.DateField(_("by when"))
    done_on = models.DateField(_("reached on"), null=True, editable=False)
    dropped_on = models.DateField(_("dropped on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "plan", "what", "due_on", "done_on", "dropped_on"]

    objects = MilestoneQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("milestone of a Home")
        verbose_name_plural = _("milestones of Homes")
        indexes = [
            models.Index(
                fields=["district", "due_on"],
                condition=Q(done_on=None, dropped_on=None),
                name="milestones_of_homes_to_reach",
            )
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(dropped_on=None),
                name="a_milestone_is_reached_or_dropped",
                violation_error_message=_("This milestone is reached already."),
            ),
        ]

    def __str__(self):
        return f"{self.plan_id}/{self.pk}"

    @property
    def is_open(self):
        return self.done_on is None and self.dropped_on is None

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()

    def _held(self):
        self.plan.held()
        stored = stored_for_update(self)
        if not stored.is_open:
            raise Refused(gettext("Somebody noted this milestone meanwhile. Look at it again."))
        return stored

    @transaction.atomic
    def reach(self, *, on, by):
        stored = self._held()
        if on > timezone.localdate():
            raise Refused(gettext("The day lies in the future."))
        stored.done_on = on
        stored.save(update_fields=["done_on"])
        log_act(by, "reached a milestone", stored, fields=["done_on"])

    @transaction.atomic
    def put_off(self, *, due_on, by):
        stored = self._held()
        _refuse_far_off(due_on)
        stored.due_on = due_on
        stored.save(update_fields=["due_on"])
        log_act(by, "put a milestone off", stored, fields=["due_on"])

    @transaction.atomic
    def drop(self, *, by):
        stored = self._held()
        stored.dropped_on = timezone.localdate()
        stored.save(update_fields=["dropped_on"])
        log_act(by, "dropped a milestone", stored, fields=["dropped_on"])


class BudgetLine(CommunityRecord):
    """What something is planned to cost; what it did cost are its spendings."""

    plan = models.ForeignKey(BuildingPlan, models.PROTECT, related_name="lines", verbose_name=_("plan"))
    what = models.CharField(_("what the money is for"), max_length=100)
    planned = models.DecimalField(
        _("planned, yuan"), max_digits=9, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "plan", "what", "planned"]

    class Meta(CommunityRecord.Meta):
        ordering = ["plan_id", "pk"]
        verbose_name = _("line of a budget")
        verbose_name_plural = _("budgets of Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(planned__gt=0),
                name="a_line_of_a_budget_is_above_nought",
                violation_error_message=_("The sum is above nought."),
            ),
        ]

    def __str__(self):
        return f"{self.plan_id}/{self.pk}"

    @transaction.atomic
    def spend(self, *, amount, on, what="", by):
        """Note what was paid; a negative amount takes a wrong entry back."""
        held = self.plan.held()
        if on > timezone.localdate():
            raise Refused(gettext("The day lies in the future."))
        spent = self.spendings.aggregate(sum=Sum("amount"))["sum"] or 0
        if not 0 <= spent + amount <= A_LOT:
            raise Refused(gettext("Not more can be taken back than was spent."))
        made = Spending.objects.create(
            **{"line": self, "community_id": held.community_id, "amount": amount, "on": on, "what": what},
            noted_by=by,
        )
        log_act(by, "noted money spent on a Home", made, line=self)
        return made


class Spending(CommunityRecord):
    """Money paid for a Home being built."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="spendings", verbose_name=_("line of the budget"))
    amount = models.DecimalField(_("yuan"), max_digits=9, decimal_places=2)
    on = models.DateField(_("day of payment"))
    what = models.CharField(_("what was paid for"), max_length=100, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "line", "amount", "on", "what", "noted_by", "noted_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["on", "pk"]
        verbose_name = _("money spent")
        verbose_name_plural = _("money spent on Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="a_spending_is_not_nought",
                violation_error_message=_("Give the sum that was paid."),
            ),
        ]

    def __str__(self):
        return f"{self.line_id}/{self.pk}"
