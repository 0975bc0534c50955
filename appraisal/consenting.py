"""Without consent to publicity nothing about the child or its parents is told any more."""

from django.utils.translation import gettext as _

from appraisal.models import Nomination
from children.consenting import when_withdrawn
from children.models import Consent


@when_withdrawn(Consent.Purpose.PUBLICITY)
def take_commendations_down(child, *, by):
    told = Nomination.objects.filter(child=child, published_on__isnull=False, taken_down_on=None)
    for one in told.order_by("pk").select_for_update(of=("self",)):
        one.take_down(by=by)


@when_withdrawn(Consent.Purpose.PUBLICITY)
def withdraw_nominations(child, *, by):
    """What is not decided is withdrawn: the committee reads of it no more."""
    waiting = Nomination.objects.waiting().filter(child=child)
    for one in waiting.order_by("pk").select_for_update(of=("self",)):  # what is decided at this moment is left out
        one.lapse(reason=_("There is no consent to publicity any more."), by=by)
