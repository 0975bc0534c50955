"""A child is nominated once in a call: of two files the nomination of the kept one stays."""

from django.utils.translation import gettext as _

from appraisal.models import Nomination
from children.merging import makes_room


@makes_room
def withdraw_one_of_two_nominations(kept, gone, *, by):
    others = Nomination.objects.exclude(status=Nomination.Status.WITHDRAWN).filter(child=gone)
    mine = Nomination.objects.exclude(status=Nomination.Status.WITHDRAWN).filter(child=kept)
    for one in others.waiting().filter(call__in=mine.values("call")).order_by("pk"):
        one.lapse(reason=_("two files of one child"), by=by)
    return others.filter(call__in=mine.values("call"))
