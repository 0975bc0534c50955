import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act
from records.versions import stored_for_update

FOLLOW_UP_DAYS = 7  # a reported concern is looked at again, unless another day was agreed


class ConcernQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """The community's own people, and whoever the child supervisor named: wherever that person is posted."""
        rows = super().visible_to(user, action)
        if action not in ("view", "follow") or not getattr(user, "is_staff", False):
            return rows
        named = ConcernNaming.objects.filter(user=user, ended_at=None).values("concern")
        return rows | self.filter(pk__in=named)

    def unreported_at(self, moment):
        raised = self.filter(raised_at__lte=moment).exclude(closed_at__lte=moment)
        return raised.filter(Q(reported_at=None) | Q(reported_at__gt=moment))

    def with_last_entry(self):
        last = ConcernEntry.objects.filter(concern=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            agreed_day=Subquery(last.values("next_by")[:1]), last_entry_at=Subquery(last.values("written_at")[:1])
        )

    def overdue_on(self, day):
        """Reported and not closed, with nothing written by the day agreed, or for a week where none was agreed."""
        before = timezone.make_aware(dt.datetime.combine(day - dt.timedelta(days=FOLLOW_UP_DAYS), dt.time()))
        silent = Q(last_entry_at__lt=before) | Q(last_entry_at=None, reported_at__lt=before)
        late = Q(agreed_day__lt=day) | (Q(agreed_day=None) & silent)
        return self.filter(status="reported").with_last_entry().filter(late)


class Concern(Lifecycle, CommunityRecord):
    """Suspected harm, reported at once (Minors Protection Law, art. 11). Only the child is required to raise it."""

    confidential = True  # the guardian's copy must not warn whom it may be about

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        REPORTED = "reported", _("reported")
        CLOSED = "closed", _("closed")

    TRANSITIONS = {
        Status.OPEN: {Status.REPORTED, Status.CLOSED},
        Status.REPORTED: {Status.CLOSED},
        Status.CLOSED: set(),
    }

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="concerns", verbose_name=_("child")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    what = SecretField(_("what was seen or heard"), blank=True)
    seen_at = models.CharField(_("when it was seen or heard"), max_length=60, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("raised by"),
        editable=False,
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("received by"),
        editable=False,
    )
    received_at = models.DateTimeField(_("received"), null=True, editable=False)
    told = models.CharField(_("reported to"), max_length=100, blank=True)
    told_person = models.CharField(_("who took the report"), max_length=60, blank=True)
    reference = models.CharField(_("reference number"), max_length=60, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reported by"),
        editable=False,
    )
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True, editable=False)
    outcome = SecretField(_("outcome"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
        editable=False,
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    personal = dict.fromkeys(["what", "seen_at", "told", "told_person", "reference", "outcome"], CARE)
    not_personal = [
        *["id", "child", "community", "district", "status", "raised_by", "raised_at", "received_by", "received_at"],
        *["reported_by", "reported_at", "closed_by", "closed_at"],
    ]

    objects = ConcernQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-raised_at"]
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        indexes = [models.Index(fields=["raised_by", "-raised_at"], name="concerns_somebody_raised")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="closed", reported_at=None) | ~Q(closed_by=F("raised_by")),
                name="unreported_concern_is_closed_by_a_second_person",
                violation_error_message=_(
                    "Who raised a concern cannot close it without a report: another person must."
                ),
            ),
        ]

    def __str__(self):
        return _("Concern %(number)s") % {"number": self.pk}

    @classmethod
    def own_to(cls, user):
        return user.own_scope(cls).q(cls) & Q(raised_by=user)

    @classmethod
    def raise_for(cls, child, *, what="", seen_at="", by):
        """Open a concern about `child`; never refused, whatever is missing."""
        with transaction.atomic():
            concern = cls.objects.create(
                child=child, community_id=child.community_id, what=what, seen_at=seen_at, raised_by=by
            )
            log_act(by, "raised a concern", concern)
            return concern

    def receive(self, *, by):
        """Somebody who answers for the community has it in hand; only the first is noted, and never the raiser."""
        with transaction.atomic():
            stored = stored_for_update(self)
            if stored.received_at is None and stored.raised_by_id != by.pk:
                stored.received_by, stored.received_at = by, timezone.now()
                stored.save(update_fields=["received_by", "received_at"])
                log_act(by, "received the concern", stored)
        self.received_by, self.received_at = stored.received_by, stored.received_at

    def report(self, *, told, told_person="", reference="", by):
        """Note to whom the concern was reported, and under which number."""
        with transaction.atomic():
            self.receive(by=by)
            self._become(
                self.Status.REPORTED,
                by=by,
                verb="reported",
                told=told,
                told_person=told_person,
                reference=reference,
                reported_by=by,
                reported_at=timezone.now(),
            )

    def follow_up(self, *, text, next_step="", next_by=None, by):
        """Write what was done since; what is written stays as it is."""
        with transaction.atomic():
            stored = stored_for_update(self)
            if stored.status == self.Status.CLOSED:
                raise Refused(gettext("This concern is closed. Raise a new one if there is something new."))
            if next_by is not None and next_by < timezone.localdate():
                raise Refused(gettext("The day of the next step lies in the past."))
            entry = ConcernEntry.objects.create(
                concern=stored,
                community_id=stored.community_id,
                text=text,
                next_step=next_step,
                next_by=next_by,
                written_by=by,
            )
            log_act(by, "followed up", stored, entry=entry)
            return entry

    def close(self, *, outcome, by):
        """End it with its outcome; where nothing was reported, a supervisor who did not raise it says so."""
        with transaction.atomic():
            stored = stored_for_update(self)
            if stored.status == self.Status.OPEN:
                if stored.raised_by_id == by.pk:
                    raise Refused(
                        gettext("Who raised a concern cannot close it without a report: another person must.")
                    )
                if not type(self).objects.visible_to(by, "decide").filter(pk=self.pk).exists():
                    raise Refused(gettext("Nothing has been reported yet. Only the child supervisor can close it now."))
            self._become(
                self.Status.CLOSED, by=by, verb="closed", outcome=outcome, closed_by=by, closed_at=timezone.now()
            )

    def name(self, user, *, by):
        """Let one more person see this concern."""
        with transaction.atomic():
            stored = stored_for_update(self)
            if stored.status == self.Status.CLOSED:
                raise Refused(gettext("This concern is closed."))
            if not user.is_staff or not user.has_perm("children.view_concern"):
                raise Refused(gettext("This person cannot be named: choose a director, supervisor or counsellor."))
            if stored.namings.filter(user=user, ended_at=None).exists():
                raise Refused(gettext("This person is already named."))
            naming = ConcernNaming.objects.create(
                concern=stored, community_id=stored.community_id, user=user, named_by=by
            )
            log_act(by, "named a person for the concern", stored, user=user.pk, naming=naming)
            return naming


