"""The base of every row that a community owns."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet

MOVES, STAYS = "moves", "stays"


class BodyQuerySet(ScopedQuerySet):
    """Rows of a body that a community or a street office has, such as its leading group: those above read them, and
    only who is posted to that very place writes them."""

    def visible_to(self, user, action="view"):
        rows = super().visible_to(user, action)
        if action == "view" or not user.is_authenticated:
            return rows
        return rows.filter(community__in=user.seats_for(self.model, action))


class CommunityRecord(Record):
    """A row with its community's code, and the district's digits beside it for indexes that begin with the district.

    Both are set when the row is made; only an accepted transfer changes them.

    `on_transfer` says what becomes of a row about a child whose file goes to another community: it MOVES with the
    file or STAYS. A row that serves several children says in `shared_by` how to reach them, and moves once all of
    them have come to one community.
    """

    on_transfer = MOVES
    shared_by: str | None = None

    community = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        verbose_name=_("community"),
        related_name="+",
        editable=False,
        limit_choices_to={"level": "community"},
    )
    district = models.CharField(_("district"), max_length=DISTRICT_DIGITS, editable=False)

    district_path = "district"

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(district=Left(F("community_id"), DISTRICT_DIGITS)),
                name="%(class)s_district_is_its_communitys",
                violation_error_message=_("The district must be the one the community lies in."),
            )
        ]

    def save(self, *args, **kwargs):
        self.district = self.community_id[:DISTRICT_DIGITS]
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = self._all_but_the_place()
        elif kwargs.get("update_fields") and "community" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "district"}
        super().save(*args, **kwargs)

    def _all_but_the_place(self):
        """What a save writes: a row that was loaded before a transfer does not bring its place back."""
        kept = {*self.get_deferred_fields(), "community_id", "district"}
        fields = self._meta.concrete_fields
        return {field.name for field in fields if field.attname not in kept and not field.primary_key}
