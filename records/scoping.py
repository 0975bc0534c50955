"""Who may see which rows. One method, `visible_to`, is the only place that turns a person into a filter.

A scope is a set of code prefixes: a division's code begins with the codes of the divisions above it, so
"everything in this district" is one prefix test on the row's own column, without a join.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

DISTRICT_DIGITS = 6
STREET_DIGITS = 9
COMMUNITY_DIGITS = 12


@dataclass(frozen=True)
class Scope:
    """A set of code prefixes; `Scope(())` is nothing, never everything."""

    codes: tuple[str, ...]

    @classmethod
    def of(cls, *codes):
        """The scope of the given codes, without those that lie inside another."""
        kept = tuple(c for c in sorted(set(codes)) if not any(c != o and c.startswith(o) for o in codes))
        return cls(kept)

    def __contains__(self, code):
        return bool(code) and any(code.startswith(prefix) for prefix in self.codes)

    @property
    def only_community(self):
        """The code of the one community this scope is; None where it is wider, or nothing."""
        return self.codes[0] if len(self.codes) == 1 and len(self.codes[0]) >= COMMUNITY_DIGITS else None

    @property
    def is_several(self):
        """Whether rows of more than one community can lie in this scope."""
        return bool(self.codes) and self.only_community is None

    def q(self, model):
        """The filter that keeps `model`'s rows inside this scope."""
        return self.at(model.community_path, model.district_path)

    def at(self, path, district_path=None):
        """The filter that keeps inside this scope the rows whose community code stands at `path`."""
        if path.endswith("_id"):  # a foreign key's own column: Django compares its prefix under the key's name
            path = f"{path.removesuffix('_id')}__pk"
        reach = Q(pk__in=())
        for code in self.codes:
            part = Q(**{path if len(code) >= COMMUNITY_DIGITS else f"{path}__startswith": code})
            if district_path and len(code) >= DISTRICT_DIGITS:
                part &= Q(**{district_path: code[:DISTRICT_DIGITS]})
            reach |= part
        return reach


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, user, action="view"):
        """Rows `user` may `action`: inside the divisions of current postings, or the user's own. Else nothing."""
        reach = Scope.of(*user.codes_for(self.model, action)).q(self.model) if _known(user) else Q(pk__in=())
        if _known(user) and user.reaches_own(self.model, action):
            reach |= self.model.own_to(user)
        return self.filter(reach)

    def within(self, scope):
        """Rows inside `scope`, whoever asks: for measures and acts, never for a page."""
        return self.filter(scope.q(self.model))


def _known(user):
    return user is not None and user.is_authenticated and user.is_active


class Record(models.Model):
    """A row that stands in a community.

    `community_path` leads to its code, `district_path` to the district column kept beside it (or None).
    `personal` says of each field that tells something of a person which class of facts it belongs to
    (`records.privacy`); `not_personal` lists all others. A test refuses a field in neither.
    """

    community_path = "community_id"
    district_path: str | None = None
    personal: dict[str, str] = {}
    not_personal: list[str] = []

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def own_to(cls, user):
        """Rows a role with reach OWN may see; nothing unless the model says otherwise."""
        return Q(pk__in=())

    def community_code(self):
        """The code this row stands under, read from loaded columns where they are loaded."""
        value = self
        for part in self.community_path.split("__"):
            value = getattr(value, part)
        return value
