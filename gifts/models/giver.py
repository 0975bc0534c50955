from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.privacy import BASIC, CONTACT
from records.secrets import LastFourField
from records.versions import Versioned


def account(words):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=words
    )


class Giver(Versioned, CommunityRecord):
    """Who gives to a community's children. Who wants to stay unknown is no row: a gift then has no giver."""

    class Kind(models.TextChoices):
        PERSON = "person", _("private person")
        FIRM = "firm", _("firm")
        ORGANISATION = "organisation", _("organisation")

    kind = models.CharField(_("kind of giver"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(
        _("name of the giver"),
        max_length=80,
        help_text=_("As it shall stand on the receipt. Two people of one name: add a word that tells them apart."),
    )
    contact_name = models.CharField(
        _("whom to talk to"), max_length=60, blank=True, help_text=_("For a firm or an organisation.")
    )
    phone = PhoneField(_("phone"), blank=True)
    phone_last4 = LastFourField(of="phone")

    personal = {
        **dict.fromkeys(["name", "contact_name"], BASIC),
        **dict.fromkeys(["phone", "phone_last4"], CONTACT),
    }
    not_personal = ["id", "community", "district", "version", "kind"]

    class Meta(CommunityRecord.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("giver")
        verbose_name_plural = _("givers")
        indexes = [models.Index(fields=["district", "community", "name"], name="givers_by_name")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "kind", "name"],
                condition=~Q(name=""),
                name="one_giver_of_a_name_per_community",
                violation_error_message=_("This giver is on the list already."),
            ),
        ]

    def __str__(self):
        return self.name or str(_("forgotten giver"))

    def get_absolute_url(self):
        return reverse("gifts:giver", args=[self.pk])
