from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import STAYS
from records.erasing import said
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC, CONTACT
from records.scoping import Record, Scope, ScopedQuerySet
from records.secrets import SecretField

MAY_DECIDE = "children.decide_transfer"


class TransferQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """Both sides see an offer; the side it is made to decides, the side that made it takes it back."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        scope = Scope.of(*user.codes_for(self.model, action))
        coming, going = scope.at("to_community_id"), scope.at("from_community_id")
        return self.filter({"decide": coming, "change": going}.get(action, coming | going))

    def open(self):
        """Waiting for an answer that can still be given today."""
        return self.filter(status=Transfer.Status.OFFERED, expires_on__gte=timezone.localdate())

    def run_out(self):
        """Their last day is over, and nobody has noted yet that they lapsed."""
        return self.filter(status=Transfer.Status.OFFERED, expires_on__lt=timezone.localdate())

    def going(self, user):
        return self.visible_to(user, "change")

    def coming(self, user):
        return self.visible_to(user, "decide")


class Transfer(Lifecycle, Record):
    """One community offers children of a household to another, which accepts or refuses. See `children.transfer`."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("transfer", "taken over")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")
        LAPSED = "lapsed", _("lapsed without an answer")

    class Reason(models.TextChoices):
        MOVED = "moved", _("the family moved there")
        CAREGIVER = "caregiver", _("who looks after the child lives there")
        SCHOOL = "school", _("the child lives there for school")
        BOUNDARY = "boundary", _("the address belongs to that community")
        OTHER = "other", _("another reason, written below")

    TRANSITIONS = {
        Status.OFFERED: {Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN, Status.LAPSED},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
        Status.WITHDRAWN: set(),
        Status.LAPSED: set(),
    }
    community_path = "to_community_id"

    from_community = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("from community"),
    )
    to_community = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("to community"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OFFERED, editable=False)
    reason = models.CharField(_("why"), max_length=10, choices=Reason)
    moves_on = models.DateField(_("day of moving"))
    contact = models.CharField(_("whom to ask"), max_length=100)
    message = SecretField(_("message"), blank=True, max_length=500)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("offered by"),
    )
    offered_at = models.DateTimeField(_("offered"), default=timezone.now, editable=False)
    expires_on = models.DateField(_("lapses after"), editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("answered by"),
    )
    ended_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=200, blank=True, editable=False)

    shared_by = "lines__child"
    on_transfer = STAYS
    personal = {"contact": CONTACT, "message": BASIC, "answer": BASIC}
    erased = {"answer": said("answer")}
    of_the_office = ["contact", "message", "answer"]
    not_personal = [
        *["id", "from_community", "to_community", "status", "reason", "moves_on"],
        *["offered_by", "offered_at", "expires_on", "ended_by", "ended_at"],
    ]

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = [
            models.Index(fields=["from_community", "-id"], name="transfers_going"),
            models.Index(fields=["to_community", "-id"], name="transfers_coming"),
            models.Index(fields=["expires_on"], condition=Q(status="offered"), name="transfers_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_community=F("to_community")),
                name="transfer_leads_to_another_community",
                violation_error_message=_("The file is already in this community."),
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted", ended_by=F("offered_by")),
                name="who_offers_a_file_is_not_who_accepts_it",
                violation_error_message=_("Who offered the file cannot accept it: a colleague there does."),
            ),
            models.CheckConstraint(
                condition=Q(status="offered", ended_at=None) | (~Q(status="offered") & Q(ended_at__isnull=False)),
                name="answered_transfer_has_its_time",
                violation_error_message=_("An answered offer carries the time."),
            ),
            models.CheckConstraint(
                condition=~Q(status="refused", answer=""),
                name="transfer_is_refused_with_a_reason",
                violation_error_message=_("Say why, so that the other side knows what to do."),
            ),
        ]

    def __str__(self):
        return _("Transfer %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("children:transfer", args=[self.pk])

    @property
    def is_open(self):
        return self.status == self.Status.OFFERED and not self._has_run_out

    @property
    def _has_run_out(self):
        return self.expires_on < timezone.localdate()

    @property
    def status_words(self):
        """What it is today, whether or not anybody has noted that it lapsed."""
        lapses = self.status == self.Status.OFFERED and self._has_run_out
        return self.Status.LAPSED.label if lapses else self.get_status_display()

    def note_ended(self, status, *, verb, answer="", by):
        """Part of the acts in `children.transfer`."""
        self._become(status, by=by, verb=verb, ended_by=by, ended_at=timezone.now(), answer=answer)
        if status != self.Status.LAPSED and self._has_run_out:
            day = date_format(self.expires_on)
            raise Refused(gettext("This offer lapsed after %(day)s. A new one must be made.") % {"day": day})
        self.lines.update(is_open=False)


class TransferLineQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        return self.filter(transfer__in=Transfer.objects.visible_to(user, action).values("pk"))


class TransferLine(Record):
    """One child in an offer, with the file's number before and after: all that one side keeps after acceptance."""

    community_path = "transfer__to_community_id"
    on_transfer = STAYS

    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="lines", editable=False, verbose_name=_("transfer")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="transfer_lines", verbose_name=_("child")
    )
    number_before = models.CharField(_("file number before"), max_length=20, editable=False)
    number_after = models.CharField(_("file number after"), max_length=20, blank=True, editable=False)
    is_open = models.BooleanField(default=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "transfer", "child", "number_before", "number_after", "is_open"]

    objects = TransferLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("child in a transfer")
        verbose_name_plural = _("children in transfers")
        indexes = [models.Index(fields=["number_before"], name="file_by_earlier_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(is_open=True),
                name="one_open_transfer_per_child",
                violation_error_message=_("This child is already offered to a community."),
            ),
            models.UniqueConstraint(
                fields=["transfer", "child"],
                name="a_child_stands_once_in_a_transfer",
                violation_error_message=_("This child is already in this offer."),
            ),
        ]

    def __str__(self):
        return self.number_before
