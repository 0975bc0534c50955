import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned
from volunteers.models.facts import HelperFacts

SOON_DAYS = 30


class VolunteerQuerySet(ScopedQuerySet):
    def in_service_on(self, day):
        """Helpers who had joined and not left on `day`."""
        return self.filter(Q(joined_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))

    def cleared_on(self, day):
        """Helpers whose latest record check before or on `day` was clear and still ran on it."""
        from volunteers.models.record_check import RecordCheck

        return self.filter(pk__in=RecordCheck.objects.in_force_on(day).values("volunteer"))

    def cleared_through(self, day, last):
        """Helpers whose check in force on `day` still runs on `last`."""
        from volunteers.models.record_check import RecordCheck

        checks = RecordCheck.objects.in_force_on(day).filter(valid_until__gte=last)
        return self.filter(pk__in=checks.values("volunteer"))

    def without_lasting_check(self, day):
        """Helpers whose latest record check is missing, not clear, has ended, or ends within 30 days of `day`."""
        lasting = Volunteer.objects.cleared_through(day, day + dt.timedelta(days=SOON_DAYS))
        return self.exclude(pk__in=lasting.values("pk"))

    def ready_on(self, day):
        """Helpers in service of whom nothing asked is missing."""
        return self.in_service_on(day).filter(cleared_until__gte=day)

    def uncleared_on(self, day):
        """Helpers of whom, today or on a day to come, something asked is missing."""
        return self.filter(Q(cleared_until=None) | Q(cleared_until__lt=day))

    def paired_on(self, day):
        from volunteers.models.pairing import Pairing

        return self.filter(pk__in=Pairing.objects.in_force_on(day).values("volunteer"))

    def accompanying_on(self, day):
        """Helpers with a pairing in force on `day`, and those who stand in for another on it."""
        from volunteers.models.deputy import Deputy
        from volunteers.models.pairing import Pairing

        own = Pairing.objects.in_force_on(day).values("volunteer")
        standing_in = Deputy.objects.standing_on(day).values("volunteer")
        return self.filter(Q(pk__in=own) | Q(pk__in=standing_in))

    def holding_places(self):
        """Helpers with a pairing that is active or rests."""
        from volunteers.models.pairing import Pairing

        held = Pairing.objects.filter(volunteer=OuterRef("pk"), status__in=Pairing.HOLDING)
        return self.filter(Exists(held))

    def with_places(self):
        """Adds `children_now`: how many children each helper accompanies."""
        return self.annotate(
            children_now=Count("pairings__child", filter=Q(pairings__status__in=["active", "paused"]), distinct=True)
        )

    def with_check(self):
        """Adds `check_ends_on`: the last day of each helper's latest record check, where it was clear."""
        from volunteers.models.record_check import RecordCheck

        checks = RecordCheck.objects.filter(volunteer=OuterRef("pk")).order_by("-checked_on", "-pk")
        ends_on = Case(When(result=RecordCheck.Result.CLEAR, then="valid_until"))
        return self.annotate(check_ends_on=Subquery(checks.values_list(ends_on)[:1]))

    def available(self):
        """Helpers who may be given another child today."""
        return self.ready_on(timezone.localdate()).with_places().filter(children_now__lt=F("capacity"))


STANDING = ["cleared_until", "remind_on", "lapsed_on"]


