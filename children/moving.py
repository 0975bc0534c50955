"""What moves with a child's file to another community, what ends and what stays: derived from the models themselves.

`communities.owned` has the declarations. The rows are those of `children.guardian_copy`, and what hangs on the
household and its adults.
"""

import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Left
from django.utils import timezone

from children.guardian_copy import copied_models, is_confidential, pointing_at, shared_models, with_shells
from children.leaving import what_ends
from children.models import Adult, Child, FileNumber, Household, Kinship, TransferLine
from communities.owned import MOVES, CommunityRecord
from records.scoping import DISTRICT_DIGITS
from records.versions import Versioned


def reached():
    """{model: (what it hangs on, by which key)} of every model whose rows are about a child, nearest first."""
    found = dict(copied_models())
    waiting = [Household, Adult]
    while waiting:
        base = waiting.pop(0)
        for model, name in pointing_at(base):
            if model not in found:
                found[model] = (base, name)
                waiting.append(model)
    return found


def moves(model):
    return issubclass(model, CommunityRecord) and model.on_transfer == MOVES


def _rows_about(child_keys):
    """(model, rows) of everything that belongs to these children and to nobody else, nearest first.

    The household counts where no child of it is left out; adults count whole, for they are copied where one is. Keys
    are read step by step, so that no step looks at more than this family, and sees what was written until then.
    """
    households = set(Child.objects.filter(pk__in=child_keys).values_list("household", flat=True))
    parted = Child.objects.filter(household__in=households).exclude(pk__in=child_keys)
    whole = households - set(parted.values_list("household", flat=True))
    adults = set(Kinship.objects.filter(child__in=child_keys).values_list("adult", flat=True))
    adults |= set(Adult.objects.filter(household__in=whole).values_list("pk", flat=True))
    keys: dict[Any, Any] = {Child: child_keys, Household: whole, Adult: adults}
    for model, found in keys.items():
        yield model, model._base_manager.filter(pk__in=found)
    rows = {}
    for model, hangs_on in reached().items():
        if hangs_on:
            base, name = hangs_on
            if base not in keys:
                keys[base] = list(rows[base].values_list("pk", flat=True))
            rows[model] = model._base_manager.filter(**{f"{name}__in": keys[base]})
            yield model, rows[model]


def _serving(model, child_keys, to):
    """(rows that serve these children and others at `to` alone, rows that serve a child elsewhere as well)."""
    path, rows = model.shared_by, model._base_manager
    served = set(rows.filter(**{f"{path}__in": child_keys}).values_list("pk", flat=True))
    pairs = rows.filter(pk__in=served).values_list("pk", path, f"{path}__community")
    partly = {pk for pk, child, place in pairs.order_by() if child not in child_keys and place != to.pk}
    return rows.filter(pk__in=served - partly), rows.filter(pk__in=partly)


# Moving ---------------------------------------------------------------------------------------------------------------


def move(children, to):
    """Bring the files of `children`, all of one household, to the community `to`; the caller holds their rows' locks.

    Returns {key of a child: its new file number}.
    """
    files = [child.pk for child in children]
    keys = with_shells(files)
    _gather_shells(children, keys)
    _part_from_those_who_stay(children, keys, to)
    for model, rows in _rows_about(keys):
        if moves(model):
            _place(rows, model, to)
    numbers = dict(zip(files, FileNumber.take(to.pk, len(files)), strict=True))
    for key, number in numbers.items():
        Child.objects.filter(pk=key).update(number=number)
    for model in filter(moves, shared_models()):
        wholly, _partly = _serving(model, keys, to)
        _place(wholly, model, to)
    return numbers


def _place(rows, model, to):
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))  # who writes beneath these waits
    newer = {"version": F("version") + 1} if issubclass(model, Versioned) else {}
    rows.update(community=to, district=to.pk[:DISTRICT_DIGITS], **newer)


def _gather_shells(children, keys):
    """Files merged into these, whose own household goes on without them, join the household that moves."""
    goes_on = Child.objects.exclude(pk__in=keys).values("household")
    shells = Child.objects.filter(merged_into__in=children, household__in=goes_on)
    shells.update(household=children[0].household)


