from support.models.aid_kind import AidKind
from support.models.application import Application, Objection
from support.models.payment import Payment
from support.models.sheet import Sheet

__all__ = ["AidKind", "Application", "Objection", "Payment", "Sheet"]
