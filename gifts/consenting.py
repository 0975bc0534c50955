"""Without consent to publicity no wish of the child is shown any more."""

from django.utils.translation import gettext as _

from children.consenting import when_withdrawn
from children.models import Consent
from gifts.models import WishCard


@when_withdrawn(Consent.Purpose.PUBLICITY)
def take_cards_down(child, *, by):
    for card in WishCard.objects.filter(wish__child=child, status=WishCard.Status.SHOWN).order_by("pk"):
        card.note_taken_down(why=_("Consent to publicity was withdrawn."), by=by)
