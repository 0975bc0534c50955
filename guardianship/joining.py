"""Nobody entrusts a child to themselves: an adult named twice in one letter is not one person on file twice."""

from django.db.models import Q
from django.utils.translation import gettext as _

from children.joining import makes_room_for_adult
from guardianship.models import Letter
from records.lifecycle import Refused

PARTIES = ("father", "mother", "caregiver")


@makes_room_for_adult
def refuse_two_parties_of_one_letter(kept, gone, *, by):
    named_by = {adult: Q(*[(party, adult) for party in PARTIES], _connector=Q.OR) for adult in (kept, gone)}
    letter = Letter.objects.filter(named_by[kept], named_by[gone]).select_related("child").order_by("pk").first()
    if letter:
        words = _("Both are named in a guardianship letter of %(child)s, in different parts: they are not one person.")
        raise Refused(words % {"child": letter.child.name})
