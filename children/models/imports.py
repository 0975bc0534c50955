from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import STAYS
from records.file_parts import FilePart
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC, SECRET
from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act

LARGE = 1000  # rows


class ImportBatch(Lifecycle, Record):
    """One uploaded roster: read, shown row by row, then taken in as a whole or not at all.

    It belongs to the division it was uploaded for. A street office's roster is not seen by its communities' workers.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("being read")
        PREVIEWED = "previewed", _("waiting to be confirmed")
        CONFIRMED = "confirmed", _("taken in")
        DISCARDED = "discarded", _("discarded")
        UNDONE = "undone", _("taken back")

    TRANSITIONS = {
        Status.WAITING: {Status.PREVIEWED, Status.DISCARDED},
        Status.PREVIEWED: {Status.PREVIEWED, Status.CONFIRMED, Status.DISCARDED},
        Status.CONFIRMED: {Status.UNDONE},
        Status.DISCARDED: set(),
        Status.UNDONE: set(),
    }
    community_path = "division_id"
    district_path = "district"

    division = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("division"),
    )
    district = models.CharField(_("district"), max_length=DISTRICT_DIGITS, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING, editable=False)
    file_name = models.CharField(_("file"), max_length=150)
    sha256 = models.CharField(max_length=64, editable=False)
    most_rows = models.PositiveIntegerField(default=0, editable=False)  # that its sheets can turn out to have
    as_of = models.DateField(_("survey day"))
    counts = models.JSONField(_("counts"), default=dict, editable=False)
    layouts = SecretField(blank=True, editable=False)
    written = models.JSONField(default=dict, editable=False)  # what taking it in made, for taking it back
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    personal = {"layouts": BASIC, "file_name": BASIC}
    not_personal = [
        *["id", "division", "district", "status", "sha256", "most_rows", "as_of", "counts", "written"],
        *["uploaded_by", "uploaded_at", "confirmed_by", "confirmed_at"],
    ]

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        indexes = [models.Index(fields=["district", "division", "-id"], name="rosters_of_a_division")]
        constraints = [
            models.CheckConstraint(
                condition=Q(district=Left(F("division_id"), DISTRICT_DIGITS)),
                name="roster_district_is_its_divisions",
                violation_error_message=_("The district must be the one the division lies in."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["confirmed", "undone"], confirmed_at__isnull=False)
                | (~Q(status__in=["confirmed", "undone"]) & Q(confirmed_at=None)),
                name="roster_taken_in_has_its_time",
                violation_error_message=_("A roster that was taken in carries the time."),
            ),
        ]

    def __str__(self):
        return _("Roster %(number)s") % {"number": self.pk}

    def save(self, *args, **kwargs):
        self.district = self.division_id[:DISTRICT_DIGITS]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("children:import_batch", args=[self.pk])

    @property
    def is_open(self):
        return self.status == self.Status.PREVIEWED

    @property
    def is_large(self):
        """Whether taking it in outlasts a person's patience and is done as a job."""
        return self.counts.get("rows", 0) >= LARGE

    @property
    def reading(self):
        """Which reading of the file its rows come from: read anew, it has other rows."""
        return self.rows.order_by("-position").values_list("pk", flat=True).first() or 0

    def note_read(self, *, by, again=False):
        """Part of `children.imports.read`."""
        self._become(
            self.Status.PREVIEWED, by=by, verb="read the columns anew" if again else "uploaded",
            counts=self.counts, layouts=self.layouts,
        )  # fmt: skip

    def note_undone(self, *, by):
        """Part of `children.import_undo.undo`."""
        self._become(self.Status.UNDONE, by=by, verb="took back", layouts="", written={})

    def note_confirmed(self, *, by):
        """Part of `children.imports.confirm`."""
        self._become(self.Status.CONFIRMED, by=by, verb="confirmed", confirmed_by=by, confirmed_at=timezone.now())

    def note_discarded(self, *, by):
        """Part of `children.imports.discard`."""
        self._become(self.Status.DISCARDED, by=by, verb="discarded", layouts="")


class ImportRowQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        return super().visible_to(user, action).of_children_here()

    def with_place(self):
        return self.annotate(named_as=Concat("sheet", Value("!"), Cast("row", models.CharField())))

    def at(self, places):
        """The rows that stand at these places, in the report's words."""
        return self.with_place().filter(named_as__in=places)

    def of_children_here(self):
        """Without what the roster says of children whose files have gone to a community outside it."""
        gone = Q(child__isnull=False) & ~Q(child__community__pk__startswith=F("batch__division__pk"))
        same = ImportRow.objects.filter(gone, batch=OuterRef("batch")).with_place()
        children = ImportRow._meta.get_field("child").related_model.objects
        renumbered = children.filter(transfer_lines__number_before=OuterRef("duplicate_of")).exclude(
            community__pk__startswith=OuterRef("batch__division__pk")
        )
        named = Q(duplicate_of__gt="") & (Exists(same.filter(named_as=OuterRef("duplicate_of"))) | Exists(renumbered))
        return self.exclude(gone).exclude(named)