class ConcernEntry(CommunityRecord):
    """One dated line of what was done after a concern was raised. Written once, never changed."""

    confidential = True

    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, related_name="entries", editable=False, verbose_name=_("concern")
    )
    text = SecretField(_("what was done"))
    next_step = SecretField(_("next step"), blank=True)
    next_by = models.DateField(_("by when"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    personal = {"text": CARE, "next_step": CARE}
    not_personal = ["id", "concern", "community", "district", "next_by", "written_by", "written_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("follow-up of a concern")
        verbose_name_plural = _("follow-ups of concerns")

    def __str__(self):
        return f"{self.concern_id}/{self.pk}"

    @classmethod
    def own_to(cls, user):
        return user.own_scope(cls).q(cls) & Q(concern__raised_by=user)


class ConcernNaming(CommunityRecord):
    """A person whom the child supervisor lets see one concern, until it goes elsewhere or the naming is ended."""

    confidential = True

    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, related_name="namings", editable=False, verbose_name=_("concern")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("named by")
    )
    named_at = models.DateTimeField(_("named"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "concern", "community", "district", "user", "named_by", "named_at", "ended_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("person named for a concern")
        verbose_name_plural = _("persons named for concerns")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["concern", "user"],
                condition=Q(ended_at=None),
                name="a_person_is_named_once_for_a_concern",
                violation_error_message=_("This person is already named."),
            ),
        ]

    def __str__(self):
        return f"{self.concern_id}/{self.user_id}"

    def end(self, *, by):
        with transaction.atomic():
            stored = stored_for_update(self)
            if stored.ended_at is not None:
                raise Refused(gettext("This person is no longer named."))
            stored.ended_at = timezone.now()
            stored.save(update_fields=["ended_at"])
            log_act(by, "ended a naming for the concern", stored.concern, user=stored.user_id, naming=stored)
