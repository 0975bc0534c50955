from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.models.visit import Visit
from appraisal.points import CHOICES
from communities.owned import CommunityRecord
from records.attachments import store_image
from records.follow_up import FollowUp
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update


class DemandQuerySet(ScopedQuerySet):
    def unsettled(self):
        return self.filter(status__in=Demand.UNSETTLED)

    def to_answer(self):
        return self.filter(status=Demand.Status.OPEN)

    def to_look_at(self):
        return self.filter(status=Demand.Status.ANSWERED)

    def overdue_on(self, day):
        """Required by a day before `day`, and nothing was answered since it was last asked."""
        return self.to_answer().filter(due_on__lt=day)


class Demand(Lifecycle, CommunityRecord):
    """What a visit requires of the community by a day. It is answered, looked at again, and closed or asked again."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("requirement", "to be met")
        ANSWERED = "answered", pgettext_lazy("requirement", "answered, to be looked at")
        CLOSED = "closed", pgettext_lazy("requirement", "closed: met")
        WITHDRAWN = "withdrawn", pgettext_lazy("requirement", "withdrawn")

    TRANSITIONS = {
        Status.OPEN: {Status.ANSWERED, Status.WITHDRAWN},
        Status.ANSWERED: {Status.OPEN, Status.CLOSED},
        Status.CLOSED: set(),
        Status.WITHDRAWN: set(),
    }
    UNSETTLED = (Status.OPEN, Status.ANSWERED)

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="demands", editable=False, verbose_name=_("visit")
    )
    point = models.CharField(_("about which point"), max_length=20, choices=CHOICES, blank=True)
    what = models.CharField(_("what is required"), max_length=300)
    due_on = models.DateField(_("by when"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    asked_on = models.DateField(_("required on"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("required by")
    )
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    why_withdrawn = models.CharField(_("why withdrawn"), max_length=200, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "visit", "point", "what", "due_on", "status", "asked_on", "asked_by"],
        *["settled_on", "why_withdrawn"],
    ]

    objects = DemandQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("requirement of a visit")
        verbose_name_plural = _("requirements of visits")
        indexes = [
            models.Index(
                fields=["community", "due_on", "id"],
                condition=Q(status__in=["open", "answered"]),
                name="demands_on_a_community",
            ),
            models.Index(
                fields=["district", "due_on", "id"],
                condition=Q(status__in=["open", "answered"]),
                name="demands_in_a_district",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="requirement_is_due_after_it_is_made",
                violation_error_message=_("The day lies in the past."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "answered"], settled_on=None, why_withdrawn="")
                | Q(status="closed", settled_on__isnull=False, why_withdrawn="")
                | Q(status="withdrawn", settled_on__isnull=False, why_withdrawn__gt=""),
                name="requirement_says_how_it_was_settled",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self):
        return f"{self.visit_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("supervision:demand", args=[self.pk])

    @property
    def is_overdue(self):
        return self.status == self.Status.OPEN and self.due_on < timezone.localdate()

    @classmethod
    @transaction.atomic
    def make(cls, visit, *, what, due_on, point="", by):
        stored = stored_for_update(visit)
        if not stored.is_held:
            raise Refused(gettext("Write the visit up first: what is required comes from what was found."))
        if due_on < timezone.localdate():
            raise Refused(gettext("Choose a day that is still to come."))
        made = cls.objects.create(
            visit=stored,
            community_id=stored.community_id,
            what=what,
            point=point,
            due_on=due_on,
            asked_on=timezone.localdate(),
            asked_by=by,
        )
        log_act(by, "required something", made, visit=stored)
        return made

    @transaction.atomic
    def answer(self, *, text, photo=None, by):
        """Say what was done, perhaps with a picture; raises ValidationError for one that cannot be kept."""
        self._become(self.Status.ANSWERED, by=by, verb="answered a requirement")
        kept = store_image(photo, by) if photo else None
        return self.answers.create(community_id=self.community_id, text=text, photo=kept, written_by=by)

    @transaction.atomic
    def close(self, *, seen, by):
        """The inspector has looked again at what the answer `seen` says: it is met."""
        self.answers.judge(seen, accepted=True, by=by)
        self._become(self.Status.CLOSED, by=by, verb="closed a requirement", settled_on=timezone.localdate())

    @transaction.atomic
    def ask_again(self, *, seen, remark, due_on, by):
        """Not met yet: the remark says what is missing, and there is a new day."""
        if due_on < timezone.localdate():
            raise Refused(gettext("Choose a day that is still to come."))
        self.answers.judge(seen, accepted=False, remark=remark, by=by)
        self._become(self.Status.OPEN, by=by, verb="asked again", due_on=due_on)

    def withdraw(self, *, reason, by):
        day = timezone.localdate()
        self._become(self.Status.WITHDRAWN, by=by, verb="withdrew a requirement", settled_on=day, why_withdrawn=reason)


class DemandAnswer(FollowUp, CommunityRecord):
    """What the community did about a requirement, and what the inspector said of it."""

    demand = models.ForeignKey(
        Demand, on_delete=models.PROTECT, related_name="answers", verbose_name=_("requirement of a visit")
    )

    not_personal = ["id", "community", "district", "demand", *FollowUp.FIELDS]

    class Meta(CommunityRecord.Meta):
        ordering = ["demand_id", "pk"]
        verbose_name = _("answer to a requirement")
        verbose_name_plural = _("answers to requirements")
        constraints = [
            *CommunityRecord.Meta.constraints,
            *FollowUp.Meta.constraints,
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(judged_at=None),
                name="one_answer_at_a_time_waits",
                violation_error_message=_("What was answered waits to be looked at."),
            ),
        ]

    def __str__(self):
        return f"{self.demand_id}/{self.pk}"
