from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Away
from communities.owned import CommunityRecord
from records.erasing import said
from records.privacy import BASIC
from records.scoping import ScopedQuerySet


class CardQuerySet(ScopedQuerySet):
    def latest(self):
        """Of each child and kind the edition issued last; who holds an older one was given a newer."""
        return self.filter(is_latest=True)

    def replaced(self):
        return self.filter(is_latest=False)

    def to_hand_over(self):
        """Issued and still in the office: an edition that was replaced is handed over to nobody."""
        return self.latest().filter(handed_on=None)

    def to_compare(self, day):
        """Those that may be out of date: a printed fact was written since, or a stay away that was printed is over."""
        over = Away.objects.filter(
            adult__kinships__child=OuterRef("child"), until__gt=OuterRef("issued_at__date"), until__lte=day
        )
        return self.filter(Q(is_touched=True) | Exists(over))


class Card(CommunityRecord):
    """One edition of a card for one child, as it was issued: a keyed fingerprint of what it says, never the words."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Parent contact card")
        PHONE = "phone", _("Family phone card")

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="cards", editable=False, verbose_name=_("child")
    )
    kind = models.CharField(_("card"), max_length=10, choices=Kind, editable=False)
    edition = models.PositiveIntegerField(_("edition"), editable=False)
    is_latest = models.BooleanField(default=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    is_touched = models.BooleanField(default=False, editable=False, db_default=False)  # set by a trigger
    issued_at = models.DateTimeField(_("issued"), default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("issued by"),
    )
    handed_on = models.DateField(_("handed over on"), null=True, blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=60, blank=True)

    personal = {"handed_to": BASIC, "fingerprint": BASIC}
    erased = {"handed_to": said("handed_to")}
    not_personal = [
        *["id", "child", "community", "district", "kind", "edition", "is_latest", "is_touched"],
        *["issued_at", "issued_by", "handed_on"],
    ]

    objects = CardQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["kind", "-edition"]
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        indexes = [
            models.Index(
                fields=["district", "community", "kind"],
                condition=Q(is_latest=True),
                name="latest_cards_of_a_community",
            ),
            models.Index(fields=["community", "-issued_at", "-id"], name="card_log_of_a_community"),
            models.Index(fields=["district", "-issued_at", "-id"], name="card_log_of_a_district"),
            models.Index(
                fields=["district", "-issued_at", "-id"],
                condition=Q(is_latest=True, handed_on=None),
                name="cards_to_hand_over",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "kind", "edition"],
                name="one_card_per_child_kind_and_edition",
                violation_error_message=_("This edition has already been issued."),
            ),
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(is_latest=True),
                name="one_latest_card_per_child_and_kind",
                violation_error_message=_("A newer card has been issued."),
            ),
            models.CheckConstraint(
                condition=Q(handed_on=None, handed_to="") | (Q(handed_on__isnull=False) & ~Q(handed_to="")),
                name="card_handed_over_has_day_and_person",
                violation_error_message=_("Say on which day and to whom the card was handed over."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.kind}/{self.edition}"
