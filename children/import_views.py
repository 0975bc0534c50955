"""The pages of an import: upload, see what becomes of every row, take it in, hand the bad rows back."""

import tempfile

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children import imports, jobs
from children.import_forms import RosterForm
from children.import_rows import page_of, shown, tabs_of
from children.import_taking import read_now_or_later, take_back_now_or_later, take_in_now_or_later
from children.importing import stored
from children.models import ImportBatch, ImportRow
from children.roster.refusal import RosterRefused
from children.roster.report import verdict_lines, write_returned
from children.roster.words import FIELDS, REASONS, SHEETS
from records import once
from records.jobs import unfinished
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.step_up import ask_again
from records.text import clean_key
from records.trail import log_act, log_read

RECENT = 10
EMPTIED = {ImportBatch.Status.DISCARDED, ImportBatch.Status.UNDONE}  # what they said of people is wiped


def find_batch(request, pk, action="view"):
    return visible_or_404(ImportBatch.objects.select_related("division"), request.user, action, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    form = RosterForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            leads_to = None if claim.missing else _read(request, form)
            if leads_to:
                claim.result_url = leads_to
                return redirect(leads_to)
    recent = ImportBatch.objects.visible_to(request.user).select_related("division", "uploaded_by")
    recent = recent.defer("layouts", "written")[:RECENT]
    return render(request, "children/import.html", {"form": form, "recent": recent})


def _read(request, form):
    """Where an uploaded roster leads, or None: it was refused."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    day, division = form.cleaned_data["as_of"], form.chosen_division
    try:
        with transaction.atomic():
            found = imports.receive(file, division=division, as_of=day, name=file.name, by=request.user)
            return read_now_or_later(found, by=request.user)
    except RosterRefused as refused:
        form.add_error("file", refused.message)
        return None


@require_safe
def batch(request, pk):
    found = find_batch(request, pk)
    log_read(request.user, found, page="children:import_batch")
    tabs = tabs_of(found, request.GET.get("show", ""))
    counts = found.counts
    reasons = sorted(
        ((n, REASONS.get(key.partition(":")[2], key)) for key, n in counts.items() if key.startswith("reason:")),
        key=lambda line: -line[0],
    )
    context = {
        "batch": found,
        "counts": counts,
        "reasons": reasons,
        "tabs": tabs,
        "tab": next(tab for tab in tabs if tab.is_current),
        "sheets": [_sheet(sheet) for sheet in stored.sheets_of(found)],
        "may_confirm": request.user.has_perm("children.add_importbatch"),
        "earlier": _earlier(request.user, found),
        "is_emptied": found.status in EMPTIED,
        "work": _unfinished(found),
        "has_file": found.is_open and found.parts.exists(),
        "may_take_back": found.status == ImportBatch.Status.CONFIRMED and "trail" in found.written,
        "corrects": _corrected_by(request.user, found),
        "corrections": _corrections(request.user, found),
    }
    if found.status not in EMPTIED:
        context["page"] = page_of(found, context["tab"], request.GET.get("page"))
        context["rows"] = shown(context["page"], request.user)
    return render(request, "children/import_batch.html", context)


def _unfinished(found):
    """The work on this roster that a worker has not finished."""
    return next((work for kind in jobs.KINDS if (work := unfinished(kind, found.pk))), None)


def _corrected_by(user, found):
    """The rosters whose returned rows this one brings back."""
    rosters = found.rows.exclude(corrects=None).order_by().values("corrects__batch").distinct()
    return ImportBatch.objects.visible_to(user).filter(pk__in=rosters)


def _corrections(user, found):
    """[(later roster, how many of its rows correct ours, of them good, of them returned again)]"""
    mine = ImportRow.objects.visible_to(user).filter(corrects__batch=found)
    counted = mine.order_by().values("batch", "disposition").annotate(n=Count("pk"))
    by_roster = {}
    for line in counted:
        by_roster.setdefault(line["batch"], {})[line["disposition"]] = line["n"]
    return [
        (later, sum(verdicts.values()), sum(verdicts.values()) - verdicts.get("rejected", 0))
        for later in ImportBatch.objects.in_bulk(by_roster).values()
        for verdicts in (by_roster[later.pk],)
    ]


def _sheet(sheet):
    """A sheet as people see it: each header with the fact it was read as."""
    columns = [(words, FIELDS.get(name, "") if name else "") for _index, words, name in sheet["columns"]]
    return {**sheet, "columns": columns, "ignored": SHEETS.get(sheet["ignored"], "")}


def _earlier(user, found):
    """The same file, taken in before."""
    if not found.is_open:
        return None
    same = ImportBatch.objects.visible_to(user).filter(division=found.division_id, sha256=found.sha256)
    return same.filter(status=ImportBatch.Status.CONFIRMED).first()


def _refuse_unless_read(found, seen):
    """`seen`: the reading that the person looked at before taking it in."""
    if found.is_open and (found.reading != seen or unfinished(jobs.READ, found.pk)):
        raise Refused(_("The roster was read anew meanwhile, with other columns. Look at its rows first."))


@require_POST
def confirm(request, pk):
    found = find_batch(request, pk, "add")
    if not found.is_open:
        messages.info(request, once.Claim.repeated_message)
        return redirect(found)
    leads_to = found.get_absolute_url()
    try:
        with transaction.atomic():
            imports.lock(found)  # before the token: a second click is told at once and does not wait for the first
            _refuse_unless_read(found, clean_key(request.POST.get("seen")) or 0)
            with once.claim(request) as claim:
                if not claim.repeated:
                    leads_to = claim.result_url = take_in_now_or_later(found, by=request.user)
                    if not found.is_large:
                        messages.success(request, _("The roster is on the register."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(leads_to)


@require_POST
def discard(request, pk):
    found = find_batch(request, pk, "add")
    with refusals_shown(request):
        imports.discard(found, by=request.user)
        messages.success(request, _("The roster is discarded. Nothing of it was kept."))
    return redirect("children:import")


@require_POST
def undo(request, pk):
    found = find_batch(request, pk, "add")
    leads_to = found.get_absolute_url()
    with refusals_shown(request):
        leads_to = take_back_now_or_later(found, by=request.user)
        if not found.is_large:
            messages.success(request, _("The roster is taken back. The register is as it was before."))
    return redirect(leads_to)


@require_safe
def returned(request, pk):
    return _send_returned(request, _kept_batch(request, pk))


@require_safe
def report(request, pk):
    return _send_report(request, _kept_batch(request, pk))


def _kept_batch(request, pk):
    found = find_batch(request, pk)
    if found.status in EMPTIED:
        raise Http404
    ask_again(request)
    return found


def _send_returned(request, found):
    """The rows to be corrected, as a workbook. The file has no name on disk and is gone once it is sent."""
    log_act(request.user, "exported the rows to correct", found, rows=found.counts.get("rejected", 0))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_returned(target, imports.returned_rows(found), language=get_language())
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"roster-{found.pk}-to-correct.xlsx")


def _send_report(request, found):
    """Every row's verdict as a table, streamed."""
    log_act(request.user, "exported the verdicts", found, rows=found.counts.get("rows", 0))
    lines = verdict_lines(imports.report_rows(found), file_name=found.file_name, for_people=True)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roster-{found.pk}-verdicts.csv"'
    return response