class ImportPart(FilePart):
    """A piece of the file itself, kept until its roster is taken in, discarded or forgotten."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="parts")

    not_personal = ["id", "batch", "position"]

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                name="one_piece_per_place_in_a_roster_file",
                violation_error_message=_("This place in the file is taken."),
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.position}"


class ColumnMeaning(Record):
    """What a person said a header stands for; it holds for the next rosters of the division too, until undone."""

    community_path = "division_id"
    district_path = "district"

    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("division")
    )
    district = models.CharField(_("district"), max_length=DISTRICT_DIGITS, editable=False)
    words = models.CharField(_("header in the file"), max_length=300)
    field = models.CharField(_("read as"), max_length=40, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("said by")
    )
    said_at = models.DateTimeField(_("said"), auto_now_add=True)
    ended_at = models.DateTimeField(_("undone"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "division", "district", "words", "field", "said_by", "said_at", "ended_at"]

    class Meta:
        ordering = ["words"]
        verbose_name = _("meaning of a header")
        verbose_name_plural = _("meanings of headers")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "words"],
                condition=Q(ended_at=None),
                name="one_meaning_of_a_header_in_a_division",
                violation_error_message=_("This header has a meaning already."),
            ),
            models.CheckConstraint(
                condition=Q(district=Left(F("division_id"), DISTRICT_DIGITS)),
                name="header_district_is_its_divisions",
                violation_error_message=_("The district must be the one the division lies in."),
            ),
        ]

    def __str__(self):
        return self.words

    def save(self, *args, **kwargs):
        self.district = self.division_id[:DISTRICT_DIGITS]
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, division_id):
        """{header: meaning} in force for a division."""
        return {one.words: one for one in cls.objects.filter(division=division_id, ended_at=None)}

    @classmethod
    def remember(cls, division, meanings, *, by):
        """{header: fact} said by a person takes the place of what was said before."""
        with transaction.atomic():
            before = cls.of(division.pk)
            for words, field in meanings.items():
                if words in before:
                    before[words].forget(by=by)
                try:
                    with transaction.atomic():
                        said = cls.objects.create(division=division, words=words, field=field, said_by=by)
                except IntegrityError:  # said at this moment by somebody else, or by a second click
                    words_said = gettext("Somebody has just said what “%(words)s” means. Look at the columns again.")
                    raise Refused(words_said % {"words": words}) from None
                log_act(by, "said what a header means", said)

    def forget(self, *, by):
        """Whether it was in force until now: undone a second time nothing happens."""
        with transaction.atomic():
            ended = type(self).objects.filter(pk=self.pk, ended_at=None).update(ended_at=timezone.now())
            if ended:
                log_act(by, "undid what a header means", self)
        return bool(ended)


class ImportRow(Record):
    """One row of a roster, what became of it and, once taken in, which child it went to."""

    community_path = "batch__division_id"
    district_path = "batch__district"
    on_transfer = STAYS

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows", verbose_name=_("roster"))
    position = models.PositiveIntegerField()
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("row"))
    disposition = models.CharField(_("verdict"), max_length=10)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    warnings = ArrayField(models.CharField(max_length=40), default=list)
    duplicate_of = models.CharField(_("same as"), max_length=120, blank=True)
    match_type = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=20, blank=True)
    community = models.CharField(_("community"), max_length=12, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name=_("corrects")
    )
    values = SecretField(blank=True)
    cells = SecretField(blank=True)
    layout = models.PositiveSmallIntegerField(null=True)
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, null=True, related_name="import_rows", verbose_name=_("child")
    )

    personal = {"values": SECRET, "cells": SECRET}
    not_personal = [
        *["id", "batch", "position", "sheet", "row", "disposition", "reasons", "warnings"],
        *["duplicate_of", "match_type", "action", "community", "layout", "child", "corrects"],
    ]
    bookkeeping = ["duplicate_of", "disposition"]

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("roster row")
        verbose_name_plural = _("roster rows")
        indexes = [models.Index(fields=["batch", "disposition", "position"], name="roster_rows_by_verdict")]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                name="one_row_per_place_in_a_roster",
                violation_error_message=_("This place in the roster is taken."),
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=["ignored", "accepted", "rejected", "duplicate"]),
                name="roster_row_has_a_verdict",
                violation_error_message=_("A row is accepted, rejected, a duplicate or ignored."),
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.position}"
