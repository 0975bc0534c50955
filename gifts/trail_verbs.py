"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("voided a gift"),
    _("added a giver"),
    _("changed a giver"),
    _("revealed a giver's phone"),
    _("forgot a giver"),
    _("noted a gift"),
    _("handed a gift out"),
    _("took a gift back"),
    _("put the ledger of gifts right"),
    _("added the signed sheet of a gift"),
    _("wrote the card of a wish"),
    _("rewrote the card of a wish"),
    _("showed a small wish"),
    _("took a small wish down"),
    _("noted that a wish was taken"),
    _("noted that a wish was given up"),
    _("noted that a wish was fulfilled"),
    _("ended the card of a wish"),
    _("printed wish_poster"),
    _("began a donation drive"),
    _("changed a donation drive"),
    _("printed drive_statement"),
    _("printed gift_receipt"),
    _("printed gift_sheet"),
    _("printed giver_statement"),
]
