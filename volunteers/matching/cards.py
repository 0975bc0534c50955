"""What matching knows of a child and of a helper: plain values, read once, so that the engine asks no database."""

import datetime as dt
from dataclasses import dataclass

NOTHING: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class ChildCard:
    key: int
    community: str
    sex: str
    born: dt.date
    household: int = 0
    is_priority: bool = False
    topics: frozenset = NOTHING
    languages: frozenset = NOTHING
    hobbies: frozenset = NOTHING
    free_at: frozenset = NOTHING
    building: str = ""
    family_marks: frozenset = NOTHING  # blind indexes of phones and ID numbers in the family
    excluded: frozenset = NOTHING  # helpers whom the child, the family, the helper or the office does not wish
    known: frozenset = NOTHING  # helpers who accompany or accompanied this child
    with_siblings: frozenset = NOTHING  # helpers who accompany a brother or sister


@dataclass(frozen=True, slots=True)
class HelperCard:
    key: int
    community: str
    sex: str
    born: dt.date | None
    places: int
    is_ready: bool = True  # in service, with valid checks
    offers_kind: bool = True
    comes_far: bool = True  # beyond the own community
    topics: frozenset = NOTHING
    teaches: bool = False  # some school subject
    languages: frozenset = NOTHING
    hobbies: frozenset = NOTHING
    free_at: frozenset = NOTHING
    address: str = ""
    marks: frozenset = NOTHING
