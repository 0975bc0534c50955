"""What each header of a roster was read as, to be corrected by a person and remembered for the next roster."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children.import_taking import columns_url, read_now_or_later
from children.import_views import find_batch
from children.importing import stored
from children.models import ColumnMeaning
from children.roster.refusal import RosterRefused
from children.roster.vocabulary import UNUSED
from children.roster.words import FIELDS, SHEETS
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.trail import log_read

LEFT_OUT = "-"


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, pk):
    found = find_batch(request, pk, "add")
    if not found.is_open or not found.parts.exists():
        messages.info(request, _("The columns of this roster can no longer be changed."))
        return redirect(found)
    remembered = ColumnMeaning.of(found.division_id)
    sheets = [shown for sheet in stored.sheets_of(found) if (shown := _sheet(sheet, remembered))["columns"]]
    if request.method == "POST":
        said = _said(request.POST, sheets)
        try:
            ColumnMeaning.remember(found.division, said, by=request.user)
            leads_to = read_now_or_later(found, by=request.user)
        except RosterRefused as refused:
            messages.error(request, refused.message)
            return redirect(found)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(found)
        messages.success(request, _("The roster was read again with the columns as you said."))
        return redirect(leads_to)
    log_read(request.user, found, page="children:import_columns")
    choices = sorted(
        ((name, str(words)) for name, words in FIELDS.items() if name not in UNUSED), key=lambda choice: choice[1]
    )
    return render(
        request,
        "children/import_columns.html",
        {"batch": found, "sheets": sheets, "choices": choices, "left_out": LEFT_OUT, "names": _names_known(sheets)},
    )


def _names_known(sheets):
    return any(column["field"] == "child_name" for sheet in sheets for column in sheet["columns"])


def _sheet(sheet, remembered):
    """A sheet's columns as the page shows them, each with a name of its own in the form."""
    shown = []
    for index, words, name in sheet["columns"] or sheet.get("supposed", []):
        meaning = remembered.get(words) or remembered.get(words.rpartition("/")[2])
        shown.append(
            {
                "key": f"{sheet['name']}/{index}",
                "words": words,
                "field": name,
                "read_as": FIELDS.get(name, ""),
                "is_said": meaning is not None,
                "meaning": meaning,
                "samples": sheet.get("samples", {}).get(str(index), []),
            }
        )
    return {"name": sheet["name"], "ignored": SHEETS.get(sheet["ignored"], ""), "columns": shown}


def _said(posted, sheets):
    """{header: fact} where the person chose something else than it was read as."""
    said = {}
    for sheet in sheets:
        for column in sheet["columns"]:
            chosen = posted.get(column["key"], "")
            field = "" if chosen == LEFT_OUT else chosen
            is_known = chosen == LEFT_OUT or (chosen in FIELDS and chosen not in UNUSED)
            left_out_already = chosen == LEFT_OUT and not column["field"] and column["is_said"]
            if is_known and field != column["field"] or (chosen == LEFT_OUT and not left_out_already):
                said[column["words"][:300]] = field
    return said


@require_POST
def forget(request, pk):
    meaning = visible_or_404(ColumnMeaning.objects, request.user, "add", pk=pk)
    batch = find_batch(request, request.POST.get("roster") or 0, "add")
    with refusals_shown(request):
        if not meaning.forget(by=request.user):
            return redirect(columns_url(batch))
        try:
            leads_to = read_now_or_later(batch, by=request.user)
        except RosterRefused as refused:
            raise Refused(refused.message) from refused
        messages.success(request, _("The meaning of “%(words)s” is undone.") % {"words": meaning.words})
        return redirect(leads_to)
    return redirect(columns_url(batch))
