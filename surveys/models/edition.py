import json

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC, SECRET
from records.secrets import SecretField
from surveys.lines import AT_A_TIME, Line


class RosterEdition(CommunityRecord):
    """A roster as it was handed in: its lines and figures never change, whatever becomes of the files."""

    class Outcome(models.TextChoices):
        WAITING = "", _("waiting for the street office")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", _("accepted by the street office")

    roster = models.ForeignKey(
        "surveys.Roster", on_delete=models.PROTECT, related_name="editions", editable=False, verbose_name=_("roster")
    )
    number = models.PositiveSmallIntegerField(_("edition"), editable=False)
    as_of = models.DateField(_("day of the roster"), editable=False)
    figures = models.JSONField(_("figures"), default=dict, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="", editable=False)
    remark = models.TextField(_("Remark of the street office"), blank=True, max_length=2000, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "roster", "number", "as_of", "figures", "submitted_at", "submitted_by"],
        *["outcome", "remark", "decided_at", "decided_by"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["roster", "number"]
        verbose_name = _("edition of a roster")
        verbose_name_plural = _("editions of rosters")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["roster", "number"],
                name="editions_of_a_roster_are_numbered",
                violation_error_message=_("This roster already has an edition of this number."),
            ),
        ]

    def __str__(self):
        return f"{self.roster_id}/{self.number}"

    def get_absolute_url(self):
        return reverse("surveys:edition", args=[self.roster_id, self.number])

    def how_many(self):
        return self.lines.count()

    def as_lines(self):
        """The lines in their order, read a few hundred at a time."""
        return (kept.as_line() for kept in self.lines.order_by("position").iterator(chunk_size=AT_A_TIME))


class RosterLine(CommunityRecord):
    """One child's line of a roster that was handed in, with the texts that stood in its boxes that day."""

    edition = models.ForeignKey(
        RosterEdition, on_delete=models.PROTECT, related_name="lines", editable=False, verbose_name=_("roster")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("child")
    )
    position = models.PositiveIntegerField(_("number in the list"), editable=False)
    layout = models.PositiveSmallIntegerField(_("layout"), editable=False)
    texts = SecretField(_("what stood in the line"), editable=False)
    remark = models.CharField(_("remark"), max_length=300, blank=True, editable=False)

    personal = {"texts": SECRET, "remark": BASIC}
    not_personal = ["id", "community", "district", "edition", "child", "position", "layout"]
    bookkeeping = ["position", "layout", "texts"]
    of_the_office = ["remark"]

    class Meta(CommunityRecord.Meta):
        ordering = ["edition", "position"]
        verbose_name = _("line of a roster")
        verbose_name_plural = _("lines of rosters")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition", "child"],
                name="a_child_stands_once_on_a_roster",
                violation_error_message=_("This child already stands on this roster."),
            ),
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="lines_of_a_roster_are_numbered",
                violation_error_message=_("This roster already has a line of this number."),
            ),
        ]

    def __str__(self):
        return f"{self.edition_id}/{self.position}"

    @classmethod
    def of(cls, edition, position, line):
        """A line as it is kept, unsaved."""
        return cls(
            community_id=edition.community_id,
            district=edition.district,
            edition=edition,
            child_id=line.child_id,
            position=position,
            layout=line.layout,
            texts=json.dumps(line.texts, ensure_ascii=False),
        )

    def as_line(self):
        """The line as it was kept; without its texts once the file has gone to another community or was erased."""
        if self.texts and self.community_id == self.edition.community_id:
            return Line(self.child_id, json.loads(self.texts), self.layout)
        return Line.blank(self.child_id, self.layout, _now("File no longer here"))
