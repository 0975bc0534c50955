from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act
from records.versions import Versioned, stored_for_update
from volunteers.models.letter import ChildLetter
from volunteers.models.pairing import Pairing
from volunteers.models.promise import Promise

LONGEST = 1000


class CloseOutQuerySet(ScopedQuerySet):
    def still_open(self):
        """Of pairings that have ended, and of children whose file was not erased since."""
        rows = self.filter(done_on=None, pairing__status=Pairing.Status.ENDED)
        return rows.exclude(pairing__child__left_reason=Child.LeftReason.ERASED)


class WrittenMeanwhile(Refused):
    """Words of somebody else came first; `version` is theirs."""

    def __init__(self, close_out):
        super().__init__(
            gettext(
                "Somebody else wrote this while you had it open. What is stored now stands on the page, and what you "
                "typed is still here. Send it again to put it in place of the other."
            )
        )
        self.version = close_out.version


class CloseOut(Versioned, CommunityRecord):
    """What a pairing leaves behind, so that a child is not simply left: begun by the helper or by the end itself."""

    class Step(models.TextChoices):
        PROMISES = "promises", _("open promises")
        LETTER = "letter", _("farewell letter")
        PACK = "pack", _("hand-over for the next helper")
        HELPER = "helper", _("what the helper says")
        CHILD = "child", _("what the child says")
        GUARDIAN = "guardian", _("what the guardian says")

    pairing = models.OneToOneField(
        Pairing, on_delete=models.PROTECT, related_name="close_out", verbose_name=_("pairing")
    )
    works_well = SecretField(_("what works well with this child"), blank=True, max_length=LONGEST)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    released_on = models.DateField(_("may be read by the next helper from"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("passed on by"),
    )
    done_on = models.DateField(_("completed on"), null=True, editable=False)

    personal = {"works_well": CARE}
    not_personal = [
        *["id", "pairing", "community", "district", "written_by", "released_on", "released_by", "done_on"],
        "version",
    ]

    objects = CloseOutQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-pk"]
        verbose_name = _("close-out of a pairing")
        verbose_name_plural = _("close-outs of pairings")
        indexes = [
            models.Index(fields=["district", "id"], condition=Q(done_on=None), name="close_out_still_open"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(released_on=None, released_by=None)
                | Q(released_on__isnull=False, released_by__isnull=False),
                name="hand_over_is_passed_on_by_somebody",
                violation_error_message=_("Somebody of the office passes the hand-over on."),
            ),
        ]

    def __str__(self):
        return gettext("Close-out %(number)s") % {"number": self.pk}

    @classmethod
    def of(cls, pairing):
        """The one of this pairing, begun if need be; the caller holds the pairing's lock."""
        return cls.objects.get_or_create(pairing=pairing, defaults={"community_id": pairing.community_id})[0]

    @classmethod
    def recount_of(cls, pairing):
        """Set `done_on` anew after a step, where the close-out has begun."""
        stored_for_update(pairing)
        if close_out := cls.objects.filter(pairing=pairing).first():
            close_out.recount()

    def recount(self):
        """Set `done_on` anew; the caller holds the pairing's lock."""
        is_over = Pairing.objects.filter(pk=self.pairing_id, status=Pairing.Status.ENDED).exists()
        is_done = is_over and not self.missing_steps()
        if is_done != (self.done_on is not None):
            self.done_on = timezone.localdate() if is_done else None
            self.save(update_fields=["done_on"])

    def missing_steps(self):
        settled = self.steps_there() | self.steps_left_out().keys()
        return [step for step in self.Step if step not in settled]

    def steps_there(self):
        there = {
            self.Step(side) for side in Feedback.objects.filter(pairing=self.pairing_id).values_list("side", flat=True)
        }
        if not Promise.objects.still_open().filter(pairing=self.pairing_id).exists():
            there.add(self.Step.PROMISES)
        if self.released_on:
            there.add(self.Step.PACK)
        farewells = ChildLetter.objects.filter(pairing=self.pairing_id, is_farewell=True)
        if farewells.exclude(status=ChildLetter.Status.RETURNED).exists():
            there.add(self.Step.LETTER)
        return there

    def steps_left_out(self):
        """{step: why}"""
        return {one.step: one for one in LeftOut.objects.filter(close_out=self).select_related("noted_by")}

    @classmethod
    @transaction.atomic
    def write(cls, pairing, *, works_well, seen=None, by):
        """What the next helper should know. Rewritten until the office passes it on.

        `seen`: the version that the page showed, where somebody writes on a page; 0 where nothing was begun."""
        stored = stored_for_update(pairing)
        _refuse_unless_begun(stored)
        close_out = cls.of(stored)
        if close_out.released_on:
            raise Refused(gettext("This has been passed on already."))
        if close_out.works_well == works_well:
            return close_out
        if seen is not None and close_out.works_well and close_out.version != seen:
            raise WrittenMeanwhile(close_out)
        close_out.works_well, close_out.written_by = works_well, by
        close_out.save(update_fields=["works_well", "written_by"])
        log_act(by, "wrote a hand-over", close_out, fields=["works_well"])
        return close_out

    @transaction.atomic
    def release(self, *, seen=None, by):
        """Read by the office and found fit for the next helper; `seen`: the version that was read."""
        stored_for_update(self.pairing)
        self.refresh_from_db()
        if self.released_on:
            raise Refused(gettext("This has been passed on already."))
        if not self.works_well:
            raise Refused(gettext("Write first what works well with this child."))
        if seen is not None and self.version != seen:
            raise Refused(gettext("These words were changed meanwhile. Read them once more, then pass them on."))
        self.released_on, self.released_by = timezone.localdate(), by
        self.save(update_fields=["released_on", "released_by"])
        log_act(by, "passed a hand-over on", self, fields=["released_on"])
        self.recount()

    @transaction.atomic
    def leave_out(self, step, *, why, by):
        """Go without one of the steps, for a reason that others can read."""
        pairing = stored_for_update(self.pairing)
        if pairing.status != Pairing.Status.ENDED:
            raise Refused(gettext("The pairing is still in force: nothing of it need be left out yet."))
        if not why:
            raise Refused(gettext("Say in a few words why."))
        if step not in self.missing_steps():
            raise Refused(gettext("This is settled already."))
        LeftOut.objects.create(close_out=self, step=step, why=why, community_id=self.community_id, noted_by=by)
        log_act(by, "left a step out", self, fields=[step])
        self.recount()


class LeftOut(CommunityRecord):
    """A step of a close-out that is gone without, and why."""

    close_out = models.ForeignKey(
        CloseOut, on_delete=models.PROTECT, related_name="left_out", verbose_name=_("close-out of a pairing")
    )
    step = models.CharField(_("step"), max_length=10, choices=CloseOut.Step)
    why = SecretField(_("reason in words"), blank=True, max_length=200)
    noted_on = models.DateField(_("noted on"), default=timezone.localdate)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )

    personal = {"why": CARE}
    not_personal = ["id", "close_out", "community", "district", "step", "noted_on", "noted_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("step left out")
        verbose_name_plural = _("steps left out")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["close_out", "step"],
                name="a_step_is_left_out_once",
                violation_error_message=_("This is settled already."),
            ),
        ]

    def __str__(self):
        return self.get_step_display()


