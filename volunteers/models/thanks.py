from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.trail import log_act
from volunteers.models.contact import ContactDuty
from volunteers.models.pairing import Pairing
from volunteers.models.volunteer import Volunteer


class ThanksQuerySet(ScopedQuerySet):
    def shown_to(self, volunteer, pairings):
        """What nobody's family said always; a family's words, and those for an entry, as long as the helper
        accompanies the children they may speak of."""
        over = ContactDuty.objects.filter(contact=OuterRef("contact")).exclude(pairing__in=pairings)
        rows = self.filter(volunteer=volunteer).exclude(Exists(over))
        return rows.filter(models.Q(pairing=None) | models.Q(pairing__in=pairings))


class Thanks(CommunityRecord):
    """Words of thanks to a helper, noted by staff."""

    class Source(models.TextChoices):
        CHILD = "child", _("the child")
        FAMILY = "family", _("the family")
        SCHOOL = "school", _("the school")
        OFFICE = "office", _("the community office")

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="thanks", verbose_name=_("helper"))
    pairing = models.ForeignKey(
        Pairing, on_delete=models.PROTECT, null=True, blank=True, related_name="thanks", verbose_name=_("pairing")
    )
    contact = models.OneToOneField(
        "volunteers.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="thanks",
        verbose_name=_("for the entry"),
    )
    source = models.CharField(_("thanks from"), max_length=10, choices=Source, default=Source.OFFICE)
    text = SecretField(_("words of thanks"), blank=True, max_length=500)
    said_on = models.DateField(_("said on"), default=timezone.localdate)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("noted by")
    )

    personal = {"text": CARE}
    not_personal = ["id", "community", "district", "volunteer", "pairing", "contact", "source", "said_on", "noted_by"]

    objects = ThanksQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-said_on", "-pk"]
        verbose_name = _("thanks to a helper")
        verbose_name_plural = _("thanks to helpers")
        indexes = [models.Index(fields=["volunteer", "-said_on", "-id"], name="thanks_to_a_helper")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(source__in=["child", "family"]) | models.Q(pairing__isnull=False),
                name="thanks_of_a_family_name_the_pairing",
                violation_error_message=_("Choose the child whose family says thank you."),
            ),
        ]

    def __str__(self):
        return gettext("Thanks %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def say(cls, volunteer, *, text, source=Source.OFFICE, pairing=None, contact=None, said_on=None, by):
        """Note thanks; what a child or a family says is tied to its pairing, and shown no longer than that holds.

        Thanks for a `contact` are due to the helper who made it, who may only have stood in for the pairing's own."""
        helper, on = volunteer.locked(), said_on or timezone.localdate()
        if on > timezone.localdate():
            raise Refused(gettext("This day has not come yet."))
        if source in (cls.Source.CHILD, cls.Source.FAMILY) and pairing is None:
            raise Refused(gettext("Choose the child whose family says thank you."))
        whose = contact or pairing
        if whose is not None and whose.volunteer_id != helper.pk:
            raise Refused(gettext("This child is accompanied by another helper."))
        if contact is not None and cls.objects.filter(contact=contact).exists():
            raise Refused(gettext("The helper has been thanked for this entry."))
        if helper.user_id == by.pk:
            raise Refused(gettext("Nobody thanks themselves: ask a colleague."))
        code = pairing.community_id if pairing else helper.community_id
        facts = {"volunteer": helper, "pairing": pairing, "contact": contact, "source": source, "text": text}
        thanks = cls.objects.create(**facts, said_on=on, community_id=code, noted_by=by)
        log_act(by, "said thanks", helper, thanks=thanks)
        return thanks
