from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.models.nomination import Nomination
from communities.owned import STAYS, CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.trail import log_act
from records.versions import stored_for_update


class NominationEvidence(CommunityRecord):
    """A row of ours that proves what a nomination says; each reader follows it as far as their own rights go."""

    on_transfer = STAYS

    class Of(models.TextChoices):
        ACTIVITY = "activities.activity", _("activity")
        PUBLICITY = "activities.publicityitem", _("publicity")
        MEETING = "communities.meeting", _("meeting")
        CHECK = "homes.inspection", _("check of a Home")
        VISIT = "appraisal.visit", _("supervision visit")

    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("nomination")
    )
    of = models.CharField(_("kind of record"), max_length=30, choices=Of)
    key = models.BigIntegerField(_("record"))
    note = models.CharField(_("what it proves"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("added by")
    )

    personal = {"note": BASIC}
    not_personal = ["id", "community", "district", "nomination", "of", "key", "added_by"]
    bookkeeping = ["nomination", "of", "key"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("evidence of a nomination")
        verbose_name_plural = _("evidence of nominations")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["nomination", "of", "key"],
                name="a_row_proves_a_nomination_once",
                violation_error_message=_("This is linked already."),
            ),
        ]

    def __str__(self):
        return f"{self.nomination_id}/{self.of}/{self.key}"

    @classmethod
    @transaction.atomic
    def link(cls, nomination, *, row, note="", by):
        """Link a row of the nominating community that `by` may see."""
        stored = stored_for_update(nomination)
        if not stored.is_waiting:
            raise Refused(gettext("This nomination is settled."))
        if not stored.call.takes_nominations:
            raise Refused(gettext("The committee votes on what is linked: nothing is added any more."))
        label = row._meta.label_lower
        if label not in cls.Of.values or row.community_id != stored.community_id:
            raise Refused(gettext("Choose a record of your own community."))
        stored.refuse_telling(note)
        made, is_new = cls.objects.get_or_create(
            nomination=stored,
            of=label,
            key=row.pk,
            defaults={"community_id": stored.community_id, "note": note, "added_by": by},
        )
        if not is_new:
            raise Refused(gettext("This is linked already."))
        stored.save(update_fields=[])  # who decides has read another version
        log_act(by, "linked evidence", stored, evidence=made)
        return made

    @staticmethod
    def rows(lines, user):
        """{line's key: the row it names}, of those that `user` may see; one query for each kind."""
        found = {}
        for label in {line.of for line in lines}:
            wanted = {line.key: line.pk for line in lines if line.of == label}
            rows = apps.get_model(label).objects.visible_to(user).filter(pk__in=wanted)
            found.update({wanted[row.pk]: row for row in rows})
        return found
