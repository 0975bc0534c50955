"""One letter in force and one draft per child: of two, the kept file's stays."""

from children.merging import makes_room
from guardianship.models import Letter


@makes_room
def end_one_of_two_letters(kept, gone, *, by):
    for status, end in ((Letter.Status.DRAFT, Letter.cancel), (Letter.Status.SIGNED, Letter.end_with_the_file)):
        if Letter.objects.filter(child=kept, status=status).exists():
            for letter in Letter.objects.filter(child=gone, status=status).order_by("pk"):
                end(letter, by=by)
