"""What a Home asks to buy: asked by its own people, decided above them, then checked in piece by piece."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

PIECES_AT_MOST = 200


class AssetKind(models.TextChoices):
    BOOK = "book", _("book or periodical")
    FURNITURE = "furniture", _("furniture")
    COMPUTER = "computer", _("computer")
    TELEPHONE = "telephone", _("telephone")
    SPORT = "sport", _("sports equipment")
    TOY = "toy", _("toys and games")
    EMERGENCY = "emergency", _("emergency supplies")
    OTHER = "other", pgettext_lazy("equipment", "other")


class AssetRequestQuerySet(ScopedQuerySet):
    def to_decide(self):
        return self.filter(status="asked", home__closed_on=None)

    def coming(self):
        """Approved, and not all of it is there yet."""
        return self.filter(status="approved")


class AssetRequest(Lifecycle, CommunityRecord):
    """Equipment or books that a Home asks for."""

    class Status(models.TextChoices):
        ASKED = "asked", _("to be decided")
        APPROVED = "approved", _("approved, to be bought")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        RECEIVED = "received", pgettext_lazy("request", "checked in")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    TRANSITIONS = {
        Status.ASKED: {Status.APPROVED, Status.REFUSED, Status.WITHDRAWN},
        Status.APPROVED: {Status.RECEIVED, Status.WITHDRAWN},
        Status.REFUSED: set(),
        Status.RECEIVED: set(),
        Status.WITHDRAWN: set(),
    }

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="asset_requests", verbose_name=_("Home"))
    kind = models.CharField(_("kind of thing"), max_length=10, choices=AssetKind)
    name = models.CharField(_("what is asked for"), max_length=80)
    quantity = models.PositiveSmallIntegerField(
        _("how many"), validators=[MinValueValidator(1), MaxValueValidator(PIECES_AT_MOST)]
    )
    unit_price = models.DecimalField(
        _("about how much one costs, yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    reason = models.CharField(_("what for"), max_length=300)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False)
    asked_on = models.DateField(_("asked on"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("asked by")
    )
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    remark = models.CharField(_("remark of who decided"), max_length=300, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "kind", "name", "quantity", "unit_price", "reason", "status", "asked_on",
        "asked_by", "decided_on", "decided_by", "remark",
    ]  # fmt: skip

    objects = AssetRequestQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-asked_on", "-pk"]
        verbose_name = _("request for equipment")
        verbose_name_plural = _("requests for equipment")
        indexes = [
            models.Index(
                fields=["district", "community", "id"], condition=Q(status="asked"), name="asset_requests_to_decide"
            ),
            models.Index(fields=["home", "-asked_on", "-id"], name="asset_requests_of_a_home"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=PIECES_AT_MOST)
                & (Q(unit_price=None) | Q(unit_price__gte=0)),
                name="between_one_and_two_hundred_are_asked_for",
                violation_error_message=_("Ask for 1 to 200 pieces, at a price of 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="who_asks_for_equipment_does_not_approve_it",
                violation_error_message=_("Somebody else must decide on what you asked for yourself."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "withdrawn"])
                | Q(decided_by__isnull=False, decided_on__isnull=False) & (~Q(status="refused") | ~Q(remark="")),
                name="what_is_decided_on_equipment_is_signed",
                violation_error_message=_("Say why it is refused."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("premises:request", args=[self.pk])

    @property
    def price(self):
        """In yuan, of all that is asked for; None where nobody knows."""
        return None if self.unit_price is None else self.unit_price * self.quantity

    @property
    def outstanding(self):
        """How many of those approved are not checked in yet."""
        return self.quantity - self.assets.count() if self.status == self.Status.APPROVED else 0

    @classmethod
    @transaction.atomic
    def ask(cls, home, *, by, **facts):
        held = stored_for_update(home)
        if not held.is_open:
            raise Refused(gettext("This Home is closed."))
        made = cls(home=held, community_id=held.community_id, asked_on=timezone.localdate(), asked_by=by, **facts)
        made.save()
        log_act(by, "asked for equipment", made, fields=list(facts))
        return made

    def approve(self, *, remark="", by):
        self._decide(self.Status.APPROVED, "approved equipment", remark, by)

    def refuse(self, *, remark, by):
        self._decide(self.Status.REFUSED, "refused equipment", remark, by)

    def _decide(self, status, verb, remark, by):
        if self.asked_by_id == by.pk:
            raise Refused(gettext("Somebody else must decide on what you asked for yourself."))
        if status == self.Status.REFUSED and not remark:
            raise Refused(gettext("Say why it is refused."))
        self._become(status, by=by, verb=verb, decided_on=timezone.localdate(), decided_by=by, remark=remark)

    @transaction.atomic
    def withdraw(self, *, by):
        """It is not needed any more, or what is still missing is not bought; pieces that came stay."""
        stored_for_update(self.home)
        if self.assets.exists():
            self._become(self.Status.RECEIVED, by=by, verb="closed a request for equipment")
        else:
            self._become(self.Status.WITHDRAWN, by=by, verb="withdrew a request for equipment")

    def note_received(self, *, by):
        """Part of `premises.registering`."""
        self._become(self.Status.RECEIVED, by=by, verb="closed a request for equipment")
