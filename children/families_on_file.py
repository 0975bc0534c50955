"""Is this family already on file? Told by its adults, of the households a person may add children to and no others."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from children.alike import sound_alike
from children.intake import FamilyMember
from children.models import Adult, Child, Household
from records.scoping import Scope
from records.secrets import blind_index

ADULTS_AT_MOST = 100


class Reason(models.IntegerChoices):
    """Why an adult on file is one of those typed, the surest first."""

    NUMBER = 1, _("same ID number")
    NAME = 2, _("same name and same phone")
    SOUND = 3, _("a name that sounds alike and the same phone")


@dataclass(frozen=True)
class FamilyOnFile:
    """`adults`: (adult on file, why this is one of those typed, in words). `known`: those of the typed who are here."""

    household: Household
    children: list[Child]
    adults: list[tuple[Adult, str]]
    known: list[FamilyMember]


def open_for_children(user):
    """Households where `user` may open further files: who may only change one can neither see nor save such a row."""
    return Household.objects.visible_to(user, "change").filter(Scope.of(*user.codes_for(Child, "add")).q(Household))


def families_on_file(members, user, of=None):
    """Households with an adult who has the ID number, or the phone and a like name, of one of the unsaved `members`.

    `of`: looked for in this one household alone.
    """
    typed = [(m, *_hashes(m.adult)) for m in members]
    phones = {phone for m, phone, _number in typed if m.adult.name} - {None}
    numbers = {number for _m, _phone, number in typed} - {None}
    if not (phones or numbers):
        return []
    tells_phone, tells_number = user.sees_in(Adult.personal["phone"]), user.sees_in(Adult.personal["id_number"])
    known = (Q(phone_hash__in=phones) & tells_phone.q(Adult)) | (Q(id_number_hash__in=numbers) & tells_number.q(Adult))
    children = Child.objects.visible_to(user).standing_for_somebody()
    children = children.order_by("birth_date", "pk").defer("name_grams")
    households = open_for_children(user).filter(pk=of.pk) if of else open_for_children(user)
    adults = Adult.objects.filter(known, household__in=households.order_by())
    adults = adults.order_by("household", "pk").select_related("household__community")
    found: dict[int, FamilyOnFile] = {}
    for adult in adults.prefetch_related(Prefetch("household__children", children, to_attr="on_file"))[:ADULTS_AT_MOST]:
        told = (adult.community_id in tells_phone, adult.community_id in tells_number)
        hits = [(reason, m) for m, *hashes in typed if (reason := reason_why(adult, m.adult.name, *hashes, *told))]
        if hits and adult.household.on_file:
            family = FamilyOnFile(adult.household, adult.household.on_file, [], [])
            family = found.setdefault(adult.household_id, family)
            family.adults.append((adult, min(reason for reason, _m in hits).label))
            family.known.extend(m for _reason, m in hits)
    return list(found.values())


def _hashes(adult):
    return blind_index(adult.phone, "phone"), blind_index(adult.id_number, "id_number")


def reason_why(adult, name, phone, number, tells_phone, tells_number):
    """The `Reason` why the adult on file is the one of this name and these hashes; None where nothing tells."""
    if tells_number and number and number == adult.id_number_hash:
        return Reason.NUMBER
    if not (tells_phone and phone and phone == adult.phone_hash and name):
        return None
    if name == adult.name:
        return Reason.NAME
    return Reason.SOUND if sound_alike(name, adult.name) else None
