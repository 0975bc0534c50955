from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.scoping import ScopedQuerySet
from records.trail import log_act


class Told(CommunityRecord):
    """Somebody concerned was told, the last time, that a day of an activity was moved or cancelled: the family of an
    enrolled child, a helper, or the member of staff who leads it."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="told", verbose_name=_("activity")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("child")
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("helper")
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("led by")
    )
    told_at = models.DateTimeField(_("told at"), default=timezone.now)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("told by")
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "activity", "child", "volunteer", "leader", "told_at", "told_by"]

    objects = ScopedQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("person told of a change")
        verbose_name_plural = _("people told of a change")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(child__isnull=False, volunteer=None, leader=None)
                | Q(child=None, volunteer__isnull=False, leader=None)
                | Q(child=None, volunteer=None, leader__isnull=False),
                name="one_person_is_told",
                violation_error_message=_("Say who was told."),
            ),
            *[
                models.UniqueConstraint(
                    fields=["activity", who],
                    name=f"a_{who}_is_told_once_of_an_activity",
                    violation_error_message=_("This person is noted already."),
                )
                for who in ("child", "volunteer", "leader")
            ],
        ]

    def __str__(self):
        return f"{self.activity_id}/{self.pk}"

    @classmethod
    def note(cls, activity, who, person, *, by):
        """`by` has told `person` of all that was changed up to now; the activity is locked."""
        now = {"told_at": timezone.now(), "told_by": by}
        facts = {"activity": activity, who: person}
        row, _is_new = cls.objects.update_or_create(
            **facts, defaults=now, create_defaults={**now, "community_id": activity.community_id}
        )
        log_act(by, "told of a change", row, activity=activity)
