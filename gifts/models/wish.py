"""A child's small wish as a giver may read it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.status import age_on
from communities.owned import CommunityRecord
from gifts.models.giver import Giver, account
from gifts.models.ledger import Entry
from records.lifecycle import Lifecycle
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet

BANDS = [(0, 5), (6, 8), (9, 11), (12, 14), (15, 17)]


class WishCardQuerySet(ScopedQuerySet):
    def running(self):
        return self.filter(status__in=WishCard.RUNNING)

    def shown(self):
        is_open = {"wish__status": "open", "wish__struck_at": None, "wish__child__left_on": None}
        return self.filter(status=WishCard.Status.SHOWN, **is_open)

    def waiting(self):
        """A giver took it, and nothing has been handed out yet."""
        return self.filter(status=WishCard.Status.TAKEN)


class WishCard(Lifecycle, CommunityRecord):
    """The wish in words that do not tell who the child is: read before it is shown, taken by a giver, fulfilled."""

    class Status(models.TextChoices):
        WRITTEN = "written", _("to be read before it is shown")
        SHOWN = "shown", _("shown to givers")
        TAKEN = "taken", _("taken by a giver")
        FULFILLED = "fulfilled", _("fulfilled")
        ENDED = "ended", _("no longer shown")

    RUNNING = (Status.WRITTEN, Status.SHOWN, Status.TAKEN)
    TRANSITIONS = {
        Status.WRITTEN: {Status.SHOWN, Status.ENDED},
        Status.SHOWN: {Status.WRITTEN, Status.TAKEN, Status.ENDED},
        Status.TAKEN: {Status.WRITTEN, Status.FULFILLED, Status.ENDED},
        Status.FULFILLED: set(),
        Status.ENDED: set(),
    }

    wish = models.ForeignKey(
        "children.Wish", on_delete=models.PROTECT, related_name="cards", editable=False, verbose_name=_("small wish")
    )
    text = models.CharField(
        _("the wish, as givers read it"),
        max_length=120,
        help_text=_("Without name, school, address or anything by which neighbours know the child."),
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WRITTEN, editable=False)
    written_by = account(_("written by"))
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    shown_on = models.DateField(_("shown since"), null=True, editable=False)
    giver = models.ForeignKey(
        Giver,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="wishes",
        verbose_name=_("taken by"),
    )
    taken_on = models.DateField(_("taken on"), null=True, editable=False)
    entry = models.OneToOneField(
        Entry,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="fulfils",
        verbose_name=_("fulfilled with"),
    )
    why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    personal = {"text": BASIC, "why": CARE}
    not_personal = [
        *["id", "community", "district", "wish", "status", "written_by", "written_at", "shown_on", "giver", "taken_on"],
        "entry",
    ]
    bookkeeping = ["giver"]

    objects = WishCardQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-written_at", "-pk"]
        verbose_name = _("card of a small wish")
        verbose_name_plural = _("cards of small wishes")
        indexes = [models.Index(fields=["district", "status", "-written_at", "-id"], name="wish_cards_by_status")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["wish"],
                condition=Q(status__in=["written", "shown", "taken"]),
                name="one_running_card_per_wish",
                violation_error_message=_("There is a card of this wish already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["taken", "fulfilled"]) | Q(giver__isnull=False, taken_on__isnull=False),
                name="a_wish_is_taken_by_a_giver",
                violation_error_message=_("A giver takes the wish."),
            ),
            models.CheckConstraint(
                condition=~Q(status="fulfilled") | Q(entry__isnull=False),
                name="a_wish_is_fulfilled_by_what_was_handed_out",
                violation_error_message=_("A wish is fulfilled by something that was handed out."),
            ),
        ]

    def __str__(self):
        return f"{self.wish_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("gifts:wish", args=[self.pk])

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def giver_shown(self):
        """The giver, where it is of the community that the card stands in: the file may have gone on since."""
        return self.giver if self.giver_id and self.giver.community_id == self.community_id else None

    @property
    def age_band(self):
        """ "9–11": all that a giver reads of the child."""
        age = age_on(self.wish.child.birth_date, timezone.localdate())
        low, high = next(((low, high) for low, high in BANDS if age <= high), BANDS[-1])
        return f"{low}–{high}"

    def note_shown(self, *, by):
        self._become(self.Status.SHOWN, by=by, verb="showed a small wish", shown_on=timezone.localdate(), why="")

    def note_taken_down(self, *, why, by):
        self._go_back(why, verb="took a small wish down", by=by)

    def note_given_up(self, *, why, by):
        self._go_back(why, verb="noted that a wish was given up", by=by)

    def _go_back(self, why, *, verb, by):
        """It is shown again only once somebody has read it and the guardian still agrees."""
        stamps = {"shown_on": None, "giver": None, "taken_on": None, "why": why}
        self._become(self.Status.WRITTEN, by=by, verb=verb, **stamps)

    def note_taken(self, giver, *, by):
        stamps = {"giver": giver, "taken_on": timezone.localdate(), "why": ""}
        self._become(self.Status.TAKEN, by=by, verb="noted that a wish was taken", **stamps)

    def note_fulfilled(self, hand_out, *, by):
        self._become(self.Status.FULFILLED, by=by, verb="noted that a wish was fulfilled", entry=hand_out.entry)

    def note_ended(self, *, why, by):
        self._become(self.Status.ENDED, by=by, verb="ended the card of a wish", why=why)