class Feedback(CommunityRecord):
    """How a pairing was, in the words of one of its three sides."""

    class Side(models.TextChoices):
        HELPER = "helper", _("helper")
        CHILD = "child", _("child")
        GUARDIAN = "guardian", _("guardian")

    class Tick(models.TextChoices):
        GOT_ON = "got_on", _("we got on well")
        HELPED = "helped", _("it helped the child")
        KEPT = "kept", _("what was promised was kept")
        TIME = "time", _("there was time enough")
        AGAIN = "again", _("I would gladly do it again")

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("pairing"))
    side = models.CharField(_("who says it"), max_length=10, choices=Side)
    ticks = ArrayField(
        models.CharField(max_length=10, choices=Tick), verbose_name=_("what holds"), default=list, blank=True
    )
    words = SecretField(_("in their words"), blank=True, max_length=500)
    said_on = models.DateField(_("said on"), default=timezone.localdate)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("noted by")
    )

    personal = {"ticks": CARE, "words": CARE}
    not_personal = ["id", "pairing", "community", "district", "side", "said_on", "noted_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("feedback on a pairing")
        verbose_name_plural = _("feedback on pairings")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["pairing", "side"],
                name="one_feedback_of_a_side_per_pairing",
                violation_error_message=_("This side has had its say already."),
            ),
        ]

    def __str__(self):
        return self.get_side_display()

    @property
    def tick_words(self):
        return [self.Tick(tick).label for tick in self.ticks]

    @classmethod
    @transaction.atomic
    def note(cls, pairing, *, side, ticks=(), words="", by):
        """Once for each side; what was said is not changed afterwards."""
        stored = stored_for_update(pairing)
        _refuse_unless_begun(stored)
        if not ticks and not words:
            raise Refused(gettext("Tick what holds, or write a few words."))
        if stored.feedback.filter(side=side).exists():
            raise Refused(gettext("This side has had its say already."))
        said = cls.objects.create(
            pairing=stored,
            side=side,
            ticks=[tick for tick in cls.Tick.values if tick in ticks],
            words=words,
            community_id=stored.community_id,
            noted_by=by,
        )
        log_act(by, "noted feedback", said, pairing=stored)
        CloseOut.recount_of(stored)
        return said


def _refuse_unless_begun(pairing):
    if pairing.starts_on is None:
        raise Refused(gettext("This pairing never began."))
