"""Staff see what each pairing owes, remind the helper with words ready to send, and excuse."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import Division
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.scoping import Scope
from records.staff_filters import clean_search
from volunteers import board, contacts
from volunteers.admin.duty import ExcuseForm
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Duty, DutyReminder, Pairing


def _with_filters(request, address, *keys):
    """An address that carries along what the board was narrowed by, for the way back."""
    return reverse(address, args=keys) + (f"?{query}" if (query := request.GET.urlencode()) else "")


@require_safe
def listing(request):
    user, asked = request.user, request.GET
    show = asked.get("show") if asked.get("show") in board.SHOWN else board.OVERDUE
    text = clean_search(asked.get("q"))
    communities = _communities(user)
    community = asked.get("community", "")
    community = community if community in {division.pk for division in communities} else ""
    chosen = {"kind": asked.get("kind", ""), "community": community, "text": text}
    page = board.page_of(user, show=show, **chosen, after=asked.get("after", ""))
    following = asked.copy()
    following["after"] = page.next
    context = {
        **chosen,
        "page": page,
        "show": show,
        "groups": board.SHOWN,
        "kinds": HelperKind.choices,
        "communities": communities if len(communities) > 1 else [],
        "five": DutyKind.labels,
        "filters": asked.urlencode(),
        "next_url": f"?{following.urlencode()}" if page.next else "",
        "is_later_page": bool(asked.get("after")),
        "may_remind": user.has_perm("volunteers.add_dutyreminder"),
        "may_excuse": user.has_perm("volunteers.change_duty"),
    }
    return render(request, "volunteers/board.html", context)


def _communities(user):
    scope = Scope.of(*user.codes_for(Pairing, "view"))
    return list(Division.objects.filter(scope.at("code"), level="community").order_by("code"))


@require_POST
def remind(request, pk):
    pairing = visible_or_404(Pairing.objects, request.user, pk=pk)
    with refusals_shown(request):
        reminder = DutyReminder.send(pairing, by=request.user)
        return redirect(_with_filters(request, "five_ones:reminder", reminder.pk))
    return redirect(_with_filters(request, "five_ones:board"))


@require_safe
def reminder(request, pk):
    """The words to paste into a chat or to read on the phone; they name no child."""
    rows = DutyReminder.objects.select_related("pairing__volunteer", "by").defer(
        "pairing__volunteer__phone", "pairing__volunteer__id_number"
    )
    found = visible_or_404(rows, request.user, pk=pk)
    context = {"reminder": found, "helper": found.pairing.volunteer, "back": _with_filters(request, "five_ones:board")}
    return render(request, "volunteers/reminder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request, pk):
    rows = Duty.objects.select_related("pairing__child", "pairing__volunteer").defer(
        "pairing__volunteer__phone", "pairing__volunteer__id_number"
    )
    duty = visible_or_404(rows, request.user, "change", pk=pk)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            contacts.excuse(duty, by=request.user, **form.cleaned_data)
            messages.success(request, _("Excused. It no longer counts as missing."))
            return redirect(_with_filters(request, "five_ones:board"))
    context = {"duty": duty, "form": form, "back": _with_filters(request, "five_ones:board")}
    return render(request, "volunteers/excuse.html", context)
