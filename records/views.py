"""Pages of the mechanisms themselves: private files and drafts."""

import datetime
import json

from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from records.attachments import attachment_response
from records.drafts import MAX_BYTES, Draft, storable, typed_in
from records.jobs import Job, JobProgress
from records.policy import NotVisible, visible_or_404
from records.trail import log_read

PAGE = "records:attachment"


@require_safe
def attachment(request, label, pk, field):
    """The file in `field` of a record, for those who may see the record and that class of facts."""
    model = _model_with(label, field)
    owner = visible_or_404(model.objects.select_related(field), request.user, pk=pk)
    facts = model.personal.get(field)
    file = getattr(owner, field)
    if file is None or (facts and not request.user.at(owner.community_code()).sees(facts)):
        raise NotVisible(model, pk)
    response = attachment_response(file)
    log_read(request.user, owner, page=PAGE)
    return response


def _model_with(label, field):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if field not in getattr(model, "attachments", ()):
        raise Http404
    return model


@require_POST
@never_cache
def draft(request, key):
    """Keeps what a form holds so far: sent by static/js/draft.js every few seconds."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * MAX_BYTES:
            return JsonResponse({"error": "too large"}, status=413)
        Draft.keep(request.user, key, _typed(request))
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=413)
    except (ValueError, RecursionError):
        return JsonResponse({"error": "not a form"}, status=400)
    return HttpResponse(status=204)


def _typed(request):
    """{name: value, or list of values}, without tokens and passwords."""
    if request.content_type == "application/json":
        data = json.loads(request.body)
        if not isinstance(data, dict):
            raise ValueError
        return storable(data)
    return typed_in(request.POST)


@require_safe
@never_cache
def job(request, pk):
    """How far a job is; it leads on by itself when it is done."""
    found = Job.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.status == Job.Status.DONE:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": found.leads_to})
        return redirect(found.leads_to)
    if found.status == Job.Status.FAILED and request.htmx:
        return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
    progress = JobProgress.objects.filter(job=found).first()
    waits_long = timezone.now() - found.asked_at > datetime.timedelta(minutes=1)
    return render(request, "jobs/job.html", {"job": found, "progress": progress, "waits_long": waits_long})
