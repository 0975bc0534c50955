"""What came in and what went out: entries that are never changed, and who signed for what was given out."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.owned import STAYS, CommunityRecord
from gifts.models.gift import GiftLine
from gifts.models.giver import account
from records.privacy import BASIC, FAMILY
from records.scoping import ScopedQuerySet


class Entry(CommunityRecord):
    """One line of the ledger. The database adds it to what is left, and refuses to change or remove it.

    It names no child: who was given something stands on the hand-out, which goes with the child's file.
    """

    on_transfer = STAYS

    class Kind(models.TextChoices):
        IN = "in", _("came in")
        OUT = "out", _("given out")
        BACK = "back", _("came back to stock")
        OFF = "off", _("written off")
        FOUND = "found", _("found when counting")
        VOID = "void", _("noted by mistake")

    line = models.ForeignKey(
        GiftLine, on_delete=models.PROTECT, related_name="entries", editable=False, verbose_name=_("thing given")
    )
    kind = models.CharField(_("what happened"), max_length=5, choices=Kind, editable=False)
    quantity = models.DecimalField(_("quantity"), max_digits=9, decimal_places=2, editable=False)
    on = models.DateField(_("day"), editable=False)
    why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    handler = models.CharField(_("who counted"), max_length=60, blank=True, editable=False)
    counter = models.CharField(_("second person who counted"), max_length=60, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="corrected_by",
        verbose_name=_("takes back"),
    )
    noted_by = account(_("noted by"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    personal = dict.fromkeys(["handler", "counter"], BASIC)
    not_personal = [
        *["id", "community", "district", "line", "kind", "quantity", "on", "why", "corrects", "noted_by", "noted_at"]
    ]

    objects = ScopedQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-on", "-pk"]
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("ledger of gifts")
        indexes = [
            models.Index(fields=["district", "-on", "-id"], name="ledger_by_day"),
            models.Index(fields=["line", "id"], name="ledger_of_a_thing"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["in", "back", "found"], quantity__gt=0)
                | Q(kind__in=["out", "off", "void"], quantity__lt=0),
                name="what_goes_out_is_below_nought",
                violation_error_message=_("What comes in is above nought, what goes out below."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["off", "found", "void"])
                | (~Q(why="") & ~Q(handler="") & ~Q(counter="") & ~Q(handler=F("counter"))),
                name="two_people_put_the_ledger_right_and_say_why",
                violation_error_message=_("Two people count, and say why the ledger is put right."),
            ),
            models.CheckConstraint(
                condition=Q(kind="back", corrects__isnull=False) & ~Q(why="") | ~Q(kind="back") & Q(corrects=None),
                name="what_is_taken_back_was_given_out",
                violation_error_message=_("Only what was given out is taken back, and why is said."),
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind="in"),
                name="a_thing_comes_in_once",
                violation_error_message=_("This thing is in the ledger already."),
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind="void"),
                name="a_thing_is_voided_once",
                violation_error_message=_("This was noted as a mistake already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"

    def get_absolute_url(self):
        return reverse("gifts:line", args=[self.line_id])


class HandOutQuerySet(ScopedQuerySet):
    def standing(self):
        """Not taken back."""
        return self.filter(entry__corrected_by=None)

    def reaching(self, child):
        """What the child was given, or its family."""
        to_family = Q(to=HandOut.To.FAMILY, child__household=child.household_id)
        return self.filter(Q(child=child) | to_family)


class HandOut(CommunityRecord):
    """What a child, its family or a Home was given, and who signed for it.

    It says itself what that was, for it goes with the child's file, and the thing stays with the community that gave.
    """

    class To(models.TextChoices):
        CHILD = "child", pgettext_lazy("gift", "given to the child")
        FAMILY = "family", _("given to the family")
        HOME = "home", _("given to the Home's equipment")

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="hand_out", editable=False, verbose_name=_("entry of the ledger")
    )
    to = models.CharField(_("to whom"), max_length=6, choices=To, editable=False)
    child = models.ForeignKey(
        "children.Child",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="hand_outs",
        verbose_name=_("child"),
    )
    home = models.ForeignKey(
        "homes.Home",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="hand_outs",
        verbose_name=_("Children's Home"),
    )
    what = models.CharField(_("what was given"), max_length=120)
    given_on = models.DateField(_("given on"), editable=False)
    signed_by = models.CharField(_("who signed"), max_length=60)
    scan = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("scan of the signed sheet"),
    )

    attachments = ["scan"]
    personal = {"what": BASIC, "signed_by": FAMILY, "scan": FAMILY}
    not_personal = ["id", "community", "district", "entry", "to", "child", "home", "given_on"]

    objects = HandOutQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-given_on", "-pk"]
        verbose_name = _("gift handed out")
        verbose_name_plural = _("gifts handed out")
        indexes = [
            models.Index(fields=["child", "-given_on"], name="hand_outs_of_a_child"),
            models.Index(fields=["district", "-given_on"], name="hand_outs_by_day"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(to="home", home__isnull=False, child=None)
                | Q(to__in=["child", "family"], home=None, child__isnull=False),
                name="what_is_handed_out_goes_to_a_child_or_a_home",
                violation_error_message=_("Something is handed out to a child, a family or a Home."),
            ),
        ]

    def __str__(self):
        return f"{self.get_to_display()} {self.given_on}"

    def get_absolute_url(self):
        return reverse("gifts:hand_out", args=[self.pk])
