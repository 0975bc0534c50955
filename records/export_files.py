"""The file of a large list: built by a worker once the list is released, kept encrypted, handed out once.

What the person may see is asked when it is built and again when it is fetched: where the rights it was built with no
longer hold, the file is dropped, and may be built anew with those that do.
"""

import logging
import shutil
import tempfile

from django.apps import apps
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import exports, file_parts, jobs
from records.exports import LEVELS, ExportRequest
from records.file_parts import FilePart
from records.lifecycle import Refused
from records.privacy import FIELD_CLASSES
from records.scoping import Scope
from records.secrets import SecretUnreadable
from records.trail import TrailEntry, log_act
from records.versions import stored_for_update
from records.workbooks import write

logger = logging.getLogger(__name__)

BUILD = "records.build_export"


class ExportPart(FilePart):
    """A piece of the file; gone once it is fetched, dropped or out of time."""

    request = models.ForeignKey(ExportRequest, on_delete=models.PROTECT, related_name="parts")

    not_personal = ["id", "request", "position"]

    class Meta:
        ordering = ["request", "position"]
        verbose_name = gettext_lazy("piece of an export")
        verbose_name_plural = gettext_lazy("pieces of an export")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "position"],
                name="one_piece_per_place_in_an_export",
                violation_error_message=gettext_lazy("This place in the file is taken."),
            ),
        ]

    def __str__(self):
        return f"{self.request_id}/{self.position}"


def ask_to_build(asked, *, by):
    """The job that builds the file of a released list."""
    return jobs.ask(BUILD, asked.pk, by=by, leads_to=asked.get_absolute_url())


def unfinished(asked):
    return jobs.unfinished(BUILD, asked.pk)


@jobs.job(BUILD)
def build(key, *, by, progress):
    """Write what the person may see now, as the list stands now."""
    asked = ExportRequest.objects.visible_to(by).filter(asked_by=by, pk=key).first()
    if asked is None or not exports.may_take_out(by, asked.kind):
        raise Refused(_("This list is not there, or you may no longer take it out."))
    asked.refuse_to_hand_out(by=by)
    dropped = _times_dropped(asked)
    file, written = write(sheet_of(asked, by), progress)
    with file:
        file_parts.keep(file, asked.parts)
    if _times_dropped(stored_for_update(asked)) != dropped:
        raise Refused(_("A file that may stand in this list was erased meanwhile. Please prepare the list again."))
    asked.note_built(by=by, rows=written, within=rights_in(asked, by))


def sheet_of(asked, user):
    """The list as it stands for this person, outside a page."""
    request = HttpRequest()
    request.method, request.user, request.resolver_match = "GET", user, resolve(asked.get_absolute_url())
    try:
        return exports.get(asked.kind).sheet(request, asked.params)
    except Http404:
        raise Refused(_("This list is not there, or you may no longer take it out.")) from None


def rights_in(asked, user):
    """Where the person sees rows of this list, and which facts."""
    label, _dot, permission = exports.get(asked.kind).needs.partition(".")
    action, _line, model = permission.partition("_")
    return {
        "codes": user.codes_for(apps.get_model(label, model), action),
        "facts": [facts for facts in FIELD_CLASSES if user.sees(facts)],
    }


def still_holds(asked, user):
    """Whether the person may see today all that the file was built with."""
    built, now = asked.built_within, rights_in(asked, user)
    reach = Scope.of(*now["codes"])
    return all(code in reach for code in built["codes"]) and set(built["facts"]) <= set(now["facts"])


def take(asked, *, by):
    """The file, open and without a name, and used up. One that may not be handed out is dropped instead."""
    with transaction.atomic():
        asked = stored_for_update(asked)  # somebody may have fetched it since it was looked up
        asked.refuse_to_hand_out(by=by)
        if not still_holds(asked, by):
            words = _("Your rights have changed since this list was prepared. Please prepare it again.")
        elif (kept := _opened(asked)) is None:
            words = _("The file of this list was altered or is not complete. Please prepare it again.")
        else:
            asked.fetch(by=by)
            log_act(by, "exported", asked, list=asked.kind, purpose=asked.reason, rows=asked.rows)
            file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
            shutil.copyfileobj(kept, file)
            asked.parts.all().delete()
            file.seek(0)
            return file
        _drop(asked, by)
    raise Refused(words)


def _opened(asked):
    try:
        return file_parts.opened(asked.parts)
    except SecretUnreadable:
        logger.error("The file of export %s cannot be read.", asked.pk)
        return None


def _drop(asked, by):
    asked.note_dropped(by=by)
    asked.parts.all().delete()


DROPPED = "dropped the file of an export"


def _times_dropped(asked):
    return TrailEntry.objects.about(asked).filter(verb=DROPPED).count()


@transaction.atomic
def drop_built_around(code, *, by):
    """Drop the files that may hold rows of this community, those being built included: each can be built anew from
    what is on file now."""
    above = ["", *(code[:digits] for digits in LEVELS)]
    rows = ExportRequest.objects.select_for_update(of=("self",), no_key=True).filter(division__in=above)
    for asked in rows.filter(status__in=(ExportRequest.Status.RELEASED, ExportRequest.Status.READY)).order_by("pk"):
        if asked.status == ExportRequest.Status.READY:
            _drop(asked, by)
        elif unfinished(asked):
            log_act(by, DROPPED, asked)


def erase_expired():
    """Erase the files that nobody fetched in time; of how many lists."""
    before = timezone.now() - exports.TIME_TO_FETCH
    parts = ExportPart.objects.filter(request__decided_at__lt=before)
    lists = parts.order_by().values("request").distinct().count()
    parts.delete()
    return lists
