"""A book goes home with a child and comes back."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from premises.models.asset import Asset
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

USUAL = dt.timedelta(days=14)
LONGEST = dt.timedelta(days=90)
BOOKS_AT_A_TIME = 5


class LoanQuerySet(ScopedQuerySet):
    def out(self):
        return self.filter(status="out")

    def overdue_on(self, day):
        """Due before `day` and not back by then."""
        still_out = Q(status="out") | Q(ended_on__gt=day)  # each by an index of its own
        return self.filter(still_out, due_on__lt=day, out_on__lte=day)


class Loan(Lifecycle, CommunityRecord):
    """One copy of a book, one child."""

    class Status(models.TextChoices):
        OUT = "out", pgettext_lazy("a loan", "out")
        BACK = "back", pgettext_lazy("a loan", "back")
        LOST = "lost", pgettext_lazy("a loan", "not brought back")

    TRANSITIONS = {
        Status.OUT: {Status.BACK, Status.LOST},
        Status.BACK: set(),
        Status.LOST: set(),
    }

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="loans", verbose_name=_("Home"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="loans", verbose_name=_("book"))
    child = models.ForeignKey("children.Child", models.PROTECT, related_name="loans", verbose_name=_("child"))
    title = models.CharField(_("title of the book"), max_length=80)  # for the file, which may go elsewhere
    out_on = models.DateField(_("lent on"))
    due_on = models.DateField(_("due on"))
    ended_on = models.DateField(_("back on"), null=True, editable=False)
    status = models.CharField(_("status"), max_length=4, choices=Status, default=Status.OUT, editable=False)
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("lent by")
    )

    personal = {"title": BASIC}
    not_personal = [
        "id", "community", "district", "home", "asset", "child", "out_on", "due_on", "ended_on", "status", "lent_by",
    ]  # fmt: skip

    objects = LoanQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["due_on", "pk"]
        verbose_name = _("loan of a book")
        verbose_name_plural = _("loans of books")
        indexes = [
            models.Index(fields=["home", "due_on", "id"], condition=Q(status="out"), name="books_out_of_a_home"),
            models.Index(fields=["district", "due_on"], condition=Q(status="out"), name="books_out_of_a_district"),
            models.Index(fields=["district", "ended_on"], name="books_back_in_a_district"),
            models.Index(fields=["child", "-out_on"], name="loans_of_a_child"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["asset"],
                condition=Q(status="out"),
                name="a_copy_is_lent_to_one_child",
                violation_error_message=_("This copy is out already."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("out_on")) & (Q(ended_on=None) | Q(ended_on__gte=F("out_on"))),
                name="a_loan_ends_after_it_begins",
                violation_error_message=_("A book comes back after it was lent."),
            ),
            models.CheckConstraint(
                condition=Q(status="out", ended_on=None) | ~Q(status="out") & Q(ended_on__isnull=False),
                name="a_loan_that_is_over_has_its_day",
                violation_error_message=_("Say when the book came back."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.pk}"

    @property
    def is_overdue(self):
        return self.status == self.Status.OUT and self.due_on < timezone.localdate()

    @classmethod
    @transaction.atomic
    def lend(cls, asset, child, *, due_on, by):
        """The copy goes home with the child; its history says that it is lent, not to whom."""
        today = timezone.localdate()
        home = stored_for_update(asset.home)  # nobody closes it meanwhile
        piece = stored_for_update(asset)
        held = stored_for_update(child)
        if not home.is_open:
            raise Refused(gettext("This Home is closed."))
        if not piece.is_book:
            raise Refused(gettext("Only books are lent to children."))
        if piece.status == Asset.Status.LENT:
            raise Refused(gettext("This copy is out already."))
        if piece.status != Asset.Status.IN_USE:
            raise Refused(gettext("This is not in use at the moment."))
        if held.community_id != piece.community_id:
            raise Refused(gettext("This child is on file in another community."))
        if held.left_on is not None:
            raise Refused(gettext("This file is closed."))
        if not today <= due_on <= today + LONGEST:
            raise Refused(gettext("Choose a day from today to three months from now."))
        if held.loans.out().count() >= BOOKS_AT_A_TIME:
            raise Refused(gettext("This child has %(most)s books already.") % {"most": BOOKS_AT_A_TIME})
        piece.turn(Asset.Status.LENT, by=by)
        made = cls.objects.create(
            **{"home_id": piece.home_id, "asset": piece, "child": held, "community_id": piece.community_id},
            **{"title": piece.name, "out_on": today, "due_on": due_on, "lent_by": by},
        )
        log_act(by, "lent a book", made, child=held)
        return made

    @transaction.atomic
    def come_back(self, *, is_broken=False, by):
        piece = stored_for_update(self.asset)
        self._become(self.Status.BACK, by=by, verb="took a book back", ended_on=timezone.localdate())
        piece.turn(Asset.Status.BROKEN if is_broken else Asset.Status.IN_USE, by=by)

    @transaction.atomic
    def lose(self, *, by):
        """It does not come back: the piece stands in the register as missing."""
        piece = stored_for_update(self.asset)
        self._become(self.Status.LOST, by=by, verb="noted a book as lost", ended_on=timezone.localdate())
        piece.turn(Asset.Status.MISSING, words=gettext("A child did not bring it back."), by=by)
