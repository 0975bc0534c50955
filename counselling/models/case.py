"""A counselling case in two rows: what staff may know of it, and its words, which reach the counsellor alone."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from children.models import Referral
from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.versions import Versioned

READABLE_DAYS = 3 * 365  # the own notes, after the last day of the referral


class CaseQuerySet(ScopedQuerySet):
    def told_to(self, user):
        """Cases whose words this person reads: the own, and those admitted to while the counsellor has the child."""
        today = timezone.localdate()
        referred = Referral.objects.filter(child=OuterRef("child"), counsellor=OuterRef("counsellor"))
        own = Q(counsellor=user) & Exists(_not_before(referred, today - dt.timedelta(days=READABLE_DAYS)))
        admitted = Admission.objects.in_force().filter(case=OuterRef("pk"), counsellor=user)
        others = Exists(admitted) & Exists(_not_before(referred, today))
        return self.filter(user.own_scope(self.model).q(self.model)).filter(own | others)

    def kept_by(self, user):
        """The cases this counsellor keeps, where posted today: what is open can be closed, however long ago the
        referral ended."""
        return self.filter(user.own_scope(self.model).q(self.model), counsellor=user)

    def open_to(self, user):
        """Own cases in which something can be written: the child is referred to this counsellor today."""
        referred = Referral.objects.current().filter(child=OuterRef("child"), counsellor=user)
        return self.kept_by(user).filter(Exists(referred))

    def referred_within(self, start, end):
        """Cases open on some day from `start` to `end` on which the child was referred to their counsellor: with the
        last day of the referral a case ends, closed or not."""
        referred = Referral.objects.filter(child=OuterRef("child"), counsellor=OuterRef("counsellor"))
        last = Least(Value(end), OuterRef("closed_on"))  # PostgreSQL's LEAST passes over what is null
        lasts = Q(ends_on=None) | Q(ends_on__gte=Greatest(Value(start), OuterRef("opened_on")))
        open_then = Q(closed_on=None) | Q(closed_on__gte=start)
        return self.filter(open_then, Exists(referred.filter(lasts, starts_on__lte=last)), opened_on__lte=end)


def _not_before(referrals, day):
    return referrals.filter(starts_on__lte=timezone.localdate()).filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Case(Lifecycle, CommunityRecord):
    """That a child is in counselling, with whom and since when. Nothing said in it."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("counselling case", "open")
        CLOSED = "closed", _("closed")

    TRANSITIONS = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: {Status.OPEN}}

    child = models.ForeignKey(
        "children.Child",
        on_delete=models.PROTECT,
        related_name="counselling_cases",
        editable=False,
        verbose_name=_("child"),
    )
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("counsellor"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    opened_on = models.DateField(
        pgettext_lazy("counselling case", "opened on"), default=timezone.localdate, editable=False
    )
    closed_on = models.DateField(_("closed on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "child", "counsellor", "community", "district", "status", "opened_on", "closed_on"],
    ]

    objects = CaseQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-opened_on", "-pk"]
        verbose_name = _("counselling case")
        verbose_name_plural = _("counselling cases")
        indexes = [models.Index(fields=["counsellor", "status"], name="cases_of_a_counsellor")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "counsellor"],
                condition=Q(status="open"),
                name="one_open_case_per_child_and_counsellor",
                violation_error_message=_("There is already an open case for this child."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None) | Q(status="closed", closed_on__gte=F("opened_on")),
                name="closed_case_has_its_day",
                violation_error_message=_("A closed case carries the day."),
            ),
        ]

    def __str__(self):
        return _("Case %(number)s") % {"number": self.number}

    def get_absolute_url(self):
        return reverse("counselling:case", args=[self.pk])

    @property
    def number(self):
        return f"{self.opened_on.year}-{self.pk:04}"

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @classmethod
    def own_to(cls, user):
        return Q(pk__in=cls.objects.told_to(user).values("pk"))

    def close(self, *, by):
        self._become(self.Status.CLOSED, by=by, verb="closed the case", closed_on=timezone.localdate())

    def reopen(self, *, by):
        self._become(self.Status.OPEN, by=by, verb="opened the case again", closed_on=None)


class CaseWords(Versioned, CommunityRecord):
    """Why the child comes and what for. Reached only through `own_to`; in no copy that staff make."""

    confidential = True

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="words", editable=False, verbose_name=_("case")
    )
    complaint = SecretField(_("presenting complaint"), blank=True)
    aim = SecretField(_("aim of the counselling"), blank=True)

    personal = {"complaint": CARE, "aim": CARE}
    not_personal = ["case", "community", "district", "version"]

    class Meta(CommunityRecord.Meta):
        verbose_name = _("notes on a case")
        verbose_name_plural = _("notes on cases")

    def __str__(self):
        return str(self.pk)

    @classmethod
    def own_to(cls, user):
        return Q(case__in=Case.objects.told_to(user).values("pk"))


class AdmissionQuerySet(ScopedQuerySet):
    def in_force(self):
        today = timezone.localdate()
        return self.filter(Q(revoked_at=None), Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))


class Admission(CommunityRecord):
    """Another counsellor may read one case, from one day to another, until it is taken back."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="admissions", editable=False, verbose_name=_("case")
    )
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("admitted counsellor")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    confidential = True
    personal: dict[str, str] = {}
    not_personal = ["id", "case", "counsellor", "community", "district", "starts_on", "ends_on", "revoked_at"]

    objects = AdmissionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("admission to a case")
        verbose_name_plural = _("admissions to cases")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "counsellor"],
                condition=Q(revoked_at=None),
                name="one_admission_per_case_and_counsellor",
                violation_error_message=_("This counsellor is already admitted to the case."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="admission_ends_after_it_starts",
                violation_error_message=_("An admission cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.case_id}/{self.counsellor_id}"

    @classmethod
    def own_to(cls, user):
        """The counsellor of the case alone: who else reads along is no matter of those admitted."""
        return Q(case__in=Case.objects.told_to(user).filter(counsellor=user).values("pk"))
