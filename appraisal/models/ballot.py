from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.kinds import Choice, Conflict
from appraisal.models.call import Seat, above, seated
from communities.owned import STAYS
from records.lifecycle import Refused
from records.scoping import Record, ScopedQuerySet
from records.trail import log_act


class BallotQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """One's own; those of others once it is decided, to the committee alone."""
        known = user is not None and user.is_authenticated and user.is_active
        if not known or not (codes := user.codes_for(self.model, action)):
            return self.none()
        own = Q(member=user, call__division__in=above(codes))
        return self.filter(own | (Q(nomination__decided_on__isnull=False) & seated(user, codes)))

    def to_cast(self):
        """Neither a vote nor a conflict of interest yet, though the time for nominations is over."""
        today = timezone.localdate()
        rows = self.filter(nomination__status="proposed", call__status="open", call__nominate_until__lt=today)
        return rows.filter(Q(conflict="") | Q(conflict=Conflict.NONE, choice=""))


class Ballot(Record):
    """What a member of the committee declares and how they vote on one nomination: secret until it is decided."""

    community_path = "division_id"
    on_transfer = STAYS
    confidential = True  # how somebody voted is in no copy of a child's file

    nomination = models.ForeignKey(
        "appraisal.Nomination", on_delete=models.PROTECT, related_name="ballots", verbose_name=_("nomination")
    )
    call = models.ForeignKey("appraisal.Call", on_delete=models.PROTECT, related_name="+", verbose_name=_("call"))
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("seat"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member of the committee")
    )
    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )
    conflict = models.CharField(_("conflict of interest"), max_length=15, choices=Conflict, blank=True)
    conflict_words = models.CharField(_("in words"), max_length=200, blank=True)
    declared_at = models.DateTimeField(_("declared"), null=True)
    choice = models.CharField(_("vote"), max_length=10, choices=Choice, blank=True)
    cast_at = models.DateTimeField(_("voted"), null=True)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "nomination", "call", "seat", "member", "division", "conflict", "conflict_words", "declared_at"],
        *["choice", "cast_at"],
    ]

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["seat_id", "pk"]
        verbose_name = _("vote on a nomination")
        verbose_name_plural = _("votes on nominations")
        indexes = [models.Index(fields=["member", "id"], condition=Q(choice=""), name="votes_not_cast")]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "member"],
                name="one_vote_per_member_and_nomination",
                violation_error_message=_("There is one vote for each member."),
            ),
            models.CheckConstraint(
                condition=Q(choice="", cast_at=None) | Q(conflict="none", choice__gt="", cast_at__isnull=False),
                name="who_declared_a_conflict_has_no_vote",
                violation_error_message=_("Who has a conflict of interest does not vote."),
            ),
            models.CheckConstraint(
                condition=Q(conflict="", declared_at=None) | Q(conflict__gt="", declared_at__isnull=False),
                name="declaration_says_when",
                violation_error_message=_("Say when it was declared."),
            ),
        ]

    def __str__(self):
        return f"{self.nomination_id}/{self.seat_id}"

    @classmethod
    def hand_out(cls, nominations, seats):
        """An empty one for each of these nominations and seats."""
        cls.objects.bulk_create(
            cls(nomination=one, call_id=one.call_id, seat=seat, member_id=seat.member_id, division_id=seat.division_id)
            for one in nominations
            for seat in seats
        )

    @transaction.atomic
    def declare(self, *, conflict, words="", by):
        """Say whether there is a conflict of interest. One that is declared stays, and a vote cast before is gone."""
        nomination = self._voting()
        stored = Ballot.objects.select_for_update(of=("self",)).get(pk=self.pk, member=by)
        if stored.conflict not in ("", Conflict.NONE):
            raise Refused(gettext("You have declared a conflict of interest, and it stays."))
        if conflict == Conflict.NONE and (bar := nomination.bars(by)):
            raise Refused(gettext("There is one: %(why)s.") % {"why": Conflict(bar).label})
        if conflict == Conflict.OTHER and not words:
            raise Refused(gettext("Say in a few words which."))
        stored.conflict, stored.conflict_words, stored.declared_at = conflict, words, timezone.now()
        if conflict != Conflict.NONE:
            stored.choice, stored.cast_at = "", None
        stored.save()
        log_act(by, "declared a conflict or none", stored)

    @transaction.atomic
    def cast(self, *, choice, by):
        """Vote; until the decision one may vote anew. What was chosen is on no trail."""
        nomination = self._voting()
        stored = Ballot.objects.select_for_update(of=("self",)).get(pk=self.pk, member=by)
        if stored.conflict == "":
            raise Refused(gettext("First say whether you have a conflict of interest."))
        if stored.conflict != Conflict.NONE or nomination.bars(by):
            raise Refused(gettext("Who has a conflict of interest does not vote."))
        stored.choice, stored.cast_at = choice, timezone.now()
        stored.save()
        log_act(by, "voted", stored)

    def _voting(self):
        """The nomination under its lock, while it is voted on."""
        from appraisal.models.nomination import Nomination

        nomination = (
            Nomination.objects.select_for_update(of=("self",)).select_related("call").get(pk=self.nomination_id)
        )
        if not nomination.is_voted_on:
            raise Refused(gettext("This is not voted on: nominations may still come in, or it is settled."))
        return nomination
