"""Taking a list out: what it holds and what for is asked first; a large one waits for a second person."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records import export_files, exports, once
from records.exports import ExportRequest
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.step_up import ask_again
from records.text import CleanCharField
from records.trail import log_act
from records.workbooks import write

LONGEST_FILTER = 2000
RECENT = 50


class PurposeForm(forms.ModelForm):
    class Meta:
        model = ExportRequest
        fields = ["reason", "purpose"]
        field_classes = {"purpose": CleanCharField}
        help_texts = {"purpose": gettext_lazy("Who gets the list, and what will be done with it? Name no child.")}


def _found(request, name):
    try:
        found = exports.get(name)
    except KeyError:
        raise Http404 from None
    if not exports.may_take_out(request.user, name):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request, name):
    """What the list would hold, and what for; small lists come at once."""
    found = _found(request, name)
    params = request.GET.urlencode()
    if len(params) > LONGEST_FILTER:
        raise Http404
    sheet = found.sheet(request, params)
    form = PurposeForm(request.POST or None)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                ask_again(request)
                asked = _ask(request, found, params, sheet, form)
                claim.result_url = asked.get_absolute_url()
                if asked.needs_release:
                    messages.success(request, _("Another person can now release the list."))
                    return redirect(asked)
                return _file(request, asked, sheet)
    context = {
        "export": found,
        "sheet": sheet,
        "form": form,
        "alone": settings.EXPORT_ROWS_ALONE,
        "needs_release": sheet.count > settings.EXPORT_ROWS_ALONE,
        "columns": [" · ".join(column.words) for column in sheet.columns],
    }
    return render(request, "records/export.html", context)


def _ask(request, found, params, sheet, form):
    asked = form.save(commit=False)
    asked.kind, asked.params, asked.rows, asked.asked_by = found.name, params, sheet.count, request.user
    asked.division = exports.division_of(request.user.codes_for(ExportRequest, "add"))
    asked.save()
    log_act(request.user, "asked for an export", asked, list=found.name, purpose=asked.reason, rows=asked.rows)
    return asked


def _file(request, asked, sheet):
    target, written = write(sheet)
    asked.rows = written
    asked.save(update_fields=["rows"])
    asked.fetch(by=request.user)
    log_act(request.user, "exported", asked, list=asked.kind, purpose=asked.reason, rows=written)
    return _sent(target, sheet)


def _sent(file, sheet):
    response = FileResponse(file, as_attachment=True, filename=f"{sheet.file_name}.xlsx")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@never_cache
def listing(request):
    """The lists asked for in the person's divisions: to release, to fetch, and those that were taken out."""
    rows = ExportRequest.objects.visible_to(request.user).select_related("asked_by", "decided_by")[:RECENT]
    return render(request, "records/exports.html", {"requests": rows})


@require_safe
@never_cache
def request_page(request, pk):
    asked = visible_or_404(ExportRequest.objects.select_related("asked_by", "decided_by"), request.user, pk=pk)
    mine = asked.asked_by_id == request.user.pk
    context = {
        "asked": asked,
        "work": export_files.unfinished(asked) if mine else None,
        "may_build": mine and asked.status == ExportRequest.Status.RELEASED and not asked.is_expired,
        "may_fetch": mine and asked.status == ExportRequest.Status.READY and not asked.is_expired,
        "may_decide": not mine and asked.status == ExportRequest.Status.ASKED and _may_release(request.user, asked),
        "hours": exports.HOURS_TO_FETCH,
    }
    return render(request, "records/export_request.html", context)


def _may_release(user, asked):
    """The right to release, and the right to see such rows, both in the whole of the division asked for."""
    codes = user.codes_for(ExportRequest, "release")
    return asked.division in Scope.of(*codes) and user.has_perm(exports.get(asked.kind).needs)


@require_POST
def decide(request, pk):
    asked = visible_or_404(ExportRequest.objects, request.user, "release", pk=pk)
    if not _may_release(request.user, asked):
        raise NotVisible(ExportRequest, pk)
    ask_again(request)
    with refusals_shown(request):
        if request.POST.get("decision") == "release":
            asked.release(by=request.user)
            messages.success(request, _("Released. The person who asked can fetch the list once."))
        else:
            asked.refuse(by=request.user)
            messages.success(request, _("Refused. Nothing leaves the system."))
    return redirect(asked)


@require_POST
@never_cache
def fetch(request, pk):
    """The file, once. A large list is built first; what the person may see is asked both times."""
    asked = visible_or_404(ExportRequest.objects.filter(asked_by=request.user), request.user, pk=pk)
    found = _found(request, asked.kind)
    ask_again(request)
    try:
        asked.refuse_to_hand_out(by=request.user)
        if asked.status == ExportRequest.Status.RELEASED:
            return redirect(export_files.ask_to_build(asked, by=request.user))
        if asked.status == ExportRequest.Status.READY:
            return _sent(export_files.take(asked, by=request.user), found.sheet(request, asked.params))
        return _file(request, asked, found.sheet(request, asked.params))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(asked)
