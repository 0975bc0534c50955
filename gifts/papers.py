"""What is printed about gifts. No paper for a giver or a wall names a child."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from records.papers import Both, paper

RECEIPT_WORDS = {
    "title": _("Receipt for a gift"),
    "internal": _("Internal receipt of the community. It is no invoice and no receipt for the tax office."),
    "number": _("number"),
    "giver": _("giver"),
    "community": _("community"),
    "day": _("received on"),
    "purpose": _("what the giver means it for"),
    "what": _("what it is"),
    "quantity": _("quantity"),
    "price": _("price of one in yuan"),
    "value": _("value in yuan"),
    "no_price": _("no price"),
    "expires": _("last day of use"),
    "sum": _("sum of what has a price"),
    "handler": _("who received it"),
    "counter": _("second person who counted"),
    "giver_signs": _("giver"),
    "thanks": _("Thank you for what you do for the children."),
}


@paper("gift_receipt", model="gifts.Gift", title=_("Receipt for a gift"))
def gift_receipt(rows, user):
    prefetch_related_objects(rows, "giver", "community", "lines")
    sheets = [(gift, list(gift.lines.all()), _sum(gift.lines.all())) for gift in rows]
    return {"sheets": sheets, "words": {name: Both(text) for name, text in RECEIPT_WORDS.items()}}


def _sum(lines):
    return sum(line.value for line in lines if line.value is not None)
