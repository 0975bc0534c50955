import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.models.home import Home
from records.attachments import store_image
from records.follow_up import FollowUp
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act

LONGEST = dt.timedelta(days=730)


class RepairQuerySet(ScopedQuerySet):
    def unsettled(self):
        """What somebody still has to do something about: put right, or look whether it was."""
        return self.filter(status__in=Repair.UNSETTLED)

    def overdue_on(self, day):
        """Neither reported as done nor settled by `day`, and due before it."""
        waiting = Q(reported_on=None) | Q(reported_on__gt=day)
        unsettled = Q(settled_on=None) | Q(settled_on__gt=day)
        is_open = Q(home__closed_on=None) | Q(home__closed_on__gt=day)  # in a Home that closed nothing is owed
        return self.filter(waiting, unsettled, is_open, due_on__lt=day, planned_on__lte=day)

    def to_look_at(self):
        return self.filter(status=Repair.Status.REPORTED, home__closed_on=None)


class Repair(Lifecycle, CommunityRecord):
    """A gap found in a check that is being put right: by whom, by when; looked at by those who inspect."""

    class Status(models.TextChoices):
        OPEN = "open", _("to be put right")
        REPORTED = "reported", _("put right, to be looked at")
        CONFIRMED = "confirmed", pgettext_lazy("repair", "confirmed")
        GIVEN_UP = "given_up", _("given up")

    TRANSITIONS = {
        Status.OPEN: {Status.REPORTED, Status.GIVEN_UP},
        Status.REPORTED: {Status.OPEN, Status.CONFIRMED},
        Status.CONFIRMED: set(),
        Status.GIVEN_UP: set(),
    }
    UNSETTLED = (Status.OPEN, Status.REPORTED)

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="repairs", verbose_name=_("Home"))
    answer = models.ForeignKey(
        "homes.Answer", on_delete=models.PROTECT, related_name="repairs", verbose_name=_("gap"), editable=False
    )
    code = models.CharField(_("requirement"), max_length=6, editable=False)
    what = models.TextField(_("what is to be done"), max_length=500)
    owner = models.CharField(_("who sees to it"), max_length=60)
    due_on = models.DateField(_("by when"))
    cost = models.DecimalField(
        _("estimated cost, yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    need = models.CharField(
        _("what we need for it"), max_length=200, blank=True, help_text=_("A thing or help that somebody could give.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    planned_on = models.DateField(_("planned on"), editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("planned by")
    )
    reported_on = models.DateField(_("reported on"), null=True, editable=False)
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    reason = models.CharField(_("why given up"), max_length=200, blank=True, editable=False)

    personal = {"owner": BASIC}
    not_personal = [
        "id", "community", "district", "home", "answer", "code", "what", "due_on", "cost", "need", "status",
        "planned_on", "planned_by", "reported_on", "settled_on", "reason",
    ]  # fmt: skip

    objects = RepairQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        indexes = [
            models.Index(fields=["district", "due_on", "id"], name="repair_of_a_district_by_day"),
            models.Index(fields=["community", "due_on", "id"], name="repair_of_a_community_by_day"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "code"],
                condition=Q(status__in=["open", "reported"]),
                name="one_repair_under_way_per_requirement",
                violation_error_message=_("This gap is being put right already."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("planned_on")),
                name="repair_is_due_after_it_is_planned",
                violation_error_message=_("The day lies in the past."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", reported_on=None, settled_on=None, reason="")
                | Q(status="reported", reported_on__isnull=False, settled_on=None, reason="")
                | Q(status="confirmed", reported_on__isnull=False, settled_on__isnull=False, reason="")
                | Q(status="given_up", reported_on=None, settled_on__isnull=False, reason__gt=""),
                name="repair_says_how_far_it_is",
                violation_error_message=_("Say why it is given up."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.code}"

    def get_absolute_url(self):
        return reverse("homes:repair", args=[self.pk])

    @property
    def is_overdue(self):
        return self.status == self.Status.OPEN and self.due_on < timezone.localdate()

    @classmethod
    @transaction.atomic
    def plan(cls, answer, *, what, owner, due_on, cost=None, need="", by):
        """Make the gap a task. Of one requirement of a Home one task is under way at a time."""
        today = timezone.localdate()
        home = Home.objects.select_for_update(of=("self",)).get(pk=answer.inspection.home_id)
        if not home.is_open:
            raise Refused(gettext("This Home is closed."))
        if home.repairs.unsettled().filter(code=answer.item.code).exists():
            raise Refused(gettext("This gap is being put right already."))
        if not today <= due_on <= today + LONGEST:
            raise Refused(gettext("Choose a day from today to two years from now."))
        facts = {"what": what, "owner": owner, "due_on": due_on, "cost": cost, "need": need}
        repair = cls.objects.create(
            community_id=home.community_id,
            home=home,
            answer=answer,
            code=answer.item.code,
            planned_on=today,
            planned_by=by,
            **facts,
        )
        log_act(by, "planned", repair, fields=list(facts))
        return repair

    @transaction.atomic
    def report(self, *, text, photo=None, by):
        """Say that it is put right, perhaps with a picture; raises ValidationError for one that cannot be kept."""
        self._become(self.Status.REPORTED, by=by, verb="reported", reported_on=timezone.localdate())
        kept = store_image(photo, by) if photo else None
        return self.reports.create(community_id=self.community_id, text=text, photo=kept, written_by=by)

    @transaction.atomic
    def confirm(self, *, seen, by):
        """Those above have looked at the report `seen`: the gap is closed. Nobody confirms what they reported."""
        self.reports.judge(seen, accepted=True, by=by)
        self._become(self.Status.CONFIRMED, by=by, verb="confirmed a repair", settled_on=timezone.localdate())

    @transaction.atomic
    def send_back(self, *, seen, remark, by):
        """Not yet right: the remark says what is missing, and the task is open again."""
        self.reports.judge(seen, accepted=False, remark=remark, by=by)
        self._become(self.Status.OPEN, by=by, verb="sent back", reported_on=None)

    def give_up(self, *, reason, by):
        self._become(self.Status.GIVEN_UP, by=by, verb="gave up", settled_on=timezone.localdate(), reason=reason)


class RepairReport(FollowUp, CommunityRecord):
    """What was done about a repair, and what those who looked said of it."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="reports", verbose_name=_("repair"))

    not_personal = ["id", "community", "district", "repair", *FollowUp.FIELDS]

    class Meta(CommunityRecord.Meta):
        ordering = ["repair_id", "pk"]
        verbose_name = _("report of a repair")
        verbose_name_plural = _("reports of repairs")
        constraints = [
            *CommunityRecord.Meta.constraints,
            *FollowUp.Meta.constraints,
            models.UniqueConstraint(
                fields=["repair"],
                condition=Q(judged_at=None),
                name="one_report_at_a_time_waits",
                violation_error_message=_("What was reported waits to be looked at."),
            ),
        ]

    def __str__(self):
        return f"{self.repair_id}/{self.pk}"
