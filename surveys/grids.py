"""Which building or grid a household belongs to, set for many at once."""

from django.db import transaction

from children.models import Household
from records.trail import log_act


def put_in_grid(keys, grid, *, households, by):
    """Give those of `households` with these keys the grid; how many that were."""
    with transaction.atomic():
        rows = households.model.objects.filter(pk__in=households.filter(pk__in=keys).values("pk")).order_by("pk")
        chosen = list(rows.select_for_update(of=("self",), no_key=True))
        for household in chosen:
            household.grid = grid
            household.save(update_fields=["grid"])
            log_act(by, "changed", household, fields=["grid"])
    return len(chosen)


def grids_of(community):
    """The grids in use in a community, for choosing instead of typing."""
    used = Household.objects.filter(community=community).exclude(grid="")
    return used.order_by("grid").values_list("grid", flat=True).distinct()
