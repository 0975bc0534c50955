"""Is this family already on file? Told by its adults, of the households a person may add children to and no others."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from children.alike import sound_alike
from children.models import Adult, Child, Household
from records.scoping import Scope
from records.secrets import blind_index

ADULTS_AT_MOST = 100


@dataclass(frozen=True)
class FamilyOnFile:
    """`adults`: (adult on file, why this is one of those typed, in words)."""

    household: Household
    children: list[Child]
    adults: list[tuple[Adult, str]]


def open_for_children(user):
    """Households where `user` may open further files: who may only change one can neither see nor save such a row."""
    return Household.objects.visible_to(user, "change").filter(Scope.of(*user.codes_for(Child, "add")).q(Household))


def families_on_file(members, user):
    """Households with an adult who has the ID number, or the phone and a like name, of one of the unsaved `members`."""
    typed = [(m.adult.name, _hashes(m.adult)) for m in members]
    phones = {phone for name, (phone, _number) in typed if name} - {None}
    numbers = {number for _name, (_phone, number) in typed} - {None}
    if not (phones or numbers):
        return []
    tells_phone, tells_number = user.sees_in(Adult.personal["phone"]), user.sees_in(Adult.personal["id_number"])
    known = (Q(phone_hash__in=phones) & tells_phone.q(Adult)) | (Q(id_number_hash__in=numbers) & tells_number.q(Adult))
    children = Child.objects.visible_to(user).filter(merged_into=None).order_by("birth_date", "pk").defer("name_grams")
    adults = Adult.objects.filter(known, household__in=open_for_children(user).order_by())
    adults = adults.order_by("household", "pk").select_related("household__community")
    found: dict[int, FamilyOnFile] = {}
    for adult in adults.prefetch_related(Prefetch("household__children", children, to_attr="on_file"))[:ADULTS_AT_MOST]:
        why = _reason(adult, typed, adult.community_id in tells_phone, adult.community_id in tells_number)
        if why and adult.household.on_file:
            family = FamilyOnFile(adult.household, adult.household.on_file, [])
            found.setdefault(adult.household_id, family).adults.append((adult, why))
    return list(found.values())


def _hashes(adult):
    return blind_index(adult.phone, "phone"), blind_index(adult.id_number, "id_number")


def _reason(adult, typed, tells_phone, tells_number):
    if tells_number and any(number and number == adult.id_number_hash for _name, (_phone, number) in typed):
        return _("same ID number")
    names = [name for name, (phone, _number) in typed if tells_phone and phone and phone == adult.phone_hash and name]
    if adult.name in names:
        return _("same name and same phone")
    return _("a name that sounds alike and the same phone") if any(sound_alike(n, adult.name) for n in names) else ""
