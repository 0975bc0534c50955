from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import FAMILY
from records.striking import Strikable, who_strikes_is_named


class FamilyContact(Strikable, CommunityRecord):
    """A parent was in touch with the child: when, who and how. The law asks for it at least once a week.

    An entry is not changed: a wrong one is struck out, and stays with the reason.
    """

    class How(models.TextChoices):
        VIDEO = "video", _("video call")
        CALL = "call", _("phone call")
        MESSAGE = "message", _("message")
        VISIT = "visit", _("visit")

    class Who(models.TextChoices):
        FATHER = "father", _("father")
        MOTHER = "mother", _("mother")
        BOTH = "both", _("both parents")

    child = models.ForeignKey(
        "children.Child",
        on_delete=models.PROTECT,
        related_name="family_contacts",
        editable=False,
        verbose_name=_("child"),
    )
    made_on = models.DateField(_("day"), default=timezone.localdate)
    who = models.CharField(_("who"), max_length=10, choices=Who)
    how = models.CharField(_("how"), max_length=10, choices=How)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    personal = dict.fromkeys(["who", "how", "minutes", "made_on", "struck_because"], FAMILY)
    not_personal = ["id", "child", "community", "district", "noted_by", "noted_at", *Strikable.STRUCK]

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("contact of parents and child")
        verbose_name_plural = _("contacts of parents and child")
        indexes = [models.Index(fields=["child", "-made_on"], name="family_contacts_of_a_child")]
        constraints = [*CommunityRecord.Meta.constraints, who_strikes_is_named("family_contact")]

    def __str__(self):
        return f"{self.child_id}/{self.pk}"
