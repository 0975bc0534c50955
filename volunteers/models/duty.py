from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.erasing import said
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from volunteers.kinds import DutyKind, Proof

NO_EXCUSE = {"excused_on": None, "excuse": "", "excuse_note": "", "excused_by": None}

STILL_OPEN = Q(done_on=None, excused_on=None)


class DutyQuerySet(ScopedQuerySet):
    def unsettled(self):
        return self.filter(STILL_OPEN)

    def with_rest(self):
        """Each with `rests`: excused only for a pause that has not ended, in which a deputy may do it."""
        from volunteers.models.pause import Pause

        pause = Pause.objects.filter(pairing=OuterRef("pairing"), resumed_on=None, starts_on=OuterRef("excused_on"))
        return self.annotate(rests=Q(Exists(pause), excuse=Duty.Excuse.PAUSED))

    def done_by(self, day):
        return self.filter(done_on__lte=day)

    def owed_by(self, day):
        """Not excused on `day`."""
        return self.filter(Q(excused_on=None) | Q(excused_on__gt=day))

    def overdue_on(self, day):
        """Past their last day on `day`, neither done nor excused by then."""
        return self.owed_by(day).filter(Q(done_on=None) | Q(done_on__gt=day), due_on__lt=day)

    def in_term_on(self, day):
        """Of the term that `day` falls in."""
        return self.filter(term__starts_on__lte=day, term__ends_on__gte=day)


class Duty(CommunityRecord):
    """One of the five ones, owed by a pairing in a term. Facts are stored; the status is what they say on a day."""

    class Status(models.TextChoices):
        DONE = "done", _("done")
        EXCUSED = "excused", _("excused")
        OVERDUE = "overdue", _("overdue")
        DUE = "due", _("due")
        LATER = "later", _("later")

    class Excuse(models.TextChoices):
        CHILD_AWAY = "child_away", _("child was away")
        HELPER_ILL = "helper_ill", _("helper was ill")
        FAMILY_WISH = "family_wish", _("family wished so")
        PAUSED = "paused", _("pairing was paused")
        PAIRING_ENDED = "pairing_ended", _("pairing ended")
        OTHER = "other", _("other reason")

    pairing = models.ForeignKey(
        "volunteers.Pairing", on_delete=models.PROTECT, related_name="duties", verbose_name=_("pairing")
    )
    term = models.ForeignKey("communities.Term", on_delete=models.PROTECT, related_name="+", verbose_name=_("term"))
    kind = models.CharField(_("duty"), max_length=20, choices=DutyKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    opens_on = models.DateField(_("from"))
    due_on = models.DateField(_("due on"))
    evidence = models.CharField(_("evidence"), max_length=10, choices=Proof, default=Proof.ALLOWED)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    excused_on = models.DateField(_("excused on"), null=True, editable=False)
    excuse = models.CharField(_("reason"), max_length=20, choices=Excuse, blank=True, editable=False)
    excuse_note = models.CharField(_("in words"), max_length=200, blank=True, editable=False)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("excused by"),
    )

    personal = {"excuse": BASIC, "excuse_note": BASIC}
    erased = {"excuse": said("excuse", instead="other")}
    not_personal = [
        *["id", "pairing", "term", "community", "district", "kind", "number", "opens_on", "due_on"],
        "evidence",
        *["done_on", "excused_on", "excused_by"],
    ]
    of_the_office = ["excuse", "excuse_note"]

    objects = DutyQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("the five ones")
        indexes = [
            models.Index(fields=["district", "due_on", "id"], condition=STILL_OPEN, name="duty_still_open"),
            models.Index(  # with what a count of the overdue ones asks of each
                fields=["community", "due_on", "id"],
                include=["district", "pairing"],
                condition=STILL_OPEN,
                name="duty_of_a_community_open",
            ),
            models.Index(fields=["district", "term", "due_on", "id"], name="duty_of_a_term"),
            models.Index(fields=["district", "term", "pairing"], name="duty_of_a_term_by_pairing"),
            models.Index(fields=["community", "term", "pairing"], name="duty_of_a_community_by_pairing"),
            models.Index(fields=["district", "term", "pairing"], condition=STILL_OPEN, name="duty_left_open"),
            models.Index(
                fields=["community", "term", "pairing"], condition=STILL_OPEN, name="duty_of_a_community_left_open"
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["pairing", "term", "kind", "number"],
                name="one_duty_per_pairing_term_kind_and_number",
                violation_error_message=_("This duty is already there."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")),
                name="duty_is_due_after_it_opens",
                violation_error_message=_("A duty cannot be due before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(excused_on=None),
                name="duty_is_done_or_excused_not_both",
                violation_error_message=_("What is done needs no excuse."),
            ),
            models.CheckConstraint(
                condition=Q(excused_on=None, excuse="") | Q(excused_on__isnull=False, excuse__gt=""),
                name="duty_is_excused_with_a_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def is_settled(self):
        return self.done_on is not None or self.excused_on is not None

    @property
    def is_excused_by_hand(self):
        """Whether somebody excused it for a reason, and not a pause or the end of the pairing."""
        of_the_pairing = (self.Excuse.PAUSED, self.Excuse.PAIRING_ENDED)
        return self.excused_on is not None and self.excuse not in of_the_pairing

    @property
    def needs_photo(self):
        return self.evidence == Proof.REQUIRED

    def set_done(self, day):
        """Done on `day`, and no longer excused; not saved."""
        self.done_on = day
        for name, value in NO_EXCUSE.items():
            setattr(self, name, value)

    def status_on(self, day):
        if self.excused_on:
            return self.Status.EXCUSED
        if self.done_on:
            return self.Status.DONE
        if self.due_on < day:
            return self.Status.OVERDUE
        return self.Status.DUE if self.opens_on <= day else self.Status.LATER

    @property
    def status(self):
        return self.status_on(timezone.localdate())

    @transaction.atomic
    def forgive(self, *, reason, note="", by):
        """Excuse the helper from this duty, for a reason that others can read."""
        from volunteers.models.pairing import Pairing

        if reason == self.Excuse.OTHER and not note:
            raise Refused(gettext("Please write the reason in words."))
        pairing = Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pairing_id)
        self.refresh_from_db()
        if self.done_on:
            raise Refused(gettext("This is already done and needs no excuse."))
        if self.excused_on:
            raise Refused(gettext("This is already excused."))
        self.excused_on, self.excuse, self.excuse_note = timezone.localdate(), reason, note
        self.excused_by = by
        self.save(update_fields=["excused_on", "excuse", "excuse_note", "excused_by"])
        pairing.recount_duties()
        log_act(by, "excused", self, fields=["excused_on", "excuse", "excuse_note"])
