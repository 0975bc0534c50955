"""What a Home needs to put a gap right, as givers read it: taken by one, fulfilled with what was handed to the Home."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from gifts.models import Entry, HandOut
from homes.models import Repair
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update


class HomeWishQuerySet(ScopedQuerySet):
    def running(self):
        return self.filter(status__in=HomeWish.RUNNING)


class HomeWish(Lifecycle, CommunityRecord):
    """The need of a repair, shown to givers."""

    class Status(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("a wish of a Home", "shown to givers")
        TAKEN = "taken", pgettext_lazy("a wish of a Home", "taken by a giver")
        FULFILLED = "fulfilled", pgettext_lazy("a wish of a Home", "fulfilled")
        ENDED = "ended", pgettext_lazy("a wish of a Home", "no longer shown")

    RUNNING = (Status.SHOWN, Status.TAKEN)
    TRANSITIONS = {
        Status.SHOWN: {Status.TAKEN, Status.ENDED},
        Status.TAKEN: {Status.SHOWN, Status.FULFILLED, Status.ENDED},
        Status.FULFILLED: set(),
        Status.ENDED: set(),
    }

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="wishes", verbose_name=_("repair"))
    text = models.CharField(
        _("the wish, as givers read it"), max_length=120, help_text=_("Everybody reads this: name nobody.")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.SHOWN, editable=False)
    shown_on = models.DateField(_("shown since"), editable=False)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("shown by")
    )
    giver = models.ForeignKey(
        "gifts.Giver", models.PROTECT, null=True, related_name="home_wishes", editable=False, verbose_name=_("taken by")
    )
    taken_on = models.DateField(_("taken on"), null=True, editable=False)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="home_wish", editable=False, verbose_name=_("fulfilled with")
    )
    why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "repair", "text", "status", "shown_on", "shown_by", "giver", "taken_on", "entry",
        "why",
    ]  # fmt: skip

    objects = HomeWishQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-shown_on", "-pk"]
        verbose_name = _("wish of a Home")
        verbose_name_plural = _("wishes of Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["repair"],
                condition=Q(status__in=["shown", "taken"]),
                name="one_running_wish_per_repair",
                violation_error_message=_("Givers read this wish already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["taken", "fulfilled"]) | Q(giver__isnull=False, taken_on__isnull=False),
                name="a_wish_of_a_home_is_taken_by_a_giver",
                violation_error_message=_("A giver takes the wish."),
            ),
            models.CheckConstraint(
                condition=~Q(status="fulfilled") | Q(entry__isnull=False),
                name="a_wish_of_a_home_is_fulfilled_by_what_was_handed_out",
                violation_error_message=_("A wish is fulfilled by something that was handed out."),
            ),
        ]

    def __str__(self):
        return f"{self.repair_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("premises:wish", args=[self.pk])

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def is_needed(self):
        """Whether the gap it stems from is still open, in a Home that is."""
        return self.repair.status in Repair.UNSETTLED and self.repair.home.is_open

    @classmethod
    @transaction.atomic
    def show(cls, repair, text, *, by):
        held = stored_for_update(repair)
        if held.status not in Repair.UNSETTLED:
            raise Refused(gettext("This gap is settled."))
        if not held.home.is_open:
            raise Refused(gettext("This Home is closed."))
        if held.wishes.running().exists():
            raise Refused(gettext("Givers read this wish already."))
        facts = {"repair": held, "community_id": held.community_id, "text": text}
        made = cls.objects.create(**facts, shown_on=timezone.localdate(), shown_by=by)
        log_act(by, "showed a wish of the Home", made, repair=held)
        return made

    @transaction.atomic
    def take(self, giver, *, by):
        if giver.community_id != self.community_id or not giver.name:
            raise Refused(gettext("This giver belongs to another community."))
        if stored_for_update(self.repair).status not in Repair.UNSETTLED:
            raise Refused(gettext("This gap is settled."))
        stamps = {"giver": giver, "taken_on": timezone.localdate(), "why": ""}
        self._become(self.Status.TAKEN, by=by, verb="noted who takes a wish of the Home", **stamps)

    def give_back(self, *, why, by):
        """The giver cannot: others read it again."""
        stamps = {"giver": None, "taken_on": None, "why": why}
        self._become(self.Status.SHOWN, by=by, verb="noted that a wish of the Home was given up", **stamps)

    def may_fulfil(self):
        """What was handed to the Home since a giver took the wish, and fulfils no other: entries of the ledger."""
        if self.taken_on is None:
            return Entry.objects.none()
        handed = HandOut.objects.standing().filter(home=self.repair.home_id, given_on__gte=self.taken_on)
        rows = Entry.objects.filter(hand_out__in=handed, home_wish=None, fulfils=None)
        return rows.select_related("line__gift").order_by("-on", "-pk")

    @transaction.atomic
    def fulfil(self, entry, *, by):
        stored_for_update(entry.line)  # nobody takes it back meanwhile
        if not self.may_fulfil().filter(pk=entry.pk).exists():
            raise Refused(gettext("Choose something that was handed to the Home after the wish was taken."))
        self._become(self.Status.FULFILLED, by=by, verb="noted that a wish of the Home was fulfilled", entry=entry)

    def end(self, *, why, by):
        self._become(self.Status.ENDED, by=by, verb="ended a wish of the Home", why=why)
