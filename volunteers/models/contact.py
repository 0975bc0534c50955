from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from volunteers.kinds import DutyKind


class ContactQuerySet(ScopedQuerySet):
    def made_in(self, period):
        return self.filter(made_on__gte=period.start, made_on__lte=period.end)

    def of_kind(self, kind):
        return self.filter(kinds__contains=[kind])


class Contact(CommunityRecord):
    """What a helper did for one child, or for brothers and sisters at once. Written by `volunteers.contacts.log`."""

    class Place(models.TextChoices):
        HOME = "home", _("at the child's home")
        SCHOOL = "school", _("at school")
        CHILDRENS_HOME = "childrens_home", _("at the Children's Home")
        PHONE = "phone", _("by phone or video")
        ELSEWHERE = "elsewhere", _("somewhere else")

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="contacts", verbose_name=_("helper")
    )
    made_on = models.DateField(_("on"))
    kinds = ArrayField(
        models.CharField(max_length=20, choices=DutyKind),
        verbose_name=_("which of the five ones"),
        default=list,
        blank=True,
    )
    place = models.CharField(_("where"), max_length=20, choices=Place, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    note = SecretField(_("what happened"), blank=True, max_length=2000)
    photo = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("photo"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    shared_by = "lines__pairing__child"
    attachments = ["photo"]
    personal = {"place": BASIC, "minutes": BASIC, "photo": BASIC, "note": CARE}
    not_personal = ["id", "volunteer", "community", "district", "made_on", "kinds", "created_by", "created_at"]

    objects = ContactQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["district", "-made_on", "-id"], name="contact_of_a_district"),
            models.Index(fields=["community", "made_on"], name="contact_of_a_community"),
            models.Index(fields=["volunteer", "-made_on", "-id"], name="contact_of_a_helper"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kinds__contained_by=DutyKind.values),
                name="contact_is_of_kinds_we_know",
                violation_error_message=_("Choose from the five ones."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=1440),
                name="contact_takes_a_minute_to_a_day",
                violation_error_message=_("Give the minutes as a number from 1 to 1440."),
            ),
        ]

    def __str__(self):
        return gettext("Contact %(number)s") % {"number": self.pk}

    @property
    def kind_words(self):
        return [DutyKind(kind).label for kind in self.kinds]


class ContactDuty(CommunityRecord):
    """For which pairing a contact was, and which duty it fulfilled there, if one was open."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="lines", verbose_name=_("contact"))
    pairing = models.ForeignKey(
        "volunteers.Pairing", on_delete=models.PROTECT, related_name="contact_lines", verbose_name=_("pairing")
    )
    kind = models.CharField(_("duty"), max_length=20, choices=DutyKind, blank=True)
    duty = models.OneToOneField(
        "volunteers.Duty",
        on_delete=models.PROTECT,
        null=True,
        related_name="fulfilled_by",
        verbose_name=_("duty fulfilled"),
    )
    made_on = models.DateField(_("on"))

    personal: dict[str, str] = {}
    not_personal = ["id", "contact", "pairing", "community", "district", "kind", "duty", "made_on"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("contact with a child")
        verbose_name_plural = _("contacts with children")
        indexes = [models.Index(fields=["pairing", "-made_on", "-id"], name="contacts_of_a_pairing")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "pairing", "kind"],
                name="one_line_per_contact_pairing_and_kind",
                violation_error_message=_("This contact already counts for that."),
            ),
            models.CheckConstraint(
                condition=Q(duty=None) | Q(kind__gt=""),
                name="fulfilled_duty_has_a_kind",
                violation_error_message=_("A duty is fulfilled by a contact of its kind."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display() if self.kind else gettext("another contact")
