from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act
from volunteers.kinds import DutyKind
from volunteers.models.pairing import Pairing

LONGEST = 5000


class ChildLetterQuerySet(ScopedQuerySet):
    def waiting(self):
        """Written, and read by nobody of the staff yet."""
        return self.filter(status=ChildLetter.Status.WAITING)

    def to_deliver(self):
        return self.filter(status=ChildLetter.Status.PASSED, direction=ChildLetter.Direction.TO_CHILD)

    def over(self):
        """Handed over, sent back, or a child's that was passed on to the helper."""
        settled = Q(status__in=[ChildLetter.Status.RETURNED, ChildLetter.Status.DELIVERED])
        passed = Q(status=ChildLetter.Status.PASSED, direction=ChildLetter.Direction.FROM_CHILD)
        return self.filter(settled | passed)

    def on_its_way(self):
        """Helpers' letters that are with the office."""
        with_office = [ChildLetter.Status.WAITING, ChildLetter.Status.PASSED]
        return self.filter(direction=ChildLetter.Direction.TO_CHILD, status__in=with_office)

    def shown_to_helper(self, pairings):
        """Of these pairings: what the helper wrote, and of the answers those that staff passed on."""
        answers = Q(direction=ChildLetter.Direction.FROM_CHILD)
        return self.filter(pairing__in=pairings).filter(~answers | Q(status=ChildLetter.Status.PASSED))


