from gifts.models.gift import Gift, GiftLine
from gifts.models.giver import Giver
from gifts.models.ledger import Entry, HandOut
from gifts.models.wish import WishCard

__all__ = ["Entry", "Gift", "GiftLine", "Giver", "HandOut", "WishCard"]
