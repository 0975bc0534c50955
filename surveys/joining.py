"""Two households of one family can both have been visited in a survey round."""

from children.joining import makes_room_for_household
from records.trail import log_act
from surveys.models import HouseholdVisit


@makes_room_for_household
def keep_one_of_two_visits(kept, gone, *, by):
    """The one that met the family counts, else the later one; the words of the other are recorded."""
    facts = {}
    mine = {visit.round_id: visit for visit in HouseholdVisit.objects.filter(household=kept)}
    for other in HouseholdVisit.objects.filter(household=gone, round__in=mine).order_by("pk"):
        own = mine[other.round_id]
        facts[f"visit_{other.round_id}"] = [_plain(own), _plain(other)]
        stays, goes = sorted((own, other), key=_weight, reverse=True)
        log_act(by, "took back a visit", goes, round=goes.round_id, household=goes.household_id)
        goes.delete()
        if stays is other:
            HouseholdVisit.objects.filter(pk=other.pk).update(household=kept)
    return facts


def _weight(visit):
    return visit.result != HouseholdVisit.Result.NOBODY_HOME, visit.visited_on


def _plain(visit):
    return [str(getattr(visit, name)) for name in visit.personal if name not in visit.bookkeeping]