def _part_from_those_who_stay(children, keys, to):
    """Where brothers or sisters stay, household and shared adults are copied: each side has its own rows."""
    household = children[0].household
    _lock_adults(keys)
    parts = household.children.exclude(pk__in=keys).exists()
    own = _copied(household, community=to) if parts else household
    for adult in Adult.objects.filter(kinships__child__in=keys).distinct().order_by("pk"):
        if adult.kinships.exclude(child__in=keys).exists():
            twin = _copied(adult, community=own.community, household=own)  # it moves with its household
            _copy_what_hangs_on(adult, twin, own.community)
            _point_to(twin, adult, keys)
        else:
            Adult.objects.filter(pk=adult.pk).update(household=own)
    if parts:
        Child.objects.filter(pk__in=keys, household=household).update(household=own)


def _lock_adults(child_keys):
    """What hangs on an adult is copied as it stands: who writes more meanwhile waits."""
    adults = Adult.objects.filter(pk__in=Kinship.objects.filter(child__in=child_keys).values("adult"))
    list(adults.select_for_update().order_by("pk").values_list("pk"))


def _of_adults(base=Adult):
    """(model, key) of rows that hang on an adult, or on `base`, and on no child."""
    return [(model, on[1]) for model, on in reached().items() if on and on[0] is base]


def _copy_what_hangs_on(row, twin, to):
    for model, name in _of_adults(type(row)):
        for one in model._base_manager.filter(**{name: row}).order_by("pk"):
            _copy_what_hangs_on(one, _copied(one, community=to, **{name: twin}), to)


def _point_to(twin, adult, child_keys):
    """Rows of the moving children that named the adult name the copy."""
    rows = dict(_rows_about(child_keys))
    on_adults = {model for model, _name in _of_adults()}
    for model in rows:
        if model in on_adults or model is Adult:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Adult:
                model._base_manager.filter(pk__in=rows[model].values("pk"), **{field.name: adult}).update(
                    **{field.name: twin}
                )


def _copied(row, **changes):
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin._state.fields_cache = {}
    twin.pk, twin._state.adding = None, True
    for name, value in {**dict.fromkeys(getattr(row, "attachments", ()), None), **changes}.items():
        setattr(twin, name, value)
    twin.save(force_insert=True)
    kept = [f.name for f in row._meta.concrete_fields if getattr(f, "auto_now_add", False)]
    if kept:
        type(row)._base_manager.filter(pk=twin.pk).update(**{name: getattr(row, name) for name in kept})
    return twin


# Telling --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """What a transfer would do: (words, how many) of what moves, ends and stays, and how many children stay behind."""

    moving: list
    ending: list
    staying: list
    left_behind: int


def outlook(children, to):
    """What moves, ends and stays if the files of these children of one household go to the community `to`."""
    keys = with_shells([child.pk for child in children])
    moving, staying = [], []
    for model, rows in _rows_about(keys):
        if model is not TransferLine and not is_confidential(model):
            _tell(moving if moves(model) else staying, model, rows)
    for model in filter(moves, shared_models()):
        wholly, partly = _serving(model, keys, to)
        _tell(moving, model, wholly)
        _tell(staying, model, partly)
    ending: list = []
    for rows in what_ends(children, moving_to=to):
        _tell(ending, rows.model, rows)
    siblings = children[0].household.children.on_register(timezone.localdate()).exclude(pk__in=keys)
    return Outlook(moving, ending, staying, siblings.count())


def _tell(lines, model, rows):
    if count := rows.order_by().values("pk").distinct().count():
        lines.append((model._meta.verbose_name_plural, count))


# Checking -------------------------------------------------------------------------------------------------------------


def path_to_child(model):
    """The lookup from a row of `model` to the children it is about."""
    if model is Child:
        return "pk"
    if model is Household:
        return "children"
    if model is Adult:
        return "kinships__child"
    base, name = reached()[model]
    return name if base is Child else f"{name}__{path_to_child(base)}"


def misplaced():
    """{model: keys} of rows that stand in another community than their child."""
    found = {}
    for model in reached():
        if not moves(model) or model is Child:
            continue
        rows = model._base_manager.order_by().annotate(of_child=F(f"{path_to_child(model)}__community"))
        keys = set(rows.filter(of_child__isnull=False).exclude(of_child=F("community")).values_list("pk", flat=True))
        if keys:
            found[model] = keys
    return found


def bring_home(found):
    """Set the community of misplaced rows to their child's; returns how many."""
    mended = 0
    for model, keys in found.items():
        place = model._base_manager.filter(pk=OuterRef("pk")).values(f"{path_to_child(model)}__community")[:1]
        rows = model._base_manager.filter(pk__in=keys).annotate(home=Subquery(place))
        mended += rows.update(community=F("home"), district=Left("home", DISTRICT_DIGITS))
    return mended
