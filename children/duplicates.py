"""Is this child already on file? Asked only inside the community that registers: elsewhere a hit would tell."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from children.models import Child
from records.secrets import blind_index


@dataclass(frozen=True)
class Likely:
    child: Child
    why: str


def with_same_id(child, community_id):
    """The file in this community that has the same ID number, or None."""
    digest = blind_index(child.id_number, "id_number")
    if not digest:
        return None
    return Child.objects.filter(community_id=community_id, id_number_hash=digest).exclude(pk=child.pk).first()


def likely(newcomers, members, community_id):
    """Files of this community that look like one of the unsaved `newcomers`, with the reason in words."""
    pairs = Q(pk__in=())
    for child in newcomers:
        pairs |= Q(name=child.name, birth_date=child.birth_date)
    found = Child.objects.filter(pairs, community_id=community_id).prefetch_related("kinships__adult")
    phones = {blind_index(m.adult.phone, "phone") for m in members} - {None}
    fathers = {m.adult.name for m in members if m.relation == "father"}
    return [Likely(child, _reason(child, phones, fathers)) for child in found]


def _reason(child, phones, fathers):
    family = child.kinships.all()
    if any(k.adult.phone_hash in phones for k in family if k.adult.phone_hash):
        return _("same name, same birth date and the same phone in the family")
    if any(k.relation == "father" and k.adult.name in fathers for k in family):
        return _("same name, same birth date and a father of the same name")
    return _("same name and same birth date")
