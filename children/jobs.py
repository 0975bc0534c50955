"""Long work on rosters, done by a worker (`records.jobs`). Who asked is asked again whether they still may."""

from django.utils.translation import gettext as _

from children import import_undo, imports
from children.models import ImportBatch
from children.roster.refusal import RosterRefused
from records.jobs import job
from records.lifecycle import Refused

READ, TAKE_IN, TAKE_BACK = "children.read_roster", "children.take_in_roster", "children.take_back_roster"
KINDS = (READ, TAKE_IN, TAKE_BACK)
MOST_ROWS = 30_000


def _batch(key, by):
    found = ImportBatch.objects.select_related("division").visible_to(by, "add").filter(pk=key).first()
    if found is None:
        raise Refused(_("This roster is not there, or it is no longer yours to work on."))
    return found


@job(READ)
def read_roster(key, *, by, progress):
    try:
        imports.read(_batch(key, by), by=by, most=MOST_ROWS, progress=progress)
    except RosterRefused as refused:
        raise Refused(refused.message) from refused


@job(TAKE_IN)
def take_in_roster(key, *, by, progress):
    imports.confirm(_batch(key, by), by=by, progress=progress)


@job(TAKE_BACK)
def take_back_roster(key, *, by, progress):
    import_undo.undo(_batch(key, by), by=by)
    progress(1, 1)
