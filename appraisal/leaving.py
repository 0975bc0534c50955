"""A child whose file leaves the community is not nominated by it any more."""

from django.utils.translation import gettext as _

from appraisal.models import Nomination
from children.leaving import ends_with_the_file


def _waiting(children, moving_to=None):
    return Nomination.objects.waiting().filter(child__in=children)


@ends_with_the_file(rows=_waiting)
def withdraw_nominations(child, *, by, moving_to=None):
    for one in _waiting([child]).order_by("pk").select_for_update(of=("self",)):
        one.lapse(reason=_("The child's file left the community."), by=by)
