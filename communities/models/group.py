from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.privacy import BASIC, CONTACT


class LeadingGroupMember(CommunityRecord):
    """Who answers for what in a community's leading group."""

    class Position(models.TextChoices):
        HEAD = "head", _("head (party branch secretary)")
        DEPUTY = "deputy", _("deputy head")
        MEMBER = "member", _("member")

    class Duty(models.TextChoices):
        SCHOOLING = "schooling", _("schooling rights")
        HEALTH = "health", _("immunisation and health")
        SUPPORT = "support", _("financial support")
        LAW = "law", _("law publicity and delinquency prevention")
        DISABILITY = "disability", _("care for disabled children")
        VOLUNTEERS = "volunteers", _("mobilising volunteers")
        HOME = "home", _("building the Home")

    name = models.CharField(_("name"), max_length=60)
    position = models.CharField(_("position"), max_length=10, choices=Position)
    duty = models.CharField(_("responsible for"), max_length=12, choices=Duty, blank=True)
    phone = PhoneField(_("phone"), blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    personal = {"name": BASIC, "phone": CONTACT}
    not_personal = ["id", "community", "district", "position", "duty", "since", "until"]

    class Meta(CommunityRecord.Meta):
        ordering = ["position", "pk"]
        verbose_name = _("leading group member")
        verbose_name_plural = _("leading group")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A membership cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.position}/{self.pk}"


class Meeting(CommunityRecord):
    """A meeting of the leading group: what was studied, decided and required."""

    class Kind(models.TextChoices):
        STUDY = "study", _("study meeting")
        SPECIAL = "special", _("special meeting")
        EXCHANGE = "exchange", _("exchange meeting")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    held_on = models.DateField(_("held on"))
    title = models.CharField(_("title"), max_length=120)
    minutes = models.TextField(_("record of the meeting"), blank=True, max_length=5000)
    decisions = models.TextField(_("opinions and requirements"), blank=True, max_length=5000)
    present = models.PositiveSmallIntegerField(_("people present"), default=0)

    personal = {"minutes": BASIC, "decisions": BASIC}
    not_personal = ["id", "community", "district", "kind", "held_on", "title", "present"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-held_on", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self):
        return f"{self.community_id}/{self.kind}/{self.held_on}"
