from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Child, Consent
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.kinds import DutyKind
from volunteers.models.pairing import Pairing
from volunteers.models.volunteer import Volunteer

LONGEST_DAYS = 92  # a helper who is away longer is not represented but followed by another
MORE_THAN_AGREED = 1  # so many children beyond the agreed number a deputy may look after for these days


class DeputyQuerySet(ScopedQuerySet):
    def standing_on(self, day):
        """Standing in on `day`, whatever became of it since."""
        not_ended = Q(ended_on=None) | Q(ended_on__gt=day)
        return self.filter(not_ended, from_day__lte=day, until_day__gte=day)

    def overlapping(self, first, last):
        return self.filter(ended_on=None, from_day__lte=last, until_day__gte=first)


class Deputy(CommunityRecord):
    """Another cleared helper who looks after a pairing's child for a span of days while its helper is away."""

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="deputies", verbose_name=_("pairing"))
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="stands_in", verbose_name=_("deputy")
    )
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("last day"))
    ended_on = models.DateField(_("ended early on"), null=True, editable=False)
    guardian = models.CharField(_("guardian who was told"), max_length=60, blank=True)
    guardian_told_on = models.DateField(_("told on"))
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("named by")
    )

    personal = {"guardian": BASIC}
    not_personal = [
        *["id", "pairing", "volunteer", "community", "district", "from_day", "until_day", "ended_on"],
        *["guardian_told_on", "named_by"],
    ]

    objects = DeputyQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-from_day", "-pk"]
        verbose_name = _("deputy of a helper")
        verbose_name_plural = _("deputies of helpers")
        indexes = [models.Index(fields=["volunteer", "from_day", "until_day"], name="deputies_by_helper_and_days")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="deputy_ends_after_beginning",
                violation_error_message=_("The last day cannot lie before the first."),
            ),
        ]

    def __str__(self):
        return gettext("Deputy %(number)s") % {"number": self.pk}

    @property
    def is_open(self):
        """Standing in today or on days to come."""
        return self.ended_on is None and self.until_day >= timezone.localdate()

    @classmethod
    @transaction.atomic
    def name(cls, pairing, *, volunteer, from_day, until_day, guardian, guardian_told_on=None, by):
        """Let `volunteer` look after the child on these days; the guardian has been told."""
        child = Child.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.child_id)
        helper = volunteer.locked()
        stored = stored_for_update(pairing)
        told_on = guardian_told_on or timezone.localdate()
        _refuse_wrong_days(stored, from_day, until_day, told_on)
        if not guardian:
            raise Refused(gettext("Tell the guardian first who comes, and write down who was told."))
        _refuse_pairing(stored, child, from_day, until_day)
        _refuse_helper(stored, child, helper, from_day, until_day)
        deputy = cls.objects.create(
            pairing=stored,
            volunteer=helper,
            from_day=from_day,
            until_day=until_day,
            guardian=guardian,
            guardian_told_on=told_on,
            community_id=stored.community_id,
            named_by=by,
        )
        log_act(by, "named a deputy", deputy, pairing=stored, helper=helper)
        return deputy

    @transaction.atomic
    def end(self, *, by):
        """The deputy sees nothing of the child any more, at once."""
        self.volunteer.locked()
        stored_for_update(self.pairing)
        self.refresh_from_db()
        if not self.is_open:
            raise Refused(gettext("This deputy no longer stands in."))
        self.ended_on = timezone.localdate()
        self.save(update_fields=["ended_on"])
        log_act(by, "ended a deputy", self, fields=["ended_on"])


def who_may_stand_in(pairing):
    """The helpers whom `Deputy.name` would take today; whether they have room, and are cleared to the last day, is
    seen once the days are known."""
    from volunteers.matching.refusing import without_barred

    ready = Volunteer.objects.ready_on(timezone.localdate()).filter(community=pairing.community_id)
    offered = ready.filter(kinds__contains=[pairing.kind])
    return without_barred(offered.exclude(pk=pairing.volunteer_id), pairing.child, pairing.kind)


def refuse_days_of_another(helper, pairings, day):
    """Who stands in writes about the own days alone."""
    for pairing in pairings:
        own = pairing.volunteer_id == helper.pk
        if not own and not Deputy.objects.standing_on(day).filter(volunteer=helper, pairing=pairing).exists():
            raise Refused(gettext("On that day you did not stand in for this child's helper."))


def refuse_letter_for_another(helper, pairings, kinds):
    """What a deputy does counts for the pairing; the letter alone is between the child and its own helper."""
    if DutyKind.LETTER in kinds and any(pairing.volunteer_id != helper.pk for pairing in pairings):
        raise Refused(gettext("The letter to the child is its own helper's to write. Take the tick off the letter."))


def _refuse_wrong_days(pairing, from_day, until_day, told_on):
    today = timezone.localdate()
    if from_day < today:
        raise Refused(gettext("A deputy begins today or later."))
    if until_day < from_day:
        raise Refused(gettext("The last day cannot lie before the first."))
    if (until_day - from_day).days >= LONGEST_DAYS:
        raise Refused(
            gettext("At most %(days)s days. For a longer time the child needs a helper of its own.")
            % {"days": LONGEST_DAYS}
        )
    if told_on > today:
        raise Refused(gettext("The guardian cannot have been told in the future."))


def _refuse_pairing(pairing, child, from_day, until_day):
    if pairing.status not in Pairing.HOLDING:
        raise Refused(gettext("Only a pairing in force can have a deputy."))
    if pairing.ends_on is not None and pairing.ends_on < until_day:
        raise Refused(gettext("The pairing ends before these days are over."))
    if not child.consents.in_force().filter(purpose=Consent.Purpose.SHARING).exists():
        raise Refused(gettext("The guardian has not yet agreed that the helper is told what is needed."))
    if pairing.deputies.overlapping(from_day, until_day).exists():
        raise Refused(gettext("Somebody stands in on these days already."))


def _refuse_helper(pairing, child, helper, from_day, until_day):
    from volunteers.matching.refusing import refuse_barred

    if helper.pk == pairing.volunteer_id:
        raise Refused(gettext("Nobody stands in for themselves."))
    refuse_barred(child, helper, pairing.kind)
    if helper.community_id != pairing.community_id:
        raise Refused(gettext("The deputy must be a helper of the same community."))
    if helper.cleared_until < until_day:
        raise Refused(gettext("A check of this helper ends before these days are over. Renew it first."))
    if not helper.is_in_service_on(until_day):
        raise Refused(gettext("This helper leaves the service before these days are over."))
    children = set(helper.pairings.filter(status__in=Pairing.HOLDING).values_list("child", flat=True))
    beside = helper.stands_in.overlapping(from_day, until_day).filter(pairing__status__in=Pairing.HOLDING)
    children |= set(beside.values_list("pairing__child", flat=True))
    if len(children - {pairing.child_id}) >= helper.capacity + MORE_THAN_AGREED:
        raise Refused(
            gettext(
                "This helper accompanies as many children as agreed, and stands in for one more already. "
                "Choose another for these days."
            )
        )
