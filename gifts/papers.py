"""What is printed about gifts. No paper for a giver or a wall names a child."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gifts.models import Gift, WishCard
from gifts.statements import statement_of
from records.papers import Both, paper

RECEIPT_WORDS = {
    "title": _("Receipt for a gift"),
    "internal": _("Internal receipt of the community. It is no invoice and no receipt for the tax office."),
    "number": _("receipt number"),
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
    "void": _("VOID: noted by mistake"),
    "thanks": _("Thank you for what you do for the children."),
}


@paper("gift_receipt", model="gifts.Gift", title=_("Receipt for a gift"))
def gift_receipt(rows, user):
    prefetch_related_objects(rows, "giver", "community", "lines")
    sheets = [(gift, list(gift.lines.all()), _sum(gift.lines.all())) for gift in rows]
    words = {name: Both(text) for name, text in RECEIPT_WORDS.items()}
    return {"sheets": sheets, "words": words, "back_url": rows[0].get_absolute_url()}


def _sum(lines):
    return sum(line.value for line in lines if line.value is not None)


SHEET_WORDS = {
    "title": _("Sheet for signatures: gifts handed out"),
    "what": _("what it is"),
    "community": _("community"),
    "gift": _("gift"),
    "left": _("still in stock"),
    "number": _("No."),
    "child": _("child or family"),
    "quantity": _("quantity"),
    "signature": _("signature of who received it"),
    "day": _("day"),
    "handler": _("who handed it out"),
    "witness": _("second person"),
}
LINES_ON_A_SHEET = 20


@paper("gift_sheet", model="gifts.GiftLine", title=_("Sheet for signatures: gifts handed out"))
def gift_sheet(rows, user):
    """Blank lines to take along: what was signed on them is entered afterwards."""
    prefetch_related_objects(rows, "gift", "community")
    words = {name: Both(text) for name, text in SHEET_WORDS.items()}
    numbers = range(1, LINES_ON_A_SHEET + 1)
    return {"words": words, "numbers": numbers, "back_url": rows[0].get_absolute_url()}


STATEMENT_WORDS = {
    "title": _("What became of your gifts"),
    "community": _("community"),
    "day": _("as of"),
    "children": _("children reached"),
    "families": _("families reached"),
    "value": _("worth in yuan, where there is a price"),
    "target": _("target in yuan"),
    "what": _("what it is"),
    "purpose": _("what it is for"),
    "came_in": _("how much came in"),
    "to_children": _("to children"),
    "to_families": _("to families"),
    "to_home": _("to the Home"),
    "written_off": _("written off"),
    "left": _("still in stock"),
    "none": _("No gift is noted."),
    "privacy": _("To protect the children, no name stands here. Each hand-out was signed for."),
    "thanks": _("Thank you for what you do for the children."),
    "stamp": _("Community (stamp)"),
    "handler": _("who answers for it"),
}


def _statements(sheets):
    """`sheets`: [(a giver or a drive, what became of its gifts)]."""
    return {
        "sheets": sheets,
        "words": {name: Both(text) for name, text in STATEMENT_WORDS.items()},
        "today": timezone.localdate(),
        "back_url": sheets[0][0].get_absolute_url(),
    }


@paper("giver_statement", model="gifts.Giver", title=_("What became of your gifts"))
def giver_statement(rows, user):
    prefetch_related_objects(rows, "community")
    sheets = [(giver, statement_of(Gift.objects.visible_to(user).filter(giver=giver))) for giver in rows]
    return _statements(sheets)


@paper("drive_statement", model="gifts.Drive", title=_("Result of the donation drive"))
def drive_statement(rows, user):
    prefetch_related_objects(rows, "community")
    sheets = [(drive, statement_of(Gift.objects.visible_to(user).filter(drive=drive))) for drive in rows]
    return _statements(sheets)


POSTER_WORDS = {
    "title": _("Small wishes of our children"),
    "intro": _(
        "Each wish is of a child of our community. To protect the children, neither name nor school stands here."
    ),
    "number": _("No."),
    "wish": _("wish"),
    "age": _("age"),
    "none": _("No wish is shown now."),
    "how": _("Tell the community the number of the wish you want to fulfil. The gift is handed over by the community."),
    "stamp": _("Community (stamp)"),
}


@paper("wish_poster", model="gifts.WishCard", title=_("Small wishes of our children"))
def wish_poster(rows, user):
    """Words, age band and number of those that are shown now: nothing else leaves the community."""
    shown = WishCard.objects.shown().filter(pk__in=[row.pk for row in rows])
    return {
        "cards": list(shown.select_related("wish__child").order_by("pk")),
        "words": {name: Both(text) for name, text in POSTER_WORDS.items()},
        "back_url": reverse("gifts:wishes"),
    }
