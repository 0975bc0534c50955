"""Filling in a check on a phone, section by section. Every page is a plain form; nothing needs a script."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homes import checking
from homes.forms import AnswerForm
from homes.models import AnswerPhoto, Home, Inspection, StandardItem
from homes.reading import Reading
from homes.views import load_answers
from records import once
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404

SECTIONS = StandardItem.Section.values


@require_POST
def begin(request, pk):
    """Go on with the check under way, or begin one. Who checks their own Home and who inspects it differ."""
    kind = request.POST.get("kind", "")
    if kind not in Inspection.Kind.values:
        raise Http404
    act = Inspection.ACTS[Inspection.Kind(kind)]
    home = visible_or_404(Home.objects, request.user, act, pk=pk)
    with refusals_shown(request):
        return redirect("homes:inspection", checking.begin(home, kind, by=request.user).pk)
    return redirect(home)


def _own_draft(request, pk):
    """A check under way that this person may fill in; else as if there were none."""
    rows = Inspection.objects.drafts().select_related("home__community", "standard")
    check = visible_or_404(rows, request.user, pk=pk)
    if not check.may_be_filled_in_by(request.user):
        raise NotVisible(Inspection, pk)
    return check


@require_POST
def measure(request, pk):
    check = _own_draft(request, pk)
    with refusals_shown(request):
        checking.measure_again(check, by=request.user)
        messages.success(request, _("Measured again, as of today."))
    return redirect(check)


@require_POST
def submit(request, pk):
    """Score and close the check. Sent twice, it leads to what the first made."""
    rows = Inspection.objects.select_related("home")
    check = visible_or_404(rows, request.user, pk=pk)
    if not check.is_draft:
        return redirect(check)
    if not check.may_be_filled_in_by(request.user):
        raise NotVisible(Inspection, pk)
    with refusals_shown(request):
        checking.submit(check, by=request.user)
        messages.success(request, _("Submitted. These are the score and the gaps."))
    return redirect(check)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, pk, section):
    """One section's requirements as a form; what is sent is kept at once, as a draft."""
    if section not in SECTIONS:
        raise Http404
    check = _own_draft(request, pk)
    if request.method != "POST":
        return _page(request, check, section, {})
    try:
        with once.claim(request) as claim:
            if claim.repeated:
                return redirect(claim.result_url)
            wrong = _keep(request, check, section)
            if not wrong:
                claim.result_url = _after(request, check, section)
                messages.success(request, _("Saved."))
                return redirect(claim.result_url)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(check)
    messages.error(request, _("Some answers need another look; all others are saved."))
    return _page(request, check, section, wrong)


def _keep(request, check, section):
    """Keep what is right; returns {code: form} of what is not."""
    answers = checking.open_section(check, section)
    forms = [AnswerForm(request.POST, request.FILES, instance=a, prefix=a.item.code) for a in answers]
    touched = [form for form in forms if form.is_touched]
    right = [form for form in touched if form.is_valid()]
    checking.keep(check, [form.instance for form in right], by=request.user)
    for form in right:
        _keep_photos(form, request.user)
    return {form.item.code: form for form in touched if form.errors}


def _keep_photos(form, user):
    withdrawn = form.cleaned_data.get("withdraw") or ()
    for photo in AnswerPhoto.objects.filter(answer=form.instance, pk__in=withdrawn).select_related("answer"):
        checking.withdraw_photo(photo, by=user)
    for uploaded in form.cleaned_data.get("photos") or ():
        try:
            checking.add_photo(form.instance, uploaded, by=user)
        except Refused as refusal:
            form.add_error("photos", refusal.message)
        except ValidationError as error:
            form.add_error("photos", error)


def _after(request, check, section):
    """Where "save and go on" leads: the next section, and from the last one to the overview."""
    if "stay" in request.POST:
        return reverse("homes:section", args=[check.pk, section])
    following = SECTIONS[SECTIONS.index(section) + 1 :]
    return reverse("homes:section", args=[check.pk, following[0]]) if following else check.get_absolute_url()


def _page(request, check, section, wrong):
    reading = Reading(check, load_answers(check), request.user)
    part = next(part for part in reading.parts if part.key == section)
    context = {
        "check": check,
        "home": check.home,
        "reading": reading,
        "part": part,
        "rows": [
            (entry, wrong.get(entry.item.code) or AnswerForm(instance=entry.answer, prefix=entry.item.code))
            for entry in part.entries
        ],
        "is_last": section == SECTIONS[-1],
    }
    return render(request, "homes/section.html", context)
