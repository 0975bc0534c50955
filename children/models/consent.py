from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet


class ConsentQuerySet(ScopedQuerySet):
    def in_force(self):
        return self.filter(withdrawn_on=None)


class Consent(CommunityRecord):
    """What a guardian agreed to, for one purpose, until it is withdrawn."""

    class Purpose(models.TextChoices):
        PROCESSING = "processing", _("keeping this file")
        PHOTO = "photo", _("photos in the file")
        PUBLICITY = "publicity", _("photos and stories in public")
        SHARING = "sharing", _("sharing what is needed with the helper")

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="consents", verbose_name=_("child")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    given_by = models.CharField(_("given by"), max_length=60)
    given_on = models.DateField(_("given on"))
    scan = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed sheet"),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    attachments = ["scan"]
    personal = {"given_by": BASIC, "scan": BASIC}
    not_personal = ["id", "child", "community", "district", "purpose", "given_on", "withdrawn_on"]

    objects = ConsentQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["purpose", "-given_on"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "purpose"],
                condition=Q(withdrawn_on=None),
                name="one_consent_in_force_per_child_and_purpose",
                violation_error_message=_("This consent is already on file."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_is_withdrawn_after_it_is_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.purpose}"


class ReferralQuerySet(ScopedQuerySet):
    def current(self):
        today = timezone.localdate()
        return self.filter(Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))


class Referral(CommunityRecord):
    """A child referred to a counsellor, who sees the file as long as the referral lasts."""

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="referrals", verbose_name=_("child")
    )
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("counsellor")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)

    personal = {"reason": CARE}
    not_personal = ["id", "child", "counsellor", "community", "district", "starts_on", "ends_on"]

    objects = ReferralQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="referral_ends_after_it_starts",
                violation_error_message=_("A referral cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.counsellor_id}"

    @classmethod
    def own_to(cls, user):
        """Only where the counsellor is posted: a file that goes elsewhere is no longer theirs."""
        today = timezone.localdate()
        current = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
        return user.own_scope(cls).q(cls) & current & Q(counsellor=user)
