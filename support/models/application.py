import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet
from records.versions import Versioned
from support.rules import Rules


def person(words, **details):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=words,
        **details,
    )


class ApplicationQuerySet(ScopedQuerySet):
    def running(self):
        return self.filter(status__in=Application.RUNNING)

    def waiting_for_school(self):
        return self.filter(
            status__in=Application.WITH_THE_COMMUNITY + (Application.Status.SUBMITTED,),
            rules__needs_school_review=True,
            school_reviewed_on=None,
        )

    def waiting_for_street(self):
        return self.filter(status=Application.Status.SUBMITTED).filter(
            Q(rules__needs_school_review=False) | Q(school_reviewed_on__isnull=False)
        )

    def waiting_for_notice(self):
        return self.filter(status=Application.Status.CHECKED, rules__notice_days__gt=0)

    def on_notice(self):
        """Whether or not its last day is over: until somebody decides, or takes it down."""
        return self.filter(status=Application.Status.ON_NOTICE)

    def on_notice_on(self, day):
        return self.on_notice().filter(notice_until__gte=day)

    def ready_to_decide_on(self, day):
        """The notice has stood for its days, or none is asked for."""
        noticed = Q(status=Application.Status.ON_NOTICE, notice_until__lt=day)
        return self.filter(noticed | Q(status=Application.Status.CHECKED, rules__notice_days=0))


