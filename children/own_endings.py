"""What of the register's own ends when a file is closed or goes to another community."""

from django.utils import timezone

from children import transfer
from children.leaving import ends_with_the_file
from children.models import ConcernNaming, Referral, Transfer
from children.referring import end_referral
from communities.models import Posting


def _referrals_out_of_reach(children, moving_to=None):
    """Referrals to counsellors who are posted nowhere over the community the file goes to."""
    rows = Referral.objects.current().filter(child__in=children)
    if moving_to is None:
        return rows.none()
    above = [moving_to.pk[:digits] for digits in (6, 9, 12)]
    posted = Posting.objects.in_force_on(timezone.localdate()).filter(role="counsellor", division__in=above)
    return rows.exclude(counsellor__in=posted.values("user"))


@ends_with_the_file(rows=_referrals_out_of_reach)
def end_referrals(child, *, by, moving_to=None):
    for referral in _referrals_out_of_reach([child], moving_to).order_by("pk"):
        end_referral(referral, by=by)


@ends_with_the_file
def take_back_offers(child, *, by, moving_to=None):
    """A closed file is offered to nobody."""
    if moving_to is None:
        for offer in Transfer.objects.open().filter(lines__child=child):
            transfer.withdraw(offer, by=by)


@ends_with_the_file
def end_namings(child, *, by, moving_to=None):
    """Whoever was named for a concern was named by those who hand the file over."""
    if moving_to is not None:
        for naming in ConcernNaming.objects.filter(concern__child=child, ended_at=None).order_by("pk"):
            naming.end(by=by)
