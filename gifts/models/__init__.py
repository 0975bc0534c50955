from gifts.models.gift import Gift, GiftLine
from gifts.models.giver import Giver

__all__ = ["Gift", "GiftLine", "Giver"]
