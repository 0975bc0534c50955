"""Donation drives: asked for, what came in, and what became of it."""

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.places import may_at, works_in_several
from gifts.forms import DriveForm
from gifts.models import Drive, Gift
from gifts.statements import statement_of
from gifts.views import page_of
from records.acting import act_once
from records.policy import visible_or_404
from records.trail import log_act


@require_safe
def drives(request):
    rows = Drive.objects.visible_to(request.user).order_by("-starts_on", "-pk")
    context = {
        "page": page_of(request, rows, _with_what_came_in),
        "today": timezone.localdate(),
        "several": works_in_several(request.user, Drive),
        "may_add": request.user.has_perm("gifts.add_drive"),
    }
    return render(request, "gifts/drives.html", context)


def _with_what_came_in(rows):
    """Each drive with `times`, how many gifts, and their `value`."""
    worth, stands = F("gifts__lines__quantity") * F("gifts__lines__unit_price"), Q(gifts__voided_on=None)
    times = Count("gifts", distinct=True, filter=stands)
    return rows.annotate(times=times, value=Sum(worth, default=0, filter=stands)).select_related("community")


def find_drive(request, pk, action="view"):
    return visible_or_404(Drive.objects.select_related("community"), request.user, action, pk=pk)


@require_safe
def drive(request, pk):
    found = find_drive(request, pk)
    gifts = Gift.objects.visible_to(request.user).filter(drive=found)
    shown = gifts.select_related("giver").prefetch_related("lines")
    statement = statement_of(gifts)
    context = {
        "drive": found,
        "raised": int(statement.value),
        "wanted": int(found.target or 0),
        "is_going_on": found.is_going_on(timezone.localdate()),
        "statement": statement,
        "page": page_of(request, shown.order_by("-received_on", "-pk")),
        "may_change": may_at(request.user, "change", Drive, found.community_id),
        "may_add": may_at(request.user, "add", Gift, found.community_id),
    }
    return render(request, "gifts/drive.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_drive(request):
    form = DriveForm(request.POST or None, user=request.user)

    def again():
        return render(request, "gifts/drive_form.html", {"form": form})

    def begin(_data):
        made = form.save()
        log_act(request.user, "began a donation drive", made)
        return made

    if request.method != "POST":
        return again()
    said = _("The drive is noted. Choose it whenever you note a gift for it.")
    return act_once(request, begin, said=said, form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def change_drive(request, pk):
    found = find_drive(request, pk, "change")
    form = DriveForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        fields = [name for name in form.changed_data if name != "seen_version"]
        log_act(request.user, "changed a donation drive", found, fields=fields)
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "gifts/drive_form.html", {"form": form, "drive": find_drive(request, pk)})
