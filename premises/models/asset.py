"""One piece of a Home's equipment or library, and what happened to it."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from premises.models.asset_request import AssetKind, AssetRequest
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet


class AssetQuerySet(ScopedQuerySet):
    def kept(self):
        """Pieces that the Home should have: all but those scrapped."""
        return self.exclude(status="scrapped")

    def to_scrap(self):
        return self.filter(status="to_scrap", home__closed_on=None)


class Asset(Lifecycle, CommunityRecord):
    """A piece with a number and a label: bought, given, or there before the register was begun."""

    class Status(models.TextChoices):
        IN_USE = "in_use", pgettext_lazy("a piece of equipment", "in use")
        LENT = "lent", pgettext_lazy("a piece of equipment", "lent")
        BROKEN = "broken", pgettext_lazy("a piece of equipment", "broken")
        MISSING = "missing", pgettext_lazy("a piece of equipment", "missing")
        TO_SCRAP = "to_scrap", _("to be scrapped, if approved")
        SCRAPPED = "scrapped", pgettext_lazy("a piece of equipment", "scrapped")

    class Origin(models.TextChoices):
        PURCHASE = "purchase", _("bought")
        GIFT = "gift", _("given to the Home")
        EARLIER = "earlier", _("there before the register")

    TRANSITIONS = {
        Status.IN_USE: {Status.LENT, Status.BROKEN, Status.MISSING, Status.TO_SCRAP},
        Status.LENT: {Status.IN_USE, Status.BROKEN, Status.MISSING},
        Status.BROKEN: {Status.IN_USE, Status.MISSING, Status.TO_SCRAP},
        Status.MISSING: {Status.IN_USE, Status.TO_SCRAP},
        Status.TO_SCRAP: {Status.SCRAPPED, Status.IN_USE, Status.BROKEN, Status.MISSING},
        Status.SCRAPPED: set(),
    }

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="assets", verbose_name=_("Home"))
    number = models.PositiveIntegerField(_("number in the register"), editable=False)
    kind = models.CharField(_("kind of thing"), max_length=10, choices=AssetKind, editable=False)
    name = models.CharField(_("what it is"), max_length=80)
    place = models.CharField(_("where it stands"), max_length=60, blank=True)
    unit_price = models.DecimalField(
        _("price, yuan"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    acquired_on = models.DateField(_("checked in on"), editable=False)
    origin = models.CharField(_("how it came"), max_length=8, choices=Origin, editable=False)
    request = models.ForeignKey(
        AssetRequest, models.PROTECT, null=True, editable=False, related_name="assets", verbose_name=_("request")
    )
    entry = models.ForeignKey(
        "gifts.Entry",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="assets",
        verbose_name=_("entry of the gift ledger"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.IN_USE, editable=False)
    was = models.CharField(max_length=10, choices=Status, blank=True, editable=False)  # before it was to be scrapped
    scrap_reason = models.CharField(_("why it is scrapped"), max_length=200, blank=True, editable=False)
    scrap_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("asked by"),
    )
    scrapped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    scrapped_on = models.DateField(_("scrapped on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "number", "kind", "name", "place", "unit_price", "acquired_on", "origin",
        "request", "entry", "status", "was", "scrap_reason", "scrap_asked_by", "scrapped_by", "scrapped_on",
    ]  # fmt: skip

    objects = AssetQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "number"]
        verbose_name = _("piece of equipment")
        verbose_name_plural = _("asset register")
        indexes = [
            models.Index(fields=["district", "community", "number"], name="assets_of_a_district"),
            models.Index(fields=["community", "id"], condition=Q(status="to_scrap"), name="assets_to_scrap"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "number"],
                name="a_number_stands_once_in_the_register_of_a_home",
                violation_error_message=_("This number is in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(origin="purchase", request__isnull=False, entry=None)
                | Q(origin="gift", request=None, entry__isnull=False)
                | Q(origin="earlier", request=None, entry=None),
                name="a_piece_came_by_purchase_or_gift",
                violation_error_message=_("A piece is bought on a request, or given, or was there before."),
            ),
            models.CheckConstraint(
                condition=Q(scrapped_by=None) | ~Q(scrapped_by=F("scrap_asked_by")),
                name="who_asks_for_scrapping_does_not_approve_it",
                violation_error_message=_("Somebody else must decide on the scrapping that you asked for."),
            ),
            models.CheckConstraint(
                condition=Q(status="scrapped", scrapped_by__isnull=False, scrapped_on__isnull=False)
                & ~Q(scrap_reason="")
                | ~Q(status="scrapped") & Q(scrapped_by=None, scrapped_on=None),
                name="what_is_scrapped_was_approved_with_its_reason",
                violation_error_message=_("Scrapping needs a reason and an approval."),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("premises:asset", args=[self.pk])

    @property
    def code(self):
        """What stands on the label: the Home's key and the piece's number in its register."""
        return f"{self.home_id}-{self.number:04}"

    @property
    def is_book(self):
        return self.kind == AssetKind.BOOK

    @property
    def is_booked(self):
        """Whether its use is booked by the half hour."""
        return self.kind in (AssetKind.COMPUTER, AssetKind.TELEPHONE)

    def next_moves(self):
        """What may be noted of it by hand: [(status, words)]. To scrap it is asked for and decided."""
        if self.status == self.Status.TO_SCRAP:
            return []
        moves = self.TRANSITIONS[self.status] - {self.Status.TO_SCRAP}
        return [(status.value, status.label) for status in self.Status if status in moves]

    # Verbs: each leaves a line of history -------------------------------------------------------------------------

    @transaction.atomic
    def note(self, kind, *, words="", by):
        return self.notes.create(community_id=self.community_id, kind=kind, words=words, noted_by=by)

    @transaction.atomic
    def turn(self, status, *, words="", by):
        """Note that it is in use, lent, broken or missing now. Calls booked on it are called off where it is not."""
        self._become(status, by=by, verb=f"noted equipment {status}")
        if self.loans.out().exists():
            raise Refused(gettext("A child has this book: take it back on the list of loans."))
        self.note(AssetNote.Kind(status), words=words, by=by)  # they have the names of the statuses
        self._call_bookings_off(by)

    def _call_bookings_off(self, by):
        if not self.is_booked or self.status == self.Status.IN_USE:
            return
        for booking in self.bookings.ahead(timezone.localdate()).order_by("pk"):
            if not booking.has_begun:
                booking.call_off(by=by)

    @transaction.atomic
    def ask_to_scrap(self, *, reason, by):
        if not reason:
            raise Refused(gettext("Say why it is to be scrapped."))
        was = type(self).objects.select_for_update(of=("self",)).values_list("status", flat=True).get(pk=self.pk)
        stamps = {"was": was, "scrap_reason": reason, "scrap_asked_by": by}
        self._become(self.Status.TO_SCRAP, by=by, verb="asked to scrap equipment", **stamps)
        self.note(AssetNote.Kind.SCRAP_ASKED, words=reason, by=by)
        self._call_bookings_off(by)

    @transaction.atomic
    def scrap(self, *, seen, by):
        """Approved by those above, as they saw it (`seen`: the newest line of its history on the page)."""
        self._look_again(seen, by)
        self._become(
            self.Status.SCRAPPED,
            by=by,
            verb="approved scrapping equipment",
            scrapped_by=by,
            scrapped_on=timezone.localdate(),
        )
        self.note(AssetNote.Kind.SCRAPPED, words=self.scrap_reason, by=by)

    @transaction.atomic
    def keep(self, *, seen, remark, by):
        """Not approved: it is again what it was before."""
        self._look_again(seen, by)
        self._become(self.was, by=by, verb="refused scrapping equipment", was="", scrap_reason="", scrap_asked_by=None)
        self.note(AssetNote.Kind.SCRAP_REFUSED, words=remark, by=by)

    def _look_again(self, seen, by):
        stored = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.status != self.Status.TO_SCRAP or self.newest_note() != seen:
            raise Refused(gettext("Something changed meanwhile. Look at it again."))
        if stored.scrap_asked_by_id == by.pk:
            raise Refused(gettext("Somebody else must decide on the scrapping that you asked for."))
        self.was, self.scrap_reason = stored.was, stored.scrap_reason

    def newest_note(self):
        """The key of the newest line of its history."""
        return self.notes.order_by("-pk").values_list("pk", flat=True).first()


class AssetNote(CommunityRecord):
    """A line of a piece's history. It names no child: who had a book stands with the loan."""

    class Kind(models.TextChoices):
        CHECKED_IN = "checked_in", _("checked in")
        IN_USE = "in_use", pgettext_lazy("a piece of equipment", "back in use")
        LENT = "lent", pgettext_lazy("a piece of equipment", "lent")
        BROKEN = "broken", pgettext_lazy("a piece of equipment", "broken")
        MISSING = "missing", pgettext_lazy("a piece of equipment", "missing")
        CHANGED = "changed", pgettext_lazy("a piece of equipment", "entry changed")
        SCRAP_ASKED = "asked", _("asked to be scrapped")
        SCRAP_REFUSED = "kept", _("scrapping not approved")
        SCRAPPED = "scrapped", pgettext_lazy("a piece of equipment", "scrapped")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="notes", verbose_name=_("piece of equipment"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("noted by")
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "asset", "kind", "words", "noted_at", "noted_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-pk"]
        verbose_name = _("line of a piece's history")
        verbose_name_plural = _("history of equipment")
        constraints = [*CommunityRecord.Meta.constraints]

    def __str__(self):
        return f"{self.asset_id}/{self.pk}"
