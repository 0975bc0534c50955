"""Of an erased file nothing is written any more, for it could not be erased a second time; nor in a file merged into
another, where nobody would read it.
"""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext as _

from children.models import Child, Household
from children.moving import path_to_child, reached
from records.policy import closes

# A concern is never held up; what is out is taken back, paid or found, and no words come to the file with it.
STAY_OPEN = {
    *["children:raise_concern", "children:concern", "children:name_for_concern", "children:end_naming"],
    *["activities:take_down", "contacts:verify", "gifts:take_back", "gifts:scan"],
    *["premises:loan_back", "premises:loan_lost"],
    *["support:paid", "support:received", "support:take_back", "support:cancel"],
}


# What stands in a merged file is read, goes with a copy and is compared.
READS = {"children:reveal", "children:copy", "children:compare", "children:different"}


@closes
def of_an_erased_file(row, page):
    if page in STAY_OPEN or not (path := _path(type(row))):
        return None
    key = _only_erased(row, path)
    words = _("This file has been erased. Nothing can be written in it any more.")
    return (words, reverse("children:file", args=[key])) if key else None


@closes
def of_a_merged_file(row, page):
    """Its own page alone: what of other rows stayed with it is settled as ever."""
    if not isinstance(row, Child) or not row.merged_into_id or page in STAY_OPEN | READS:
        return None
    words = _("This file was merged into another one. Go on in that file.")
    return words, reverse("children:file", args=[row.merged_into_id])


@closes
def of_a_household_gone_on_elsewhere(row, page):
    """Its adults went with the last of its files: what is sent from its old form would reach nobody."""
    if not isinstance(row, Household) or page in STAY_OPEN:
        return None
    kept = list(row.children.order_by("pk").values_list("merged_into", flat=True))
    if not kept or None in kept:
        return None
    words = _("The files of this household were merged into others. Go on there.")
    return words, reverse("children:file", args=[kept[0]])


def _only_erased(row, path):
    """The key of an erased file that the row is about, if it is about no other."""
    child = row if path == "pk" else row._state.fields_cache.get(path)
    if isinstance(child, Child) and not child.left_on:
        return None
    about = type(row)._base_manager.filter(pk=row.pk).order_by()
    found = list(about.values_list(path, f"{_to(path)}left_reason", f"{_to(path)}merged_into__left_reason"))
    is_erased = [Child.LeftReason.ERASED in reasons for _key, *reasons in found]
    return found[0][0] if found and all(is_erased) else None


def _to(path):
    return "" if path == "pk" else f"{path}__"


@cache
def _path(model):
    """The lookup from a row to the files it is about; None for a row that is about no child."""
    if shared := getattr(model, "shared_by", None):
        return shared
    return path_to_child(model) if model in reached() else None
