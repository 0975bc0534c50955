"""A case is closed with the file, and where the file goes beyond its counsellor's postings; its notes stay."""

from django.utils import timezone

from children.leaving import ends_with_the_file
from communities.models import Posting
from counselling.models import Case
from records.drafts import Draft


@ends_with_the_file
def close_cases(child, *, by, moving_to=None):
    cases = Case.objects.filter(child=child, status=Case.Status.OPEN)
    if moving_to is not None:
        above = [moving_to.pk[:digits] for digits in (6, 9, 12)]
        posted = Posting.objects.in_force_on(timezone.localdate()).filter(role="counsellor", division__in=above)
        cases = cases.exclude(counsellor__in=posted.values("user"))
    for case in cases.order_by("pk"):
        case.close(by=by)
    if moving_to is None:
        Draft.objects.filter(key__startswith=f"counselling.{child.pk}.").delete()
