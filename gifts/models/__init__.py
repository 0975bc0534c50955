from gifts.models.gift import Gift, GiftLine
from gifts.models.giver import Giver
from gifts.models.ledger import Entry, HandOut

__all__ = ["Entry", "Gift", "GiftLine", "Giver", "HandOut"]
