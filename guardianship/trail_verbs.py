"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("prepared a letter"),
    _("filled in the letter"),
    _("signed the letter"),
    _("renewed the letter"),
    _("ended the letter"),
    _("cancelled the letter"),
    _("let the letter go on"),
    _("noted a family contact"),
    _("struck out a family contact"),
    _("issued a card"),
    _("handed over a card"),
    _("printed guardianship_letter"),
    _("printed family_contacts"),
    _("printed family_cards"),
    _("printed family_cards_small"),
    _("printed card_log"),
]
