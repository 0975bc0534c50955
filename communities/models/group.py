from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.privacy import BASIC, CONTACT
from records.scoping import ScopedQuerySet


class GroupQuerySet(ScopedQuerySet):
    def on_day(self, day):
        """Members on `day`, heads and deputies first."""
        rank = models.Case(models.When(position="head", then=0), models.When(position="deputy", then=1), default=2)
        rows = self.filter(Q(since__lte=day), Q(until=None) | Q(until__gte=day))
        return rows.annotate(rank=rank).order_by("rank", "since", "pk")


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
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whoever signs in here finds on the first page what they promised in meetings."),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    personal = {"name": BASIC, "phone": CONTACT, "account": BASIC}
    not_personal = ["id", "community", "district", "position", "duty", "since", "until"]

    objects = GroupQuerySet.as_manager()

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

    @property
    def is_member(self):
        """Whether the membership has not ended."""
        return self.until is None or self.until >= timezone.localdate()