class ChildLetter(Lifecycle, CommunityRecord):
    """A letter between a helper and a child. Staff read it before it reaches either; nothing written is overwritten."""

    class Direction(models.TextChoices):
        TO_CHILD = "to_child", _("to the child")
        FROM_CHILD = "from_child", _("from the child")

    class Status(models.TextChoices):
        WAITING = "waiting", _("to be read by the office")
        PASSED = "passed", _("passed on")
        RETURNED = "returned", _("returned with a remark")
        DELIVERED = "delivered", _("given to the child")

    TRANSITIONS = {
        Status.WAITING: {Status.PASSED, Status.RETURNED},
        Status.PASSED: {Status.DELIVERED, Status.RETURNED},
        Status.RETURNED: set(),
        Status.DELIVERED: set(),
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="letters", verbose_name=_("pairing"))
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING, editable=False)
    is_farewell = models.BooleanField(_("farewell letter"), default=False, editable=False)
    text = SecretField(_("words of the letter"), blank=True, max_length=LONGEST)
    scan = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("picture of the letter"),
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="answered_by",
        verbose_name=_("answer to"),
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("read by"),
    )
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    remark = SecretField(_("remark"), blank=True, max_length=500, editable=False)
    delivered_on = models.DateField(_("given to the child on"), null=True, editable=False)
    delivered_by = models.CharField(_("handed over by"), max_length=60, blank=True, editable=False)
    contact = models.OneToOneField(
        "volunteers.Contact",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="letter",
        verbose_name=_("contact"),
    )

    attachments = ["scan"]
    personal = {"text": CARE, "scan": CARE, "remark": CARE, "delivered_by": BASIC}
    not_personal = [
        *["id", "community", "district", "pairing", "direction", "status", "answers", "replaces", "written_by"],
        *["written_at", "read_by", "read_at", "delivered_on", "contact", "is_farewell"],
    ]
    of_the_office = ["remark"]

    objects = ChildLetterQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-written_at", "-pk"]
        verbose_name = _("letter between helper and child")
        verbose_name_plural = _("letters between helpers and children")
        indexes = [
            models.Index(fields=["district", "status", "-written_at", "-id"], name="child_letters_by_status"),
            models.Index(fields=["pairing", "-written_at", "-id"], name="letters_of_a_pairing"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="delivered", delivered_on__isnull=False, direction="to_child")
                & (Q(contact__isnull=False) | Q(is_farewell=True))
                | (~Q(status="delivered") & Q(delivered_on=None, contact=None)),
                name="letter_handed_over_has_its_day_and_contact",
                violation_error_message=_("Say on which day the letter was handed over."),
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", read_by=None, read_at=None)
                | (~Q(status="waiting") & Q(read_by__isnull=False, read_at__isnull=False)),
                name="letter_goes_on_only_once_read",
                violation_error_message=_("A letter is read by the office before it goes on."),
            ),
            models.CheckConstraint(
                condition=Q(direction="from_child") | Q(answers=None),
                name="only_a_child_answers_a_letter",
                violation_error_message=_("Only a letter from the child is an answer."),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")),
                name="letter_replaces_another",
                violation_error_message=_("A letter cannot replace itself."),
            ),
        ]

    def __str__(self):
        return gettext("Letter no. %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("letters:letter", args=[self.pk])

    @property
    def is_to_child(self):
        return self.direction == self.Direction.TO_CHILD

    @property
    def may_be_printed(self):
        """Nothing unread leaves the page on paper."""
        return self.status in (self.Status.PASSED, self.Status.DELIVERED)

    @classmethod
    @transaction.atomic
    def write(cls, pairing, *, text="", scan=None, replaces=None, is_farewell=False, by):
        """The helper's letter, for the office to read. `replaces`: the one that came back with a remark."""
        cls._refuse_empty(text, scan)
        held = _still_current(pairing, is_farewell or (replaces is not None and replaces.is_farewell))
        if replaces is not None:
            earlier = cls.objects.select_for_update(of=("self",)).filter(pk=replaces.pk, pairing=held).first()
            if (
                earlier is None
                or earlier.status != cls.Status.RETURNED
                or cls.objects.filter(replaces=earlier).exists()
            ):
                raise Refused(gettext("This letter no longer waits to be written anew."))
            is_farewell = earlier.is_farewell
        facts = {"text": text, "scan": scan, "replaces": replaces, "is_farewell": is_farewell}
        return cls._made(held, cls.Direction.TO_CHILD, "wrote a letter", by, **facts)

    @classmethod
    @transaction.atomic
    def note_answer(cls, pairing, *, text="", scan=None, answers=None, by):
        """What the child wrote back, typed or as a picture; it too is read before the helper has it."""
        cls._refuse_empty(text, scan)
        held = _still_current(pairing)
        direction = cls.Direction.FROM_CHILD
        return cls._made(held, direction, "noted a child's letter", by, text=text, scan=scan, answers=answers)

    @classmethod
    def _made(cls, pairing, direction, verb, by, **facts):
        letter = cls.objects.create(
            pairing=pairing, direction=direction, community_id=pairing.community_id, written_by=by, **facts
        )
        log_act(by, verb, letter, pairing=pairing)
        letter._recount_close_out()
        return letter

    def _recount_close_out(self):
        from volunteers.models.close_out import CloseOut

        if self.is_farewell:
            CloseOut.recount_of(self.pairing)

    @staticmethod
    def _refuse_empty(text, scan):
        if not text and scan is None:
            raise Refused(gettext("Write a few words, or add a picture of the letter."))

    @transaction.atomic
    def pass_on(self, *, by):
        """Read and found good: a helper's letter may be handed over, a child's is now shown to the helper."""
        if self.is_to_child and self.pairing.volunteer.user_id == by.pk:
            raise Refused(gettext("Nobody passes their own letter: ask a colleague."))
        _still_current(self.pairing, self.is_farewell)
        self._become(self.Status.PASSED, by=by, verb="passed a letter", read_by=by, read_at=timezone.now())

    @transaction.atomic
    def send_back(self, *, remark, by):
        """The helper's letter goes back with `remark`; a child's stays with the office."""
        if not remark:
            raise Refused(gettext("Say in a few words why."))
        stamps = {"read_by": by, "read_at": timezone.now(), "remark": remark}
        self._become(self.Status.RETURNED, by=by, verb="returned a letter", **stamps)
        self._recount_close_out()

    @transaction.atomic
    def deliver(self, *, on=None, delivered_by="", by):
        """Handed to the child on a day: a contact of the helper's, which fulfils the term's duty to write."""
        from volunteers import contacts

        if not self.is_to_child:
            raise Refused(gettext("A letter from the child is shown to the helper; it is not handed over."))
        on = on or timezone.localdate()
        if on < timezone.localdate(self.written_at):
            raise Refused(gettext("A letter cannot be handed over before it was written."))
        if on > timezone.localdate():
            raise Refused(gettext("A contact cannot lie in the future."))
        held, contact = _still_current(self.pairing, self.is_farewell), None
        if held.status == Pairing.Status.ACTIVE:
            facts = {"kinds": [DutyKind.LETTER], "made_on": on, "proven": True}
            contact = contacts.log(held.volunteer, pairings=[held], by=by, **facts)
        stamps = {"delivered_on": on, "delivered_by": delivered_by or by.name, "contact": contact}
        self._become(self.Status.DELIVERED, by=by, verb="handed a letter over", **stamps)


def _still_current(pairing, is_farewell=False):
    """The pairing as it is now, under its helper's lock; refused once helper or guardian no longer allow it.

    A farewell may still go to the child once the pairing has ended: it tells the helper nothing."""
    helper, today = pairing.volunteer.locked(), timezone.localdate()
    if is_farewell and (ended := Pairing.objects.filter(pk=pairing.pk, status=Pairing.Status.ENDED).first()):
        ended.volunteer = helper
        return ended
    if not helper.is_in_service_on(today) or not helper.is_cleared_on(today):
        raise Refused(gettext("Something asked of the helper is missing or has ended, so no letter goes on."))
    held = Pairing.objects.current().filter(volunteer=helper, pk=pairing.pk).first()
    if held is None:
        raise Refused(gettext("This pairing is not in force today, or the guardian's consent was withdrawn."))
    held.volunteer = helper
    return held
