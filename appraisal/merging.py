"""A child is nominated once in a call: of two files what is decided stays, else the nomination of the kept one."""

from django.utils.translation import gettext as _

from appraisal.models import Nomination
from children.merging import makes_room


@makes_room
def withdraw_one_of_two_nominations(kept, gone, *, by):
    standing = Nomination.objects.exclude(status=Nomination.Status.WITHDRAWN)
    both = standing.filter(child__in=[kept, gone])
    list(both.order_by("pk").select_for_update(of=("self",)))  # nothing is decided meanwhile
    others, mine = standing.filter(child=gone), standing.filter(child=kept)
    decided = others.exclude(status=Nomination.Status.PROPOSED)
    _lapse(mine.waiting().filter(call__in=decided.values("call")), by)
    _lapse(others.waiting().filter(call__in=mine.values("call")), by)
    return others.filter(call__in=mine.values("call"))


def _lapse(nominations, by):
    for one in nominations.order_by("pk"):
        one.lapse(reason=_("two files of one child"), by=by)
