"""A file is erased by two persons: whatever tells of the child is blanked in every table, history and roster included.

The row itself stays as a closed shell under its key, so that what counted it once still adds up and nobody is given its
number again. Higher apps erase what is theirs and no row of the file. In an app's `erasing.py`:

    @goes_with_the_file
    def drop_drafts(files, *, by):
        ...

`files` are the keys of the files erased, those merged into the one included; it runs inside the transaction of the act.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from children.consenting import withdraw_all
from children.guardian_copy import rows_of, with_shells
from children.leaving import end_what_is_local
from children.models import Adult, Child, Erasure, Household, ImportPart, ImportRow, Kinship, TransferLine
from records.discovery import import_from_apps
from records.drafts import Draft
from records.erasing import wipe
from records.export_files import drop_built_around
from records.lifecycle import Refused
from records.trail import TrailEntry, log_act
from records.versions import stored_for_update

_goings: list[Callable] = []


def goes_with_the_file(function):
    """Register the decorated function `(files, *, by)` to run when files are erased, before their rows are blanked."""
    _goings.append(function)
    return function


@transaction.atomic
def ask(child, *, ground, note="", by):
    """Ask that a file be erased; a second person decides."""
    stored = stored_for_update(child)
    _refuse_if_erased(stored)
    _refuse_if_not_over(stored, ground)
    if child.erasures.filter(status=Erasure.Status.ASKED).exists():
        raise Refused(_("It has already been asked that this file be erased."))
    erasure = Erasure.objects.create(
        child=child, community_id=child.community_id, ground=ground, note=note, asked_by=by
    )
    log_act(by, "asked for the erasure", child, erasure=erasure)
    return erasure


@transaction.atomic
def erase(erasure, *, by):
    """Decide as the second person that the file is erased, and erase it."""
    child = stored_for_update(erasure.child)
    _refuse_if_erased(child)
    _refuse_if_not_over(child, erasure.ground)
    if erasure.asked_by_id == by.pk:
        raise Refused(_("Who asks for an erasure does not decide it: another person must."))
    if child.concerns.exclude(status="closed").exists():
        raise Refused(_("There is a concern about this child that is not closed. It comes first."))
    end_what_is_local(child, by=by)
    withdraw_all(child, by=by)
    erasure.note_done(by=by)
    for correction in child.corrections.filter(status="asked").order_by("pk"):
        correction.settle(is_done=False, answer="", by=by)
    files = with_shells([child.pk])
    import_from_apps("erasing", beside=["children", "records"])
    for go in _goings:
        go(files, by=by)
    _drop_drafts(files)
    _blank_rosters(files)
    rows = rows_of(child, shared=False)
    keys = {model: list(found.order_by().values_list("pk", flat=True)) for model, found in rows.items()}
    del keys[TrailEntry]  # keys only, and nobody can change it
    for model, own in keys.items():
        wipe(model._base_manager.filter(pk__in=own))
    _part_from_those_who_stay(files, keys[Household], keys[Adult])
    Child.objects.filter(pk=child.pk).update(left_on=child.registered_on, left_reason=ERASED)
    drop_built_around(child.community_id, by=by)


def _part_from_those_who_stay(files, households, adults):
    """Brothers and sisters go on without it: their household's form, its prints and its moves know nothing of the file.

    `households`, `adults`: those that were of these files alone.
    """
    Kinship.objects.filter(child__in=files).exclude(adult__in=adults).delete()
    parting = Child.objects.filter(pk__in=files).exclude(household__in=households)
    if place := parting.values_list("community", flat=True).first():
        own = Household.objects.create(community_id=place)
        parting.update(household=own)
        Adult.objects.filter(pk__in=adults).exclude(household__in=households).update(household=own)


def _blank_rosters(files):
    """Rows about the child that never went to its file: not taken in yet, or returned and sent again, corrected."""
    numbers = list(Child.objects.filter(pk__in=files).values_list("number", flat=True))
    numbers += TransferLine.objects.filter(child__in=files).values_list("number_before", flat=True)
    found = set(ImportRow.objects.filter(duplicate_of__in=numbers).values_list("pk", flat=True))
    found |= set(ImportRow.objects.filter(child__in=files).values_list("pk", flat=True))
    earlier = found
    while earlier := set(ImportRow.objects.filter(corrections__in=earlier).values_list("pk", flat=True)) - found:
        found |= earlier
    wipe(ImportRow.objects.filter(pk__in=found))
    for part in ImportPart.objects.filter(batch__rows__in=found).distinct():  # of rosters that are not decided upon
        part.delete()


def _drop_drafts(files):
    """What was typed about the child, or in the form of the household, and not sent."""
    begins = [f"{about}.{key}." for about in ("children.child", "counselling") for key in files]
    households = Child.objects.filter(pk__in=files).values_list("household", flat=True)
    begins += [f"children.household.{key}." for key in households]
    for begin in begins:
        Draft.objects.filter(key__startswith=begin).delete()


ERASED = Child.LeftReason.ERASED


def _refuse_if_not_over(child, ground):
    if ground == Erasure.Ground.OVER and child.left_on is None:
        raise Refused(_("This child is on the register. Close the file first, or note that the guardian asks for it."))


def _refuse_if_erased(child):
    if child.left_reason == ERASED:
        raise Refused(_("This file has been erased."))
