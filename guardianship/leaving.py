"""A letter rests on where the child lives and with whom: where the file leaves, it ends, and stays readable."""

from children.leaving import ends_with_the_file
from guardianship.models import Letter


@ends_with_the_file
def end_letters(child, *, by, moving_to=None):
    for letter in child.letters.filter(status=Letter.Status.DRAFT).order_by("pk"):
        letter.cancel(by=by)
    for letter in child.letters.filter(status=Letter.Status.SIGNED).order_by("pk"):
        letter.end_with_the_file(by=by)
