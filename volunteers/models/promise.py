import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models.pairing import Pairing

LONGEST = 200
OPEN_AT_MOST = 20


class PromiseQuerySet(ScopedQuerySet):
    def still_open(self):
        return self.filter(kept_on=None, given_up_on=None)


class Promise(CommunityRecord):
    """What a helper promised a child, and by when. It stays open until it is kept or given up with a reason."""

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="promises", verbose_name=_("pairing"))
    text = SecretField(_("what was promised"), blank=True, max_length=LONGEST)
    promised_on = models.DateField(_("promised on"), default=timezone.localdate)
    due_on = models.DateField(_("by"))
    kept_on = models.DateField(_("kept on"), null=True, editable=False)
    given_up_on = models.DateField(_("given up on"), null=True, editable=False)
    why = SecretField(_("why it was given up"), blank=True, max_length=LONGEST, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("noted by")
    )

    personal = {"text": CARE, "why": CARE}
    not_personal = [
        *["id", "pairing", "community", "district", "promised_on", "due_on", "kept_on", "given_up_on", "noted_by"],
    ]

    objects = PromiseQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [models.Index(fields=["pairing", "due_on", "id"], name="promises_of_a_pairing")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kept_on=None) | Q(given_up_on=None),
                name="promise_is_kept_or_given_up",
                violation_error_message=_("A promise is kept or given up, not both."),
            ),
        ]

    def __str__(self):
        return gettext("Promise %(number)s") % {"number": self.pk}

    @property
    def is_open(self):
        return self.kept_on is None and self.given_up_on is None

    @property
    def is_late(self):
        return self.is_open and self.due_on < timezone.localdate()

    @classmethod
    @transaction.atomic
    def give(cls, pairing, *, text, due_on, by):
        """Note what was promised, while the pairing holds."""
        stored = stored_for_update(pairing)
        if stored.status not in Pairing.HOLDING:
            raise Refused(gettext("Promises are noted while the pairing is in force."))
        today = timezone.localdate()
        if not today <= due_on <= today + dt.timedelta(days=366):
            raise Refused(gettext("Choose a day from today to a year from now."))
        if stored.promises.still_open().count() >= OPEN_AT_MOST:
            raise Refused(gettext("So many promises are open already. Keep or give up one of them first."))
        promise = cls.objects.create(
            pairing=stored, text=text, due_on=due_on, community_id=stored.community_id, noted_by=by
        )
        log_act(by, "noted a promise", promise, pairing=stored)
        return promise

    def keep(self, *, by):
        self._settle("kept a promise", by, kept_on=timezone.localdate())

    def give_up(self, *, why, by):
        if not why:
            raise Refused(gettext("Say in a few words why."))
        self._settle("gave up a promise", by, given_up_on=timezone.localdate(), why=why)

    @transaction.atomic
    def _settle(self, verb, by, **stamps):
        from volunteers.models.close_out import CloseOut

        stored_for_update(self.pairing)
        self.refresh_from_db()
        if not self.is_open:
            raise Refused(gettext("This promise is settled already."))
        for name, value in stamps.items():
            setattr(self, name, value)
        self.save(update_fields=list(stamps))
        log_act(by, verb, self, fields=list(stamps))
        CloseOut.recount_of(self.pairing)
