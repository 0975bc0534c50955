import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from gifts.models.drive import Drive
from gifts.models.giver import Giver, account
from records.privacy import BASIC
from records.scoping import ScopedQuerySet

SOON = dt.timedelta(days=30)


class GiftQuerySet(ScopedQuerySet):
    def standing(self):
        """Not noted by mistake."""
        return self.filter(voided_on=None)


class Gift(CommunityRecord):
    """What one giver brought on one day, counted by two people. What was noted is not changed afterwards: what was
    noted by mistake is voided, and stays on record."""

    giver = models.ForeignKey(
        Giver, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("giver")
    )
    drive = models.ForeignKey(
        Drive, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("donation drive")
    )
    received_on = models.DateField(_("received on"))
    purpose = models.CharField(
        _("what the giver means it for"),
        max_length=200,
        help_text=_("For example: school things for the new term. The giver reads this: name no child."),
    )
    handler = models.CharField(_("who received it"), max_length=60)
    counter = models.CharField(
        _("second person who counted"), max_length=60, help_text=_("Somebody else than the one who received it.")
    )
    noted_by = account(_("noted by"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)
    voided_on = models.DateField(_("found to be noted by mistake on"), null=True, editable=False)

    personal = dict.fromkeys(["handler", "counter"], BASIC)
    not_personal = [
        *["id", "community", "district", "giver", "drive", "received_on", "purpose", "noted_by", "noted_at"],
        "voided_on",
    ]

    objects = GiftQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-received_on", "-pk"]
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        indexes = [
            models.Index(fields=["district", "-received_on", "-id"], name="gifts_by_day"),
            models.Index(fields=["giver", "-received_on"], name="gifts_of_a_giver"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(handler="") & ~Q(counter="") & ~Q(handler=F("counter")),
                name="a_gift_is_counted_by_two_people",
                violation_error_message=_("Who counts is another person than who received it."),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("gifts:gift", args=[self.pk])

    @property
    def number(self):
        """What stands on the receipt."""
        return f"{self.received_on:%Y}-{self.pk:05}"

    @property
    def value(self):
        """In yuan, of what has a price; None where nothing has one."""
        known = [line.value for line in self.lines.all() if line.value is not None]
        return sum(known) if known else None

    @property
    def giver_name(self):
        return str(self.giver) if self.giver_id else str(_("anonymous giver"))


class GiftLineQuerySet(ScopedQuerySet):
    def in_stock(self):
        return self.filter(remaining__gt=0)

    def used_up(self):
        return self.filter(remaining=0, gift__voided_on=None)

    def expired_on(self, day):
        return self.in_stock().filter(expires_on__lt=day)

    def expiring(self, day):
        """What can still be given out, and not for long."""
        return self.in_stock().filter(expires_on__gte=day, expires_on__lte=day + SOON)


class GiftLine(CommunityRecord):
    """One thing that was given, as it stands on the receipt."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        MONEY = "money", _("money")
        FOOD = "food", _("food")
        MEDICINE = "medicine", _("medicine")

    EXPIRING = (Kind.FOOD, Kind.MEDICINE)

    gift = models.ForeignKey(
        Gift, on_delete=models.PROTECT, related_name="lines", editable=False, verbose_name=_("gift")
    )
    kind = models.CharField(_("kind of gift"), max_length=8, choices=Kind, default=Kind.GOODS)
    what = models.CharField(_("what it is"), max_length=80, blank=True)
    quantity = models.DecimalField(_("how many, or yuan"), max_digits=9, decimal_places=2)
    unit = models.CharField(
        _("unit"), max_length=12, blank=True, help_text=_("Piece, bag, kilogram … Left empty for money.")
    )
    unit_price = models.DecimalField(
        _("price of one in yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Leave empty where there is no price."),
    )
    expires_on = models.DateField(
        _("last day of use"), null=True, blank=True, help_text=_("Needed for food and medicine.")
    )

    remaining = models.DecimalField(
        _("still in stock"), max_digits=9, decimal_places=2, default=0, editable=False
    )  # the database adds every entry of the ledger to it

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "gift", "community", "district", "kind", "what", "quantity", "unit", "unit_price", "expires_on"],
        "remaining",
    ]

    objects = GiftLineQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["gift", "pk"]
        verbose_name = _("thing given")
        verbose_name_plural = _("things given")
        indexes = [
            models.Index(
                fields=["district", "expires_on", "id"],
                include=["community"],
                condition=Q(remaining__gt=0),
                name="stock_by_last_day",
            )
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(unit_price=None) | Q(unit_price__gte=0)),
                name="a_thing_given_is_some",
                violation_error_message=_("The quantity is above nought, and no price is below."),
            ),
            models.CheckConstraint(
                condition=Q(kind="money", what="", unit="", unit_price=1, expires_on=None)
                | (~Q(kind="money") & ~Q(what="") & ~Q(unit="")),
                name="what_is_no_money_has_a_name_and_a_unit",
                violation_error_message=_("Say what it is and in which unit it is counted."),
            ),
            models.CheckConstraint(
                condition=Q(remaining__gte=0),
                name="stock_is_never_below_nought",
                violation_error_message=_("There is not so much left."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["food", "medicine"]) | Q(expires_on__isnull=False),
                name="food_and_medicine_have_a_last_day",
                violation_error_message=_("Food and medicine have a last day of use."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("gifts:line", args=[self.pk])

    @property
    def name(self):
        return self.what or self.get_kind_display()

    @property
    def measure(self):
        """The word behind a quantity."""
        return self.unit or str(_("yuan"))

    @property
    def is_money(self):
        return self.kind == self.Kind.MONEY

    @property
    def value(self):
        """In yuan; None where there is no price."""
        return None if self.unit_price is None else self.quantity * self.unit_price

    def is_expired_on(self, day):
        return self.expires_on is not None and self.expires_on < day
