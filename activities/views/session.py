"""One session: shown, moved, cancelled, recorded, with its pictures."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms import PhotoForm, ReasonForm, RecordForm
from activities.models import Attendance, CarerAttendance, HelperAttendance, MaterialLine, Session, SessionPhoto
from children.concern_step import TypedSoFar
from children.consenting import without_consent
from children.models import Child, Consent
from records import once
from records.attachments import owner_attachment_url
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404

SHOWN = Session.objects.select_related("activity__leader", "activity__helper", "community", "home", "recorded_by")


def session(request, pk):
    shown = visible_or_404(SHOWN.with_roll_figures(), request.user, pk=pk)
    return render(request, "activities/session.html", _context(request, shown))


def _context(request, shown, **forms):
    may_change = Session.objects.visible_to(request.user, "change").filter(pk=shown.pk).exists()
    open_to_record = may_change and shown.has_come and not shown.is_cancelled
    kept = Attendance.objects.visible_to(request.user).filter(session=shown).marked()
    marks = list(kept.select_related("child").order_by("child__name_pinyin", "pk"))
    groups = {
        mark.label: [row.child for row in marks if row.mark == mark]
        for mark in (Attendance.Mark.PRESENT, Attendance.Mark.ABSENT, Attendance.Mark.EXCUSED)
    }
    may_move = may_change and not shown.is_cancelled
    groups = {label: children for label, children in groups.items() if children}
    typed = _record_so_far(request, shown) if open_to_record else None
    photos = list(
        SessionPhoto.objects.visible_to(request.user).filter(session=shown).select_related("vouched_by", "photo")
    )
    return {
        "session": shown,
        "activity": shown.activity,
        "groups": groups,
        "photos": [(photo, owner_attachment_url(photo, "photo")) for photo in photos],
        "carers": CarerAttendance.objects.visible_to(request.user)
        .present()
        .filter(session=shown)
        .exclude(adult__name="")
        .select_related("adult"),
        "helpers_came": HelperAttendance.objects.visible_to(request.user)
        .present()
        .filter(session=shown)
        .select_related("volunteer")
        .defer("volunteer__phone", "volunteer__id_number")
        .order_by("volunteer__name", "pk"),
        "material_lines": list(MaterialLine.objects.visible_to(request.user).noted().filter(session=shown)),
        "without_consent": _without_consent(shown) if open_to_record else [],
        "may_change": may_change,
        "may_record": open_to_record,
        "may_move": may_move and Session.objects.filter(pk=shown.pk).with_no_trace().exists(),
        "typed": typed,
        "record_form": typed.shown_in(RecordForm(instance=shown)) if open_to_record else None,
        "photo_form": PhotoForm(prefix="picture") if open_to_record else None,
        **forms,
    }


def _without_consent(shown):
    """Children on the roll whose pictures may not be kept."""
    return list(without_consent(shown.roll(), Consent.Purpose.PHOTO)[:50]) if shown.activity.takes_children else []


def _record_so_far(request, shown):
    children = Child.objects.visible_to(request.user).filter(pk__in=shown.roll().order_by().values("pk"))
    key = f"children.child.{{child}}.session.{shown.pk}"
    return TypedSoFar(request, key, children.only("name", "community").order_by("name_pinyin", "pk"))


def record(request, pk):
    recorded = visible_or_404(SHOWN.with_roll_figures(), request.user, "change", pk=pk)
    if request.method != "POST":
        return redirect(f"{recorded.get_absolute_url()}#record")
    typed = _record_so_far(request, recorded)
    if answer := typed.concern():
        return answer
    recorded.locked()  # the form locks the session, and every act takes the activity before it
    form = RecordForm(request.POST, instance=recorded)
    if form.is_valid():
        try:
            with transaction.atomic():
                written = Session.objects.select_related("activity").get(pk=pk)
                written.write_record(
                    form.cleaned_data["record"],
                    result=form.cleaned_data["result"],
                    others_present=form.cleaned_data["others_present"],
                    by=request.user,
                )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            typed.drop()
            messages.success(request, _("Record saved."))
            return redirect(written)
    return render(request, "activities/session.html", _context(request, recorded, record_form=form))


def photo(request, pk):
    owner = visible_or_404(SHOWN.with_roll_figures(), request.user, "change", pk=pk)
    if request.method != "POST":
        return redirect(owner)
    form = PhotoForm(request.POST, request.FILES, prefix="picture")
    if form.is_valid():
        with once.claim(request) as claim:
            if claim.repeated:
                return redirect(claim.result_url)
            try:
                with transaction.atomic():
                    uploaded = form.cleaned_data.pop("photo")
                    SessionPhoto.add(owner, uploaded, **form.cleaned_data, by=request.user)
            except (Refused, ValidationError) as refusal:
                claim.release()
                form.add_error("photo", getattr(refusal, "messages", None) or refusal.message)
            else:
                claim.result_url = f"{owner.get_absolute_url()}#pictures"
                messages.success(request, _("Picture added."))
                return redirect(claim.result_url)
    return render(request, "activities/session.html", _context(request, owner, photo_form=form))


@require_POST
def photo_again(request, pk):
    """Decide about a picture that was withheld: nobody without consent is in it, or it goes."""
    withheld = visible_or_404(SessionPhoto.objects.exclude(withheld_at=None), request.user, "change", pk=pk)
    if "remove" in request.POST:
        withheld.remove(by=request.user)
        messages.success(request, _("The picture is removed."))
    else:
        with refusals_shown(request):
            withheld.show_again(seen=request.POST.get("seen", ""), by=request.user)
            messages.success(request, _("The picture is shown again."))
    return redirect(f"{withheld.session.get_absolute_url()}#pictures")


def cancel(request, pk):
    cancelled = visible_or_404(SHOWN, request.user, "change", pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            cancelled.cancel(reason=form.cleaned_data["reason"], by=request.user)
        return redirect(cancelled.activity)
    context = {
        "form": form,
        "title": _("Cancel this session"),
        "what": f"{cancelled.activity.title} · {cancelled}",
        "back": reverse("activities:session", args=[cancelled.pk]),
    }
    return render(request, "activities/cancel.html", context)
