"""A letter rests on where the child lives and with whom: where the file leaves, it ends, and stays readable."""

from django.utils import timezone

from children.leaving import ends_with_the_file
from guardianship.models import Letter


def _open_letters(children, moving_to=None):
    letters = Letter.objects.filter(child__in=children)
    return letters.filter(status=Letter.Status.DRAFT) | letters.not_over_on(timezone.localdate())


@ends_with_the_file(rows=_open_letters)
def end_letters(child, *, by, moving_to=None):
    for letter in _open_letters([child]).order_by("pk"):
        if letter.status == Letter.Status.DRAFT:
            letter.cancel(by=by)
        else:
            letter.end_with_the_file(by=by)