class Application(Lifecycle, Versioned, CommunityRecord):
    """One child's application for one kind of support, under the rules that held when it was prepared."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        SUBMITTED = "submitted", _("with the street office")
        RETURNED = "returned", _("returned to the community")
        CHECKED = "checked", _("checked by the street office")
        ON_NOTICE = "on_notice", _("on public notice")
        APPROVED = "approved", _("approved by the federation")
        DECLINED = "declined", _("declined by the federation")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    WITH_THE_COMMUNITY = (Status.DRAFT, Status.RETURNED)
    RUNNING = (*WITH_THE_COMMUNITY, Status.SUBMITTED, Status.CHECKED, Status.ON_NOTICE)
    TRANSITIONS = {
        Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.RETURNED: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.RETURNED, Status.CHECKED, Status.WITHDRAWN},
        Status.CHECKED: {Status.RETURNED, Status.ON_NOTICE, Status.APPROVED, Status.DECLINED, Status.WITHDRAWN},
        Status.ON_NOTICE: {Status.RETURNED, Status.CHECKED, Status.APPROVED, Status.DECLINED, Status.WITHDRAWN},
        Status.APPROVED: set(),
        Status.DECLINED: set(),
        Status.WITHDRAWN: set(),
    }

    class ReasonGroup(models.TextChoices):
        HARDSHIP = "hardship", _("family in hardship")
        ILLNESS = "illness", _("illness or disability")
        CARE = "care", _("lack of parental care")

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="applications", editable=False, verbose_name=_("child")
    )
    kind = models.ForeignKey(
        "support.AidKind",
        on_delete=models.PROTECT,
        related_name="applications",
        editable=False,
        verbose_name=_("kind of support"),
    )
    rules = models.JSONField(editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    reason_group = models.CharField(
        _("reason in one word, for the public notice"), max_length=10, choices=ReasonGroup, blank=True
    )
    reason = models.TextField(
        _("reason"),
        blank=True,
        max_length=1000,
        help_text=_("The federation reads this. Do not name the child, the family, the school or the address."),
    )
    amount = models.DecimalField(
        _("amount applied for, in yuan"), max_digits=9, decimal_places=2, validators=[MinValueValidator(1)]
    )
    papers_seen = ArrayField(models.CharField(max_length=1000), verbose_name=_("papers seen"), default=list, blank=True)
    prepared_by = person(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now, editable=False)
    submitted_by = person(_("submitted by"), null=True)
    submitted_at = models.DateTimeField(_("first submitted"), null=True, editable=False)

    school_teacher = models.CharField(_("name of the teacher"), max_length=60, blank=True, editable=False)
    school_reviewed_on = models.DateField(_("day of the school's opinion"), null=True, editable=False)
    school_opinion = models.TextField(_("opinion of the school"), blank=True, max_length=1000, editable=False)
    school_scan = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("stamped sheet of the school"),
    )

    checked_by = person(_("checked by"), null=True)
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    remark = models.TextField(_("remark of the street office"), blank=True, max_length=1000, editable=False)
    notice_from = models.DateField(_("on public notice from"), null=True, editable=False)
    notice_until = models.DateField(_("last day of the public notice"), null=True, editable=False)
    taken_down_on = models.DateField(_("public notice taken down on"), null=True, editable=False)
    decided_by = person(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_reason = models.TextField(_("reason of the decision"), blank=True, max_length=1000, editable=False)
    granted = models.DecimalField(_("amount granted"), max_digits=9, decimal_places=2, null=True, editable=False)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=200, blank=True, editable=False)

    attachments = ["school_scan"]
    personal = {
        **dict.fromkeys(["reason", "reason_group", "remark", "decision_reason", "withdrawn_why"], CARE),
        **dict.fromkeys(["school_teacher", "school_opinion", "school_scan", "papers_seen"], BASIC),
    }
    not_personal = [
        *["id", "child", "community", "district", "version", "kind", "rules", "status", "amount", "granted"],
        *["prepared_by", "prepared_at", "submitted_by", "submitted_at", "school_reviewed_on", "checked_by"],
        *["checked_at", "notice_from", "notice_until", "taken_down_on", "decided_by", "decided_at"],
    ]
    of_the_office = ["remark"]

    objects = ApplicationQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-prepared_at", "-pk"]
        verbose_name = _("application for support")
        verbose_name_plural = _("applications for support")
        indexes = [
            models.Index(fields=["district", "status", "-prepared_at", "-id"], name="applications_by_status"),
            models.Index(fields=["child", "-prepared_at"], name="applications_of_a_child"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(status__in=["draft", "returned", "submitted", "checked", "on_notice"]),
                name="one_running_application_per_child_and_kind",
                violation_error_message=_("An application of this kind is already under way for this child."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & (Q(granted=None) | Q(granted__gt=0)),
                name="application_is_for_an_amount",
                violation_error_message=_("The amount is above nought."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_by__isnull=False),
                name="application_that_is_no_draft_was_submitted",
                violation_error_message=_("An application that is no draft was submitted."),
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("submitted_by")),
                name="who_submits_an_application_does_not_check_it",
                violation_error_message=_("Who submitted an application cannot check it: another person must."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("submitted_by")) & ~Q(decided_by=F("checked_by"))),
                name="who_submits_or_checks_an_application_does_not_decide_it",
                violation_error_message=_("Who submitted or checked an application cannot decide it."),
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(decided_by__isnull=False, granted__isnull=False),
                name="approved_application_has_its_amount",
                violation_error_message=_("An approved application carries the amount granted."),
            ),
            models.CheckConstraint(
                condition=~Q(status="on_notice") | Q(notice_from__isnull=False, notice_until__gte=F("notice_from")),
                name="public_notice_has_its_days",
                violation_error_message=_("A public notice has a first and a last day."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("support:application", args=[self.pk])

    @property
    def made_under(self):
        return Rules.from_json(self.rules)

    @property
    def is_with_the_community(self):
        return self.status in self.WITH_THE_COMMUNITY

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def notice_has_run(self):
        return bool(self.notice_until) and self.notice_until < timezone.localdate()

    def note_submitted(self, *, by):
        self._become(
            self.Status.SUBMITTED,
            by=by,
            verb="submitted the application",
            submitted_by=by,
            submitted_at=self.submitted_at or timezone.now(),
            checked_by=None,
            checked_at=None,
            remark="",
        )

    def note_returned(self, *, remark, by):
        stamps = {"remark": remark, "notice_from": None, "notice_until": None}
        self._become(self.Status.RETURNED, by=by, verb="returned the application", **stamps)

    def note_checked(self, *, by):
        self._become(
            self.Status.CHECKED, by=by, verb="checked the application", checked_by=by, checked_at=timezone.now()
        )

    def note_on_notice(self, *, first, by):
        last = first + dt.timedelta(days=self.made_under.notice_days - 1)
        stamps = {"notice_from": first, "notice_until": last, "taken_down_on": None}
        self._become(self.Status.ON_NOTICE, by=by, verb="posted the public notice", **stamps)

    def note_taken_down(self, *, by):
        stamps = {"notice_from": None, "notice_until": None, "taken_down_on": timezone.localdate()}
        self._become(self.Status.CHECKED, by=by, verb="took the public notice down", **stamps)

    def note_decided(self, new, *, verb, by, **stamps):
        self._become(new, by=by, verb=verb, decided_by=by, decided_at=timezone.now(), **stamps)

    def note_withdrawn(self, *, why, by):
        self._become(self.Status.WITHDRAWN, by=by, verb="withdrew the application", withdrawn_why=why)


class Objection(CommunityRecord):
    """What somebody said against a public notice, and what was found."""

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        related_name="objections",
        editable=False,
        verbose_name=_("application"),
    )
    text = models.CharField(_("what was said"), max_length=500)
    noted_on = models.DateField(_("day"), default=timezone.localdate, editable=False)
    noted_by = person(_("noted by"))
    answer = models.CharField(_("what was found"), max_length=500, blank=True)
    answered_on = models.DateField(_("settled on"), null=True, editable=False)
    answered_by = person(_("settled by"), null=True)

    personal = {"text": CARE, "answer": CARE}
    not_personal = [
        *["id", "application", "community", "district", "noted_on", "noted_by", "answered_on", "answered_by"]
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["noted_on", "pk"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self):
        return f"{self.application_id}/{self.pk}"
