from guardianship.models.card import Card
from guardianship.models.contact import FamilyContact
from guardianship.models.letter import Letter, Signature

__all__ = ["Card", "FamilyContact", "Letter", "Signature"]
