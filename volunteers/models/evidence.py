from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.owned import CommunityRecord
from records.privacy import BASIC
from volunteers.models.requirement import Asked

# A helper signs the pledge and passes the quiz alone; all else is recorded by somebody else.
BY_ONESELF = [Asked.PLEDGE, Asked.TRAINING]
# Record checks have a table of their own.
SHOWN_BY_EVIDENCE = [(value, label) for value, label in Asked.choices if value != Asked.RECORD_CHECK]


class Evidence(CommunityRecord):
    """That a helper met something asked, did not, or need not and why. Added, never changed: the latest decides."""

    class Result(models.TextChoices):
        MET = "met", pgettext_lazy("asked of a helper", "met")
        NOT_MET = "not_met", pgettext_lazy("asked of a helper", "not met")
        EXEMPT = "exempt", pgettext_lazy("asked of a helper", "exempted")

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="evidence", verbose_name=_("helper")
    )
    of_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    what = models.CharField(_("for what"), max_length=20, choices=SHOWN_BY_EVIDENCE)
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.MET)
    done_on = models.DateField(_("on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note or reason"), max_length=300, blank=True)
    scan = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("scan or photo"),
    )
    pledge_number = models.PositiveSmallIntegerField(_("version of the pledge"), null=True, editable=False)
    score = models.PositiveSmallIntegerField(_("right answers"), null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    attachments = ["scan"]
    personal = dict.fromkeys(["result", "done_on", "valid_until", "note", "scan", "pledge_number", "score"], BASIC)
    not_personal = ["id", "volunteer", "of_user", "community", "district", "what", "recorded_by", "recorded_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-done_on", "-pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [models.Index(fields=["volunteer", "what", "-done_on", "-id"], name="evidence_of_a_helper")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(what__in=[value for value, _label in SHOWN_BY_EVIDENCE]),
                name="evidence_is_for_something_asked",
                violation_error_message=_("Choose what this is evidence for; record checks have a table of their own."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["met", "not_met", "exempt"]),
                name="evidence_has_a_result_we_know",
                violation_error_message=_("Choose met, not met or exempted."),
            ),
            models.CheckConstraint(
                condition=~Q(result="exempt") | ~Q(note=""),
                name="an_exemption_gives_its_reason",
                violation_error_message=_("Say why this is not asked of this helper."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("done_on")),
                name="evidence_ends_after_it_begins",
                violation_error_message=_("This cannot end before the day it was done."),
            ),
            models.CheckConstraint(
                condition=Q(of_user=None)
                | Q(recorded_by=None)
                | ~Q(of_user=F("recorded_by"))
                | Q(what__in=BY_ONESELF, result="met"),
                name="nobody_records_their_own_evidence",
                violation_error_message=_("Nobody records this about themselves: ask a colleague."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def holds(self):
        return self.result != self.Result.NOT_MET
