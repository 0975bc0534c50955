"""A parent who is in touch with a child is within reach, for the brothers and sisters too."""

from django.db.models import OuterRef

from children.reaching import shows_reached
from guardianship.models import FamilyContact


@shows_reached
def contacts_with_a_child(relation, after, day):
    return FamilyContact.objects.filter(
        child__kinships__adult=OuterRef("adult"),
        child__kinships__relation=relation,
        who__in=[relation, FamilyContact.Who.BOTH],
        made_on__gt=after,
        made_on__lte=day,
    )
