"""A child is referred to a counsellor, who sees the file as long as the referral lasts."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Referral
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def counsellors_for(child):
    """Accounts that may be given this child: counsellors posted to a division the child's community lies in."""
    code, today = child.community_id, timezone.localdate()
    reach = [code[:digits] for digits in (6, 9, 12)]
    accounts = get_user_model().objects
    posted = accounts.model._meta.get_field("postings").related_model.objects.in_force_on(today)
    posted = posted.filter(role="counsellor", division_id__in=reach)
    return accounts.filter(is_active=True, pk__in=posted.values("user")).order_by("name", "pk")


def refer(child, counsellor, *, until=None, reason="", by):
    today = timezone.localdate()
    with transaction.atomic():
        stored_for_update(child)
        if not counsellors_for(child).filter(pk=counsellor.pk).exists():
            raise Refused(_("This person is no counsellor for this community."))
        if until is not None and until < today:
            raise Refused(_("A referral cannot end before it starts."))
        if child.referrals.current().filter(counsellor=counsellor).exists():
            raise Refused(_("The child is already referred to this counsellor."))
        referral = Referral.objects.create(
            child=child,
            community_id=child.community_id,
            counsellor=counsellor,
            starts_on=today,
            ends_on=until,
            reason=reason,
        )
        log_act(by, "referred", child, counsellor=counsellor, referral=referral)
        return referral


def end_referral(referral, *, by):
    """Today is the last day; the counsellor no longer finds the file tomorrow."""
    with transaction.atomic():
        current = Referral.objects.select_for_update().current().filter(pk=referral.pk)
        if not current.exists():
            raise Refused(_("This referral has already ended."))
        current.update(ends_on=timezone.localdate())
        log_act(by, "ended the referral", referral.child, referral=referral)
