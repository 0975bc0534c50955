from gifts.models.drive import Drive
from gifts.models.gift import Gift, GiftLine
from gifts.models.giver import Giver
from gifts.models.ledger import Entry, HandOut
from gifts.models.wish import WishCard

__all__ = ["Drive", "Entry", "Gift", "GiftLine", "Giver", "HandOut", "WishCard"]
