from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField, ResidentIdField
from communities.owned import CommunityRecord
from records.privacy import BASIC, CONTACT, FAMILY, SECRET
from records.secrets import BlindIndexField, LastFourField
from records.versions import Versioned

PARENTS = ("father", "mother")


def _of_visible_children(user, path):
    from children.models.child import Child

    return Q(**{f"{path}__in": Child.objects.filter(Child.own_to(user)).values("pk")})


class Adult(Versioned, CommunityRecord):
    """A grown-up of a household: a parent, at home or away, or whoever cares for the children."""

    household = models.ForeignKey(
        "children.Household", on_delete=models.PROTECT, related_name="adults", verbose_name=_("household")
    )
    name = models.CharField(_("name"), max_length=60)
    phone = PhoneField(_("phone"), blank=True)
    phone_hash = BlindIndexField(of="phone", purpose="phone")
    phone_last4 = LastFourField(of="phone")
    phone_alt = PhoneField(_("second phone"), blank=True)
    id_number = ResidentIdField(_("ID number"), blank=True)
    id_number_hash = BlindIndexField(of="id_number", purpose="id_number")
    id_number_last4 = LastFourField(of="id_number")
    unable_since = models.DateField(_("unable to act as guardian since"), null=True, blank=True)
    unable_until = models.DateField(_("able again since"), null=True, blank=True)
    unable_reason = models.CharField(_("reason"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    personal = {
        "name": BASIC,
        **dict.fromkeys(["phone", "phone_hash", "phone_last4", "phone_alt"], CONTACT),
        **dict.fromkeys(["id_number", "id_number_hash", "id_number_last4"], SECRET),
        **dict.fromkeys(["unable_since", "unable_until", "unable_reason", "note"], FAMILY),
    }
    not_personal = ["id", "household", "community", "district", "version"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("adult")
        verbose_name_plural = _("adults")
        indexes = [
            models.Index(fields=["household"], name="adult_by_household"),
            models.Index(fields=["district", "phone_hash"], name="adult_by_phone"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unable_until=None) | Q(unable_until__gte=F("unable_since")),
                name="who_is_able_again_was_unable_before",
                violation_error_message=_("Able again before being unable? Check the days."),
            ),
        ]

    def __str__(self):
        return _("Adult %(number)s") % {"number": self.pk}

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "kinships__child")


class Kinship(CommunityRecord):
    """What an adult is to a child, and whether this is who looks after the child day by day."""

    class Relation(models.TextChoices):
        FATHER = "father", _("father")
        MOTHER = "mother", _("mother")
        GRANDFATHER_P = "grandfather_p", _("grandfather (father's side)")
        GRANDMOTHER_P = "grandmother_p", _("grandmother (father's side)")
        GRANDFATHER_M = "grandfather_m", _("grandfather (mother's side)")
        GRANDMOTHER_M = "grandmother_m", _("grandmother (mother's side)")
        GRANDPARENT = "grandparent", _("grandparent")
        UNCLE_AUNT = "uncle_aunt", _("uncle or aunt")
        SIBLING = "sibling", _("brother or sister")
        OTHER_RELATIVE = "other_relative", _("other relative")
        NON_RELATIVE = "non_relative", _("not a relative")
        UNKNOWN = "", _("not known")

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="kinships", verbose_name=_("child")
    )
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="kinships", verbose_name=_("adult"))
    relation = models.CharField(_("relation to the child"), max_length=16, choices=Relation, blank=True, default="")
    is_caregiver = models.BooleanField(_("looks after the child"), default=False)

    personal = {"relation": FAMILY, "is_caregiver": FAMILY}
    not_personal = ["id", "child", "adult", "community", "district"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("kinship")
        verbose_name_plural = _("family")
        indexes = [
            models.Index(fields=["community", "child"], condition=Q(is_caregiver=True), name="carers_of_a_community")
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "adult"],
                name="one_kinship_between_a_child_and_an_adult",
                violation_error_message=_("This adult is already in the child's family."),
            ),
            models.UniqueConstraint(
                fields=["child", "relation"],
                condition=Q(relation__in=PARENTS),
                name="one_father_and_one_mother_per_child",
                violation_error_message=_("This child already has a father or mother on file."),
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(is_caregiver=True),
                name="one_caregiver_per_child",
                violation_error_message=_("Somebody else is already on file as the one who looks after this child."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.relation or '-'}/{self.adult_id}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "child")