class Volunteer(HelperFacts, Versioned, CommunityRecord):
    """A person who helps: on the list with or without an account, near a child only with a valid record check."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="volunteer",
        verbose_name=_("account"),
    )
    photo = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("photo"),
    )
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Written by `volunteers.vetting` alone: until when nothing asked is missing; when staff are to be reminded of what
    # is asked beside the record check; when staff were told that the helper is no longer cleared.
    cleared_until = models.DateField(_("cleared until"), null=True, editable=False)
    remind_on = models.DateField(_("remind on"), null=True, editable=False)
    lapsed_on = models.DateField(_("lapsed on"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    attachments = ["photo"]
    personal = {**HelperFacts.facts_personal, **dict.fromkeys(["photo", "note", *STANDING], BASIC)}
    not_personal = [
        *HelperFacts.facts_not_personal,
        *["id", "user", "community", "district", "joined_on", "left_on", "created_at", "version"],
    ]

    objects = VolunteerQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("helper")
        verbose_name_plural = _("helpers")
        indexes = [
            models.Index(fields=["district", "name", "id"], name="helper_by_name"),
            models.Index(fields=["community", "name", "id"], name="helper_of_a_community"),
            models.Index(
                fields=["district", "name"],
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                name="helper_by_beginning",
            ),
            models.Index(fields=["district", "phone_hash"], name="helper_by_phone"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "id_number_hash"],
                name="one_helper_per_id_number_in_a_community",
                violation_error_message=_("This community already has a helper with this ID number."),
            ),
            *HelperFacts.Meta.constraints,
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="helper_leaves_after_joining",
                violation_error_message=_("A helper cannot leave before joining."),
            ),
        ]

    def __str__(self):
        return gettext("Helper %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def join(cls, *, community, name, sex, kinds, by, **facts):
        """Put a new helper on a community's list."""
        helper = cls.objects.create(community=community, name=name, sex=sex, kinds=list(kinds), **facts)
        log_act(by, "joined", helper)
        return helper

    def locked(self):
        """This helper as stored now, locked until the transaction ends. Helpers are locked before pairings."""
        return Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    def is_in_service_on(self, day):
        return self.joined_on <= day and (self.left_on is None or self.left_on > day)

    def is_cleared_on(self, day):
        return self.cleared_until is not None and day <= self.cleared_until

    @transaction.atomic
    def record_check(self, *, checked_on, result="clear", reference="", valid_until=None, by):
        """Note the result of a record check; what it opens or closes holds at once."""
        from volunteers.models.record_check import RecordCheck, months_after

        helper = self.locked()
        if checked_on > timezone.localdate():
            raise Refused(gettext("A record check cannot lie in the future."))
        if by is not None and helper.user_id == by.pk:
            raise Refused(gettext("Nobody records their own check: ask a colleague."))
        check = RecordCheck.objects.create(
            volunteer=helper,
            of_user_id=helper.user_id,
            community_id=helper.community_id,
            checked_on=checked_on,
            result=result,
            reference=reference,
            valid_until=valid_until or months_after(checked_on, 12),
            recorded_by=by,
        )
        helper.recount_clearance()
        self.cleared_until, self.version = helper.cleared_until, helper.version
        log_act(by, "recorded a check", helper, check=check)
        return check

    @transaction.atomic
    def show(self, what, *, result="met", done_on=None, valid_until=None, note="", by, **details):
        """Put on file that something asked was met, was not, or is not asked of this helper and why."""
        from volunteers import vetting
        from volunteers.models.evidence import Evidence

        helper, on = self.locked(), done_on or timezone.localdate()
        if on > timezone.localdate():
            raise Refused(gettext("This cannot lie in the future."))
        if result == "exempt" and not note:
            raise Refused(gettext("Say why this is not asked of this helper."))
        if by is not None and helper.user_id == by.pk and not vetting.may_show_alone(what, result):
            raise Refused(gettext("Nobody records this about themselves: ask a colleague."))
        evidence = Evidence.objects.create(
            volunteer=helper,
            of_user_id=helper.user_id,
            community_id=helper.community_id,
            what=what,
            result=result,
            done_on=on,
            valid_until=valid_until or vetting.usual_end(helper, what, on),
            note=note,
            recorded_by=by,
            **details,
        )
        helper.recount_clearance()
        self.cleared_until, self.version = helper.cleared_until, helper.version
        log_act(by, "showed evidence", helper, evidence=evidence, what=what)
        return evidence

    def recount_clearance(self):
        """Set anew until when nothing asked is missing; the caller holds this helper's lock."""
        from volunteers import vetting

        vetting.recount(self)

    @transaction.atomic
    def give_account(self, user, *, by):
        """Let this helper sign in as `user`."""
        helper = self.locked()
        if helper.user_id not in (None, user.pk):
            raise Refused(gettext("This helper already has an account."))
        if Volunteer.objects.filter(user=user).exclude(pk=helper.pk).exists():
            raise Refused(gettext("This account belongs to another helper."))
        if helper.checks.filter(recorded_by=user).exists():
            raise Refused(gettext("This person recorded a check of this helper, so the account cannot be theirs."))
        if helper.evidence.filter(recorded_by=user).exists():
            raise Refused(gettext("This person recorded evidence about this helper, so the account cannot be theirs."))
        helper.user = user
        helper.save(update_fields=["user"])
        helper.checks.update(of_user=user)
        helper.evidence.update(of_user=user)
        self.user, self.version = user, helper.version
        log_act(by, "gave an account", helper, fields=["user"], account=user)

    @transaction.atomic
    def leave(self, *, on=None, by):
        """Take the helper off the list, from day `on`; the children must be in other hands first."""
        from volunteers.memberships import end_memberships, has_eye_on_a_child

        today = timezone.localdate()
        if (on or today) <= today:
            end_memberships(self, by=by)  # of who leaves on a day to come, the night of that day does
        helper = self.locked()
        if helper.left_on is not None:
            raise Refused(gettext("This helper has already left."))
        if helper.pairings.exclude(status="ended").exists():
            raise Refused(gettext("This helper still has pairings. End them first, so that no child is forgotten."))
        if helper.stands_in.filter(ended_on=None, until_day__gte=today).exists():
            raise Refused(gettext("This helper stands in for another. End that first, so that no child is forgotten."))
        if has_eye_on_a_child(helper):
            raise Refused(
                gettext(
                    "In the advice-and-care group this helper has an eye on a child. Give it to another member first, "
                    "so that no child is forgotten."
                )
            )
        helper.left_on = on or today
        if helper.left_on < helper.joined_on:
            raise Refused(gettext("A helper cannot leave before joining."))
        helper.save(update_fields=["left_on"])
        self.left_on, self.version = helper.left_on, helper.version
        log_act(by, "left", helper, fields=["left_on"])

    @transaction.atomic
    def take_back_leaving(self, *, by):
        """The leaving was noted by mistake: as if it had never been. What ended with it is begun again by hand."""
        helper = self.locked()
        if helper.left_on is None:
            raise Refused(gettext("This helper is in service."))
        helper.left_on = None
        helper.save(update_fields=["left_on"])
        helper.recount_clearance()  # those gone are left out where a district asks for something else
        self.left_on, self.cleared_until, self.version = None, helper.cleared_until, helper.version
        log_act(by, "took a leaving back", helper, fields=["left_on"])
