"""A letter rests on where the child lives and with whom: where the file leaves, it ends, and stays readable."""

from django.utils import timezone

from children.leaving import ends_with_the_file
from guardianship.models import Letter


@ends_with_the_file
def end_letters(child, *, by, moving_to=None):
    letters = Letter.objects.filter(child=child).order_by("pk")
    for letter in letters.filter(status=Letter.Status.DRAFT):
        letter.cancel(by=by)
    for letter in letters.not_over_on(timezone.localdate()):
        letter.end_with_the_file(by=by)
