from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.owned import STAYS, CommunityRecord


class TermTotal(CommunityRecord):
    """How a community's five ones of a term stood when they were last counted, so that no page counts them.

    Written by `volunteers.totals.count` alone.
    """

    on_transfer = STAYS

    term = models.ForeignKey("communities.Term", on_delete=models.PROTECT, related_name="+", verbose_name=_("term"))
    counted_on = models.DateField(_("counted on"))
    pairings = models.PositiveIntegerField(_("pairings"))
    owed = models.PositiveIntegerField(_("owed"))
    done = models.PositiveIntegerField(_("done"))
    overdue = models.PositiveIntegerField(_("overdue"))
    excused = models.PositiveIntegerField(_("excused"))

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "term", "counted_on", "pairings", "owed", "done", "overdue", "excused"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["community", "term"]
        verbose_name = _("total of a term")
        verbose_name_plural = _("totals of the terms")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "term"],
                name="one_total_per_community_and_term",
                violation_error_message=_("This term is counted already."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.term_id}"
