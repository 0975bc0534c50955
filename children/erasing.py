"""A file is erased by two persons: whatever tells of the child is blanked in every table, history and roster included.

The row itself stays as a closed shell under its key, so that what counted it once still adds up and nobody is given its
number again.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from children.consenting import withdraw_all
from children.guardian_copy import rows_of
from children.leaving import end_what_is_local
from children.models import Child, Erasure
from records.drafts import Draft
from records.erasing import wipe
from records.export_files import drop_built_around
from records.lifecycle import Refused
from records.trail import TrailEntry, log_act
from records.versions import stored_for_update


@transaction.atomic
def ask(child, *, ground, note="", by):
    """Ask that a file be erased; a second person decides."""
    stored = stored_for_update(child)
    _refuse_if_erased(stored)
    if ground == Erasure.Ground.OVER and stored.left_on is None:
        raise Refused(_("This child is on the register. Close the file first, or note that the guardian asks for it."))
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
    if erasure.asked_by_id == by.pk:
        raise Refused(_("Who asks for an erasure does not decide it: another person must."))
    if child.concerns.exclude(status="closed").exists():
        raise Refused(_("There is a concern about this child that is not closed. It comes first."))
    end_what_is_local(child, by=by)
    withdraw_all(child, by=by)
    erasure.note_done(by=by)
    rows = rows_of(child, shared=False)
    keys = {model: list(found.order_by().values_list("pk", flat=True)) for model, found in rows.items()}
    del keys[TrailEntry]  # keys only, and nobody can change it
    for model, own in keys.items():
        wipe(model._base_manager.filter(pk__in=own))
    Child.objects.filter(pk=child.pk).update(left_on=child.registered_on, left_reason=ERASED)
    Draft.objects.filter(key__startswith=f"children.household.{child.household_id}.").delete()
    Draft.objects.filter(key__startswith=f"children.child.{child.pk}.").delete()
    drop_built_around(child.community_id, by=by)


ERASED = Child.LeftReason.ERASED


def not_erased(rows):
    """Of rows that hang on a child, those of files not erased: a merged one is erased with the file it leads to."""
    return rows.exclude(child__left_reason=ERASED).exclude(child__merged_into__left_reason=ERASED)


def _refuse_if_erased(child):
    if child.left_reason == ERASED:
        raise Refused(_("This file has been erased."))
