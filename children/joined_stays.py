"""The stays away of an adult who was on file twice: two of the same time are one, and none is lost."""

from itertools import combinations

from django.db.models import F
from django.utils.translation import gettext as _

from children.facts_of_two import OF_A_STAY, one_stay_of_two, stay_name
from children.guardian_copy import pointing_at
from children.models import Away
from children.stays import in_words, keep_what_was_said, overlap, string_together
from records.lifecycle import Refused


def join_stays(kept, gone, taken):
    """Give the stays of `gone` to `kept`; how many. Of one that both entries have, what was not taken is kept as an
    earlier entry about it.

    Refused where two stays overlap that are not one: somebody who knows corrects the days first.
    """
    for mine, other in one_stay_of_two(kept, gone):
        _one_of_two(mine, other, takes_other=stay_name(mine, other) in taken)
    for one, other in combinations(Away.objects.filter(adult__in=[kept, gone]).order_by("pk"), 2):
        if overlap(one, other) or (one.until is None and other.until is None):
            words = _("Two stays away lie at the same time: %(one)s; %(other)s. Correct the days of one of them first.")
            raise Refused(words % {"one": in_words(one), "other": in_words(other)})
    moved = Away.objects.filter(adult=gone).update(adult=kept, version=F("version") + 1)
    string_together(kept)
    return moved


def _one_of_two(mine, other, *, takes_other):
    keep_what_was_said(mine if takes_other else other, of=mine)
    for model, name in pointing_at(Away):
        model._base_manager.filter(**{name: other}).update(**{name: mine})
    said = ["noted_by", "noted_at"] if takes_other else []
    for name in [*OF_A_STAY, *said]:
        value, instead = getattr(mine, name), getattr(other, name)
        if value in ("", None) or (takes_other and instead not in ("", None)):
            setattr(mine, name, instead)
    mine.reported_on = min(mine.reported_on, other.reported_on)
    if other.verified_on and (mine.verified_on is None or other.verified_on > mine.verified_on):
        mine.verified_on, mine.verified_by = other.verified_on, other.verified_by
    other.delete()
    mine.save()
