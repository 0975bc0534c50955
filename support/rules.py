"""What a kind of support asks of a child, as data: kept with the kind, and as it stood with every application."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    KINDERGARTEN = "kindergarten", _("kindergarten")
    PRIMARY = "primary", _("primary school")
    JUNIOR = "junior", _("junior secondary school")
    SENIOR = "senior", _("senior secondary school")


GRADES = {
    Stage.KINDERGARTEN: ["K1", "K2", "K3"],
    Stage.PRIMARY: ["G1", "G2", "G3", "G4", "G5", "G6"],
    Stage.JUNIOR: ["G7", "G8", "G9"],
    Stage.SENIOR: ["G10", "G11", "G12"],
}


class Circumstance(models.TextChoices):
    ANY = "any", _("any child")
    LEFT_BEHIND = "left_behind", _("left-behind children")
    MIGRANT = "migrant", _("migrant children")
    EITHER = "either", _("left-behind or migrant children")


@dataclass(frozen=True)
class Rules:
    sex: str
    age_from: int
    age_to: int
    stages: list[str]
    hardships: list[str]
    circumstance: str
    amount: Decimal
    per: str
    papers: list[str]
    needs_school_review: bool
    notice_days: int
    open_from: dt.date
    open_until: dt.date | None

    @property
    def grades(self):
        return [grade for stage in self.stages for grade in GRADES[Stage(stage)]]

    def as_json(self):
        return {
            name: value if isinstance(value, (str, int, list, type(None))) else str(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept):
        until = kept["open_until"]
        return cls(
            **{
                **kept,
                "amount": Decimal(kept["amount"]),
                "open_from": dt.date.fromisoformat(kept["open_from"]),
                "open_until": until and dt.date.fromisoformat(until),
            }
        )

    def is_open_on(self, day):
        return self.open_from <= day and (self.open_until is None or day <= self.open_until)
