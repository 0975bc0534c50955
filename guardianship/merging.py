"""One letter in force and one draft per child: of two, the kept file's stays. Cards of a kind are numbered once."""

from django.utils import timezone

from children.merging import makes_room
from guardianship.models import Card, Letter


@makes_room
def end_one_of_two_letters(kept, gone, *, by):
    drafts, signed = Letter.objects.filter(status=Letter.Status.DRAFT), Letter.objects.not_over_on(timezone.localdate())
    for rows, end in ((drafts, Letter.cancel), (signed, Letter.end_with_the_file)):
        if rows.filter(child=kept).exists():
            for letter in rows.filter(child=gone).order_by("pk"):
                end(letter, by=by)


@makes_room
def leave_cards_of_a_kind_that_both_have(kept, gone, *, by):
    """The numbers are printed on the cards: those of the other file stay with it, and none of them is the latest."""
    rows = Card.objects.filter(child=gone, kind__in=Card.objects.filter(child=kept).values("kind"))
    rows.update(is_latest=False)
    return rows
