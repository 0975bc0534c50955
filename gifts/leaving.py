"""A card of a wish ends with the file; what was handed out goes along with it."""

from django.utils.translation import gettext as _

from children.leaving import ends_with_the_file
from gifts.models import WishCard


def _running(children, moving_to=None):
    return WishCard.objects.running().filter(wish__child__in=children)


@ends_with_the_file(rows=_running)
def end_cards(child, *, by, moving_to=None):
    why = _("The child went to another community.") if moving_to else _("The file was closed.")
    for card in _running([child]).order_by("pk"):
        card.note_ended(why=why, by=by)
