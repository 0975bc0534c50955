from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.versions import Versioned


class Answer(Versioned, CommunityRecord):
    """What was found for one requirement in one check. What the system measured is never typed over, only disputed."""

    inspection = models.ForeignKey(
        "homes.Inspection", on_delete=models.PROTECT, related_name="answers", verbose_name=_("check")
    )
    item = models.ForeignKey("homes.StandardItem", on_delete=models.PROTECT, verbose_name=_("requirement"))
    yes = models.BooleanField(_("found"), null=True)
    number = models.DecimalField(
        _("found"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    choice = models.PositiveSmallIntegerField(_("found"), null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=500, blank=True)
    not_applicable = models.BooleanField(_("does not apply here"), default=False)
    measured = models.BooleanField(_("measured by the system"), default=False, editable=False)
    numerator = models.PositiveIntegerField(_("rows counted"), null=True, editable=False)
    denominator = models.PositiveIntegerField(_("out of"), null=True, editable=False)
    disputed = models.BooleanField(_("disputed"), default=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("answered by"),
    )

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "version", "inspection", "item", "yes", "number", "choice", "comment",
        "not_applicable", "measured", "numerator", "denominator", "disputed", "answered_by",
    ]  # fmt: skip

    class Meta(CommunityRecord.Meta):
        ordering = ["inspection_id", "item__position"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["inspection", "item"],
                name="one_answer_per_check_and_requirement",
                violation_error_message=_("This requirement is answered already."),
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False, disputed=False) | ~Q(comment=""),
                name="what_is_left_out_or_disputed_has_a_reason",
                violation_error_message=_("Say why: write it in the comment."),
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(number__gte=0),
                name="a_number_found_is_not_negative",
                violation_error_message=_("A number below zero cannot be right."),
            ),
            models.CheckConstraint(
                condition=Q(measured=False, numerator=None, denominator=None)
                | Q(measured=True, numerator__isnull=False),
                name="what_was_measured_keeps_its_rows",
                violation_error_message=_("What the system measured keeps the number it counted."),
            ),
            models.CheckConstraint(
                condition=Q(disputed=False) | Q(measured=True),
                name="only_what_was_measured_is_disputed",
                violation_error_message=_("Only what the system measured can be disputed."),
            ),
        ]

    def __str__(self):
        return f"{self.inspection_id}/{self.item_id}"

    @property
    def has_nothing_to_measure(self):
        """A share of nobody says nothing, so it counts neither way."""
        return self.measured and self.denominator == 0

    @property
    def photos_kept(self):
        """The pictures that count; prefetched by whoever shows many."""
        return [photo for photo in self.photos.all() if photo.withdrawn_at is None]

    @property
    def is_answered(self):
        return bool(
            self.not_applicable
            or self.measured
            or self.yes is not None
            or self.number is not None
            or self.choice is not None
            or self.photos_kept
        )


class AnswerPhoto(CommunityRecord):
    """A picture of the room as evidence. Nobody can be recognised in it: whoever adds it says so."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="photos", verbose_name=_("answer"))
    photo = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name=_("photo")
    )
    added_at = models.DateTimeField(_("time added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    nobody_shown = models.BooleanField(_("nobody can be recognised"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    attachments = ["photo"]
    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "answer", "photo", "added_at", "added_by", "nobody_shown", "withdrawn_at",
    ]  # fmt: skip

    class Meta(CommunityRecord.Meta):
        ordering = ["answer_id", "pk"]
        verbose_name = _("photo of a Home")
        verbose_name_plural = _("photos of Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nobody_shown=True),
                name="nobody_is_recognised_in_a_photo_of_a_home",
                violation_error_message=_("Only pictures in which nobody can be recognised are kept here."),
            ),
        ]

    def __str__(self):
        return f"{self.answer_id}/{self.pk}"
