from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC
from records.secrets import SecretField


class Merge(CommunityRecord):
    """Two files made one. What the kept file does not show stands here: other values, and what had to give way."""

    kept = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="merges", verbose_name=_("file kept")
    )
    gone = models.OneToOneField(
        "children.Child", on_delete=models.PROTECT, related_name="merge", verbose_name=_("file merged into it")
    )
    facts = SecretField(_("facts of both files"), editable=False)
    moved = models.JSONField(_("rows that moved"), default=dict, editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by"),
        editable=False,
    )  # fmt: skip
    merged_at = models.DateTimeField(_("merged"), default=timezone.now, editable=False)

    personal = {"facts": BASIC}
    not_personal = ["id", "kept", "gone", "community", "district", "moved", "merged_by", "merged_at"]
    bookkeeping = ["kept", "gone", "facts"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-merged_at"]
        verbose_name = _("merge of two files")
        verbose_name_plural = _("merges of files")

    def __str__(self):
        return f"{self.gone_id}→{self.kept_id}"
