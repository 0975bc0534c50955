"""One letter in force and one draft per child: of two, one stays. Cards of a kind are numbered once."""

from django.utils import timezone

from children.merging import makes_room
from guardianship.models import Card, Letter


@makes_room
def cancel_one_of_two_drafts(kept, gone, *, by):
    if kept.letters.filter(status=Letter.Status.DRAFT).exists():
        for letter in gone.letters.filter(status=Letter.Status.DRAFT).order_by("pk"):
            letter.cancel(by=by)


@makes_room
def end_one_of_two_letters(kept, gone, *, by):
    """Those of the kept file stay, unless none of them holds today and one of the other file does."""
    today = timezone.localdate()
    signed = Letter.objects.not_over_on(today)
    if not (signed.filter(child=kept).exists() and signed.filter(child=gone).exists()):
        return
    holding = set(Letter.objects.in_force_on(today).filter(child__in=[kept, gone]).values_list("child", flat=True))
    weaker = kept if holding == {gone.pk} else gone
    for letter in signed.filter(child=weaker).order_by("pk"):
        letter.end_with_the_file(by=by)


@makes_room
def leave_cards_of_a_kind_that_both_have(kept, gone, *, by):
    """The numbers are printed on the cards: those of the other file stay with it, and none of them is the latest."""
    rows = Card.objects.filter(child=gone, kind__in=Card.objects.filter(child=kept).values("kind"))
    rows.update(is_latest=False)
    return rows
