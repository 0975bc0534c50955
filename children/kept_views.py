"""School, needs, wishes, hardships and growth notes of one file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children import caring, schooling
from children.act_views import strike_row
from children.concern_step import TypedSoFar
from children.consenting import agreed_to_photos
from children.grades import grade_word
from children.kept_forms import (
    CHANGED,
    CORRECTED,
    ClassForm,
    FulfilledForm,
    GrowthNoteForm,
    HardshipEndForm,
    HardshipForm,
    NeedForm,
    PastSchoolForm,
    WishForm,
)
from children.models import GrowthNote, Hardship, Need, SchoolPeriod, Wish
from children.views import file_page, find_child
from records import once
from records.attachments import owner_attachment_url
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.trail import log_read


def _tab(child, tab):
    return reverse("children:file", args=[child.pk]) + f"?tab={tab}"


@require_http_methods(["GET", "HEAD", "POST"])
def school(request, pk):
    """The class a child is in, and those before."""
    child = find_child(request, pk, "change")
    sent = request.POST if request.method == "POST" else None
    typed = TypedSoFar(request, f"children.child.{child.pk}.school", [child])
    if answer := typed.concern():
        return answer
    form = ClassForm(
        sent if "past" not in request.POST else None,
        instance=child,
        user=request.user,
        prefix="child",
        initial={"what": CHANGED if request.GET.get("what") == CHANGED else CORRECTED},
    )
    typed.shown_in(form)
    past_form = PastSchoolForm(sent if "past" in request.POST else None, prefix="past", instance=SchoolPeriod())
    answer = None
    if sent is not None:
        answer = _add_past(request, child, past_form) if "past" in sent else _save_class(request, child, form)
    if answer:
        if "past" not in sent:
            typed.drop()
        return answer
    if sent is None:
        log_read(request.user, child, page="children:school")
    periods = list(schooling.past_of(find_child(request, pk)).defer("class_teacher_phone"))
    for period in periods:
        period.grade_words = grade_word(period.grade)
    page = {"child": child, "form": form, "past_form": past_form, "periods": periods, "typed": typed}
    return render(request, "children/school.html", {**page, "back_url": _tab(child, "school")})


def _save_class(request, child, form):
    if not form.is_valid():
        return None
    try:
        if form.cleaned_data["what"] == CHANGED:
            schooling.change_class(form.instance, since=form.cleaned_data["since"], by=request.user)
        else:
            schooling.correct_class(form.instance, by=request.user)
    except Refused as refusal:
        form.add_error("since" if form.cleaned_data["what"] == CHANGED else None, refusal.message)
        return None
    messages.success(request, _("Saved."))
    return redirect(_tab(child, "school"))


def _add_past(request, child, form):
    """Answer with the page of the school, or None: something is to be looked at again."""
    with once.claim(request) as claim:
        if claim.repeated:
            return None if claim.missing else redirect(claim.result_url)
        if not form.is_valid():
            return None
        try:
            schooling.add_past(child, form.save(commit=False), by=request.user)
        except Refused as refusal:
            form.add_error("until", refusal.message)
            return None
        messages.success(request, _("The earlier school is on file."))
        claim.result_url = reverse("children:school", args=[child.pk])
        return redirect(claim.result_url)


@require_POST
def strike_school(request, pk):
    period = visible_or_404(SchoolPeriod.objects.select_related("child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        schooling.strike_past(period, by=request.user)
        messages.success(request, _("The earlier school no longer shows."))
    return redirect("children:school", pk=period.child_id)


def _add(request, pk, form, key, tab, act, said):
    """A short form on the file itself: done, or the file again with what was typed."""
    child = find_child(request, pk, "change")
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(_tab(child, tab))
        if not claim.missing and form.is_valid():
            try:
                act(child, **form.cleaned_data, by=request.user)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, said)
                claim.result_url = _tab(child, tab)
                return redirect(claim.result_url)
    log_read(request.user, child, page="children:file")
    return file_page(request, child, tab=tab, sent={key: form})


@require_POST
def add_need(request, pk):
    form = NeedForm(request.POST, prefix="need")
    return _add(request, pk, form, "need", "growth", caring.note_need, _("The need is on file."))


@require_POST
def add_wish(request, pk):
    form = WishForm(request.POST, prefix="wish")
    return _add(request, pk, form, "wish", "growth", caring.note_wish, _("The wish is on file."))


@require_POST
def add_hardship(request, pk):
    form = HardshipForm(request.POST, prefix="hardship")
    return _add(request, pk, form, "hardship", "care", caring.note_hardship, _("The hardship is on file."))


@require_POST
def no_more_needs(request, pk):
    child = find_child(request, pk, "change")
    caring.asked_about_needs(child, by=request.user)
    messages.success(request, _("Noted: asked today."))
    return redirect(_tab(child, "growth"))


@require_POST
def meet_need(request, pk):
    need = visible_or_404(Need.objects.select_related("child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        caring.meet_need(need, by=request.user)
        messages.success(request, _("The need is met."))
    return redirect(_tab(need.child, "growth"))


@require_POST
def end_wish(request, pk):
    wish = visible_or_404(Wish.objects.select_related("child"), request.user, "change", pk=pk)
    form = FulfilledForm(request.POST, prefix=f"wish{wish.pk}")
    if not form.is_valid():
        messages.error(request, form.errors["whom"][0])
        return redirect(_tab(wish.child, "growth"))
    with refusals_shown(request):
        if "drop" in request.POST:
            wish.drop(by=request.user)
            messages.success(request, _("The wish is closed."))
        else:
            wish.fulfil(whom=form.cleaned_data["whom"], by=request.user)
            messages.success(request, _("The wish is fulfilled."))
    return redirect(_tab(wish.child, "growth"))


@require_POST
def end_hardship(request, pk):
    hardship = visible_or_404(Hardship.objects.select_related("child"), request.user, "change", pk=pk)
    form = HardshipEndForm(request.POST, prefix=f"hardship{hardship.pk}")
    if form.is_valid():
        with refusals_shown(request):
            caring.end_hardship(hardship, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, _("The hardship has ended; it stays in the history."))
    else:
        messages.error(request, form.errors["on"][0])
    return redirect(_tab(hardship.child, "care"))


def _strike(request, pk, model, tab):
    row = visible_or_404(model.with_struck.select_related("child"), request.user, "change", pk=pk)
    strike_row(request, row, caring.strike)
    return redirect(_tab(row.child, tab))


@require_POST
def strike_need(request, pk):
    return _strike(request, pk, Need, "growth")


@require_POST
def strike_wish(request, pk):
    return _strike(request, pk, Wish, "growth")


@require_POST
def strike_hardship(request, pk):
    return _strike(request, pk, Hardship, "care")


@require_http_methods(["GET", "HEAD", "POST"])
def add_note(request, pk):
    child = find_child(request, pk, "change")
    note = GrowthNote(child=child, community_id=child.community_id)
    return _note_page(request, child, note, initial={"day": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
def note(request, pk):
    rows = GrowthNote.objects.filter(struck_on=None).select_related("child", "child__community")
    found = visible_or_404(rows, request.user, "change", pk=pk)
    return _note_page(request, found.child, found)


def _note_page(request, child, note, initial=None):
    agreed, is_new = agreed_to_photos(child), note.pk is None
    typed = TypedSoFar(request, f"children.child.{child.pk}.note.{note.pk or 'new'}", [child])
    if answer := typed.concern():
        return answer
    form = GrowthNoteForm(
        request.POST or None,
        request.FILES or None,
        instance=note,
        user=request.user,
        prefix="note",
        initial=initial,
        may_picture=agreed,
    )
    typed.shown_in(form)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid() and _write(request, form):
                typed.drop()
                messages.success(request, _("Saved."))
                claim.result_url = _tab(child, "growth")
                return redirect(claim.result_url)
    else:
        log_read(request.user, child, page="children:note")
    page = {"child": child, "form": form, "is_new": is_new, "agreed": agreed, "note": note, "typed": typed}
    page["picture_url"] = owner_attachment_url(note, "picture") if note.pk and note.picture_id else ""
    return render(request, "children/note.html", {**page, "back_url": _tab(child, "growth")})


def _write(request, form):
    data = form.cleaned_data
    try:
        caring.write_note(
            form.instance,
            picture=data.get("picture"),
            without_picture=data.get("without_picture", False),
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error("picture", error)
    return form.is_valid()


@require_POST
def strike_note(request, pk):
    found = visible_or_404(GrowthNote.objects.select_related("child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        caring.strike_note(found, by=request.user)
        messages.success(request, _("The note no longer shows."))
    return redirect(_tab(found.child, "growth"))
