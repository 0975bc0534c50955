"""The rules of `guardianship.lapsing` as conditions on the table of letters."""

from django.db.models import Exists, OuterRef, Q

from children.models.adult import Kinship
from children.status import MINOR_UNDER, born_after


def signed(day):
    """Signed by `day`, and neither renewed, cancelled nor ended with the file by then."""
    return Q(signed_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def in_force(day):
    return signed(day) & Q(starts_on__lte=day, ends_on__gte=day) & _facts_hold(day)


def _facts_hold(day):
    cares = Kinship.objects.filter(child=OuterRef("child"), adult=OuterRef("caregiver"), is_caregiver=True)
    before, again = Q(caregiver__unable_since__gt=day), Q(caregiver__unable_until__lte=day)
    able = Q(caregiver__unable_since=None) | before | again
    here = Q(child__left_on=None) | Q(child__left_on__gt=day)
    minor = Q(child__birth_date__gt=born_after(day, MINOR_UNDER))
    away = Q(father_was_away=_away("father", day), mother_was_away=_away("mother", day))
    return Q(Exists(cares)) & able & here & minor & away & _still("father") & _still("mother")


def _still(relation):
    """The parent who signed is the one on file."""
    kin = Kinship.objects.filter(child=OuterRef("child"), adult=OuterRef(relation), relation=relation)
    return Q(**{relation: None}) | Exists(kin)


def _away(relation, day):
    stay = (Q(adult__aways__until=None) | Q(adult__aways__until__gt=day)) & (
        Q(adult__aways__since__lte=day) | Q(adult__aways__since=None, adult__aways__reported_on__lte=day)
    )
    return Exists(Kinship.objects.filter(stay, child=OuterRef("child"), relation=relation))
