"""What support reached a child lately."""

from collections import defaultdict
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from children.helping import tells_help
from children.status import months_before
from support.eligibility import yuan
from support.models import Payment

MONTHS = 12


@tells_help(order=40)
def payments(children, user):
    day = timezone.localdate()
    paid = Payment.objects.visible_to(user).standing().filter(paid_on__gt=months_before(day, MONTHS))
    sums: dict = defaultdict(Decimal)
    for payment in paid.filter(application__child__in=children).select_related("application__kind").order_by("pk"):
        sums[payment.application.child_id, payment.application.kind.title] += payment.amount
    for (child, kind), amount in sums.items():
        yield child, _("%(kind)s: %(amount)s yuan in the last twelve months") % {"kind": kind, "amount": yuan(amount)}
