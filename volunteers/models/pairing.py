from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Child, Concern, Consent
from children.status import age_on
from communities.owned import CommunityRecord
from records import codes
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import STREET_DIGITS
from records.trail import log_act
from records.versions import Versioned, stored_for_update
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models.duty import Duty
from volunteers.models.pairing_rows import PairingQuerySet
from volunteers.models.volunteer import Volunteer

CODE_LENGTH = 16
SOMETHING_DUE = Q(status="active", next_due_on__isnull=False)
NOTHING_DUE = Q(status="active", next_due_on=None)
HEARD_FROM_AGE = 8  # from then on the law lets a child act for itself in small things


def new_code():
    """What the QR code of a pairing card asks about: nobody can guess it, and it says nothing."""
    return codes.draw(CODE_LENGTH)


class Pairing(Lifecycle, Versioned, CommunityRecord):
    """One helper accompanying one child, long-term, by a card that all have signed."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    HOLDING = [Status.ACTIVE, Status.PAUSED]  # the helper's place and the child's are taken

    class Opinion(models.TextChoices):
        AGREES = "agrees", _("the child would like it")
        CONDITIONS = "conditions", _("the child would like it, with wishes")
        TOO_YOUNG = "too_young", _("too young to say: how the child took to the helper")
        AGAINST = "against", _("the child does not want it")

    class EndReason(models.TextChoices):
        CHILD_MOVED = "child_moved", _("child moved away")
        PARENT_RETURNED = "parent_returned", _("parents returned")
        HELPER_LEFT = "helper_left", _("helper cannot go on")
        FAMILY_WISH = "family_wish", _("family wished so")
        CHECK = "check", _("record check")
        OTHER = "other", _("other reason")

    TRANSITIONS = {
        Status.PROPOSED: {Status.AGREED, Status.ENDED},
        Status.AGREED: {Status.ACTIVE, Status.ENDED},
        Status.ACTIVE: {Status.PAUSED, Status.ENDED},
        Status.PAUSED: {Status.ACTIVE, Status.ENDED},
        Status.ENDED: set(),
    }

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="pairings", verbose_name=_("child")
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="pairings", verbose_name=_("helper")
    )
    kind = models.CharField(_("as"), max_length=20, choices=HelperKind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED, editable=False)
    proposed_on = models.DateField(_("proposed on"), default=timezone.localdate, editable=False)
    guardian_agreed_on = models.DateField(_("guardian agreed on"), null=True, editable=False)
    guardian_agreed = models.CharField(_("guardian who agreed"), max_length=60, blank=True, editable=False)
    child_opinion = models.CharField(
        _("the child's opinion"), max_length=10, choices=Opinion, blank=True, editable=False
    )
    child_words = models.CharField(_("in the child's words"), max_length=300, blank=True, editable=False)
    card_code = models.CharField(_("code of the card"), max_length=16, unique=True, default=new_code, editable=False)
    card_signed_on = models.DateField(_("card signed on"), null=True, blank=True, editable=False)
    starts_on = models.DateField(_("from"), null=True, blank=True, editable=False)
    ends_on = models.DateField(_("last day"), null=True, blank=True, editable=False)
    end_reason = models.CharField(_("reason for ending"), max_length=20, choices=EndReason, blank=True, editable=False)
    end_note = models.CharField(_("in words"), max_length=200, blank=True, editable=False)
    # What lists sort and filter by, written by `recount_duties` alone: of the newest term the pairing has duties in.
    next_due_on = models.DateField(_("next due"), null=True, editable=False)
    missing = ArrayField(
        models.CharField(max_length=20, choices=DutyKind), verbose_name=_("still to do"), default=list, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    personal = dict.fromkeys(["guardian_agreed", "child_opinion", "child_words", "end_reason", "end_note"], BASIC)
    not_personal = [
        *["id", "child", "volunteer", "community", "district", "kind", "status", "proposed_on"],
        *["guardian_agreed_on", "card_code", "card_signed_on"],
        *["starts_on", "ends_on", "next_due_on", "missing", "created_at", "version"],
    ]
    bookkeeping = ["next_due_on", "missing", "card_code"]
    of_the_office = ["end_reason", "end_note"]

    objects = PairingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-proposed_on", "-pk"]
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        indexes = [
            models.Index(fields=["district", "-proposed_on", "-id"], name="pairing_of_a_district"),
            models.Index(fields=["community", "status", "-id"], name="pairing_of_a_community"),
            models.Index(fields=["community", "-proposed_on", "-id"], name="pairing_of_a_community_list"),
            models.Index(
                fields=["district", "next_due_on", "id"],
                condition=SOMETHING_DUE,
                name="pairing_with_something_due",
            ),
            models.Index(
                fields=["district", "kind", "next_due_on", "id"],
                condition=SOMETHING_DUE,
                name="pairing_of_a_kind_due",
            ),
            models.Index(
                fields=["community", "next_due_on", "id"],
                condition=SOMETHING_DUE,
                name="pairing_of_a_community_due",
            ),
            models.Index(
                Left("community_id", STREET_DIGITS),
                "next_due_on",
                "id",
                condition=SOMETHING_DUE,
                name="pairing_of_a_street_due",
            ),
            models.Index(fields=["district", "id"], condition=NOTHING_DUE, name="pairing_with_nothing_due"),
            models.Index(fields=["community", "id"], condition=NOTHING_DUE, name="pairing_of_a_community_done"),
            models.Index(
                Left("community_id", STREET_DIGITS), "id", condition=NOTHING_DUE, name="pairing_of_a_street_done"
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(status__in=["active", "paused"]),
                name="one_active_pairing_of_a_kind_per_child",
                violation_error_message=_("This child already has such a helper."),
            ),
            models.UniqueConstraint(
                fields=["child", "volunteer", "kind"],
                condition=~Q(status="ended"),
                name="one_open_pairing_per_child_helper_and_kind",
                violation_error_message=_("This pairing is already on the list."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "paused"])
                | Q(card_signed_on__isnull=False, starts_on__isnull=False),
                name="active_pairing_has_a_signed_card_and_a_first_day",
                violation_error_message=_("A pairing becomes active with a signed card and a first day."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "ended"])
                | (Q(guardian_agreed_on__isnull=False, child_opinion__gt="") & ~Q(child_opinion="against")),
                name="pairing_is_agreed_after_guardian_and_child_were_heard",
                violation_error_message=_("Record the guardian's consent and what the child says first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pairing_ends_after_it_starts",
                violation_error_message=_("A pairing cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(status="active") | Q(next_due_on=None, missing=[]),
                name="only_an_active_pairing_owes_something",
                violation_error_message=_("Only an active pairing owes something."),
            ),
        ]

    def __str__(self):
        return gettext("Pairing %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def propose(cls, *, child, volunteer, kind, by):
        """Suggest that `volunteer` accompanies `child`."""
        from volunteers.matching.refusing import refuse_barred

        helper = volunteer.locked()
        refuse_barred(child, helper, kind)
        open_ones = cls.objects.filter(child=child, kind=kind).exclude(status=cls.Status.ENDED)
        if open_ones.filter(volunteer=helper).exists():
            raise Refused(gettext("This pairing is already on the list."))
        pairing = cls.objects.create(child=child, volunteer=helper, kind=kind, community_id=child.community_id)
        log_act(by, "proposed", pairing, child=child, volunteer=helper)
        return pairing

    @transaction.atomic
    def hear(self, *, guardian, opinion, words="", guardian_agreed_on=None, by):
        """Record the guardian's consent and what the child says of this helper, in a way that fits the child's age."""
        stored = stored_for_update(self)
        today = timezone.localdate()
        agreed_on = guardian_agreed_on or today
        if stored.status != self.Status.PROPOSED:
            raise Refused(gettext("Guardian and child are heard before the card is signed."))
        if agreed_on > today:
            raise Refused(gettext("The guardian cannot have agreed in the future."))
        refuse_unless_child_is_heard(stored.child, opinion, words)
        self.guardian_agreed, self.guardian_agreed_on = guardian, agreed_on
        self.child_opinion, self.child_words = opinion, words
        heard = ["guardian_agreed", "guardian_agreed_on", "child_opinion", "child_words"]
        self.save(update_fields=heard)
        log_act(by, "heard guardian and child", self, fields=heard)

    @transaction.atomic
    def agree(self, *, card_signed_on=None, by):
        """Helper, guardian and child have signed the pairing card."""
        self._locked_and_allowed()
        stored = stored_for_update(self)
        if not stored.guardian_agreed_on:
            raise Refused(gettext("Record the guardian's consent and what the child says first."))
        if stored.child_opinion == self.Opinion.AGAINST:
            raise Refused(gettext("The child does not want this helper: the pairing cannot go on."))
        signed = card_signed_on or timezone.localdate()
        if signed > timezone.localdate():
            raise Refused(gettext("The card cannot have been signed in the future."))
        self._become(self.Status.AGREED, by=by, verb="agreed", card_signed_on=signed)

    @transaction.atomic
    def activate(self, *, starts_on=None, ends_on=None, by):
        """Let the helper begin. Places are counted under the helper's lock, so that the last one is given once."""
        from volunteers import terms

        child, helper = self._locked_and_allowed()
        if not child.consents.in_force().filter(purpose=Consent.Purpose.SHARING).exists():
            raise Refused(gettext("The guardian has not yet agreed that the helper is told what is needed."))
        stored = stored_for_update(self)
        if stored.status == self.Status.PAUSED:
            raise Refused(gettext("This pairing is paused: let it go on again."))
        active = Pairing.objects.filter(status__in=self.HOLDING)
        if active.filter(child=child, kind=self.kind).exclude(pk=self.pk).exists():
            raise Refused(gettext("This child already has such a helper."))
        others = active.filter(volunteer=helper).exclude(child=child).values("child").distinct().count()
        if others >= helper.capacity:
            raise Refused(gettext("This helper accompanies as many children as agreed. Ask before adding one more."))
        first = starts_on or timezone.localdate()
        if stored.card_signed_on is not None and first < stored.card_signed_on:
            raise Refused(gettext("A pairing begins once its card is signed, on that day or later."))
        if ends_on is not None and ends_on < first:
            raise Refused(gettext("A pairing cannot end before it starts."))
        self._become(self.Status.ACTIVE, by=by, verb="began", starts_on=first, ends_on=ends_on)
        terms.open_duties_of(self)

    @transaction.atomic
    def pause(self, *, reason, note="", until=None, by):
        """Let it rest: the helper sees nothing of the child and owes nothing, and keeps the place."""
        from volunteers.models.pause import Pause

        Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=self.volunteer_id)
        today = timezone.localdate()
        if reason == Pause.Reason.OTHER and not note:
            raise Refused(gettext("Please write the reason in words."))
        if until is not None and until <= today:
            raise Refused(gettext("The day on which it goes on must lie ahead."))
        self._become(self.Status.PAUSED, by=by, verb="paused", next_due_on=None, missing=[])
        Pause.begin(self, reason=reason, note=note, until=until, by=by)

    @transaction.atomic
    def resume(self, *, pause=None, by):
        """Let it go on, out of this `pause` alone where one is named: what was owed has as many days more."""
        from volunteers import terms

        child, _helper = self._locked_and_allowed()
        stored = stored_for_update(self)
        running = self.pauses.filter(resumed_on=None).first()
        if stored.status != self.Status.PAUSED or running is None or pause not in (None, running):
            raise Refused(gettext("This pairing is not paused."))
        if not child.consents.in_force().filter(purpose=Consent.Purpose.SHARING).exists():
            raise Refused(gettext("The guardian has not yet agreed that the helper is told what is needed."))
        if stored.ends_on is not None and stored.ends_on < timezone.localdate():
            raise Refused(gettext("The last day of this pairing is over."))
        self._become(self.Status.ACTIVE, by=by, verb="went on")
        terms.open_duties_of(self)
        running.close()
        self.recount_duties()

    def _locked_and_allowed(self):
        """(child, helper) as stored now, and no bar between them. Child, helper, pairing: the order in which every act
        that needs them takes their locks."""
        from volunteers.matching.refusing import refuse_barred

        child = Child.objects.select_for_update(of=("self",), no_key=True).get(pk=self.child_id)
        helper = self.volunteer.locked()
        refuse_barred(child, helper, self.kind)
        return child, helper

    @transaction.atomic
    def end(self, *, reason=EndReason.OTHER, note="", seen=None, by):
        """End it today, or on the last day that had come before: the helper sees nothing of the child from now on, what
        was not yet due on that day is no longer owed. What ends before its first day has none: it never began.

        `seen`: the keys of the open concerns of this child that the person has looked at, where a person ends it."""
        if seen is not None:
            self._refuse_unseen(seen, by)
        helper, today = self.volunteer.locked(), timezone.localdate()
        stored = Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        starts = stored.starts_on if stored.starts_on and stored.starts_on <= today else None
        ends = max(starts, min(filter(None, [stored.ends_on, helper.left_on, today]))) if starts else today
        self._become(
            self.Status.ENDED,
            by=by,
            verb="ended",
            **{"starts_on": starts, "ends_on": ends, "end_reason": reason, "end_note": note},
            **{"next_due_on": None, "missing": []},
        )
        self.pauses.filter(resumed_on=None).update(resumed_on=today)
        no_longer_owed = self.duties.unsettled().filter(due_on__gte=ends)
        no_longer_owed.update(excused_on=ends, excuse=Duty.Excuse.PAIRING_ENDED, excused_by=by)
        self._leave_in_good_order(today)

    def _leave_in_good_order(self, today):
        """Nobody stands in any more, and what began is closed out."""
        from volunteers.models.close_out import CloseOut

        self.deputies.filter(ended_on=None).update(ended_on=today)
        if self.starts_on is not None:
            CloseOut.of(self).recount()

    def _refuse_unseen(self, seen, by):
        """Who may not see concerns is told the same whether there is one or not."""
        if not by.has_perm("children.view_concern"):
            raise Refused(gettext("A pairing is ended by somebody who follows up what is open about the child."))
        # This lock waits for a concern that is being raised, and lets none be raised until the end is written.
        Child.objects.select_for_update(of=("self",)).get(pk=self.child_id)
        still_open = Concern.objects.filter(child=self.child_id).exclude(status=Concern.Status.CLOSED)
        if still_open.exclude(pk__in=seen).exists():
            raise Refused(gettext("A concern about this child is still open. Look at it and confirm that you have."))

    def recount_duties(self):
        """Set `next_due_on` and `missing` anew from the duties on file; the caller holds this pairing's lock."""
        self.next_due_on, self.missing = self.counted_duties()
        Pairing.objects.filter(pk=self.pk).update(next_due_on=self.next_due_on, missing=self.missing)

    @classmethod
    def recount_all(cls, pairings, duties):
        """`recount_duties` for several at once; the caller holds their locks and all their `duties`, each with its
        term."""
        for pairing in pairings:
            own = [duty for duty in duties if duty.pairing_id == pairing.pk]
            pairing.next_due_on, pairing.missing = pairing.counted_duties(own)
        cls.objects.bulk_update(pairings, ["next_due_on", "missing"])

    def counted_duties(self, duties=None):
        """(earliest day, kinds) of what is open in the newest term with duties; (None, []) unless active."""
        if self.status != self.Status.ACTIVE:
            return None, []
        duties = list(self.duties.select_related("term")) if duties is None else duties
        newest = max((d.term.starts_on for d in duties), default=None)
        still_open = [d for d in duties if d.term.starts_on == newest and not d.is_settled]
        kinds = {d.kind for d in still_open}
        return min((d.due_on for d in still_open), default=None), [k for k in DutyKind.values if k in kinds]

    @property
    def missing_words(self):
        return [DutyKind(kind).label for kind in self.missing]


def refuse_unless_child_is_heard(child, opinion, words):
    """What the child says is asked in a way that fits its age, and written down."""
    years = age_on(child.birth_date, timezone.localdate())
    if opinion == Pairing.Opinion.TOO_YOUNG and years >= HEARD_FROM_AGE:
        raise Refused(gettext("From the age of %(age)s the child is asked.") % {"age": HEARD_FROM_AGE})
    if opinion != Pairing.Opinion.AGREES and not words:
        raise Refused(gettext("Please write what the child said, or how the child took to the helper."))
