"""Staff see what each pairing owes, remind the helper with words ready to send, and excuse."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from records.lifecycle import refusals_shown
from records.policy import NotVisible, visible_or_404
from records.scoping import DISTRICT_DIGITS, Scope
from volunteers import board, board_choices, contacts, correcting, totals
from volunteers.admin.duty import ExcuseForm
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Contact, Duty, DutyReminder, Pairing, TermTotal


def _with_filters(request, address, *keys):
    """An address that carries along what the board was narrowed by, for the way back."""
    return reverse(address, args=keys) + (f"?{query}" if (query := request.GET.urlencode()) else "")


@require_safe
def listing(request):
    user, params = request.user, request.GET.copy()
    asked, choices = board_choices.read(user, params)
    for name in choices.unread:  # links and buttons ask for what is shown
        del params[name]
    page = board.page_of(asked)
    is_later_page = bool(asked.after)
    context = {
        "asked": asked,
        "choices": choices,
        "page": page,
        "groups": board.NOW if asked.term is None else board.THEN,
        "kinds": HelperKind.choices,
        "five": DutyKind.labels,
        "filters": params.urlencode(),
        "is_narrowed": bool(asked.people is not None or (choices.is_above and asked.place)),
        "totals": None if is_later_page else _totals(asked, choices),
        "next_url": _address(params, after=page.next) if page.next else "",
        "first_url": _address(params, after="") if is_later_page else "",
        "all_helpers_url": _address(params, after="", helper=""),
        "helper_url": _address(params, after="", helper="", show=asked.show) + "&helper=",
        "print_url": _print_address(asked, choices, params),
        "reminding": Scope.of(*user.codes_for(DutyReminder, "add")),
        "reading": Scope.of(*user.codes_for(Contact)),
        "excusing": Scope.of(*user.codes_for(Duty, "change")),
    }
    return render(request, "volunteers/board.html", context)


def _address(params, **changed):
    """This page with some of what it was asked for changed, or left out where it is empty."""
    query = params.copy()
    for name, value in changed.items():
        query[name] = value
    return "?" + "&".join(part for part in query.urlencode().split("&") if not part.endswith("="))


def _totals(asked, choices):
    """What is stored of the term shown, in the place shown; None before the first night."""
    terms = choices.now if asked.term is None else [asked.term]
    rows = TermTotal.objects.visible_to(asked.user).filter(term__in=terms)
    return totals.of(rows.filter(board.within(asked.place)) if asked.place else rows)


def _print_address(asked, choices, params):
    codes = asked.user.codes_for(Pairing)
    place = asked.place or (codes[0] if len(codes) == 1 else "")
    if len(place) <= DISTRICT_DIGITS:
        return ""
    return reverse("paper", args=["five_ones_board", place]) + _address(params, after="")


@require_POST
def remind(request, pk):
    pairing = visible_or_404(Pairing.objects, request.user, pk=pk)
    if not may_at(request.user, "add", DutyReminder, pairing.community_id):
        raise NotVisible(Pairing, pk)
    with refusals_shown(request):
        DutyReminder.send(pairing, by=request.user)
    mine = DutyReminder.objects.visible_to(request.user)
    words = mine.filter(pairing=pairing, day=timezone.localdate()).first()  # those of a first click serve a second
    if words is None or not pairing.missing:
        return redirect(_with_filters(request, "five_ones:board"))
    return redirect(_with_filters(request, "five_ones:reminder", words.pk))


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
    """Excuse from a duty, or take the excuse back."""
    rows = Duty.objects.select_related("pairing__child", "pairing__volunteer", "excused_by").defer(
        "pairing__volunteer__phone", "pairing__volunteer__id_number"
    )
    duty, taken_back = visible_or_404(rows, request.user, "change", pk=pk), "take_back" in request.POST
    form = ExcuseForm(None if taken_back else request.POST or None)
    if taken_back:
        with refusals_shown(request):
            correcting.take_back_excuse(duty, by=request.user)
            messages.success(request, _("The excuse is taken back."))
        return redirect(_with_filters(request, "five_ones:board"))
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            contacts.excuse(duty, by=request.user, **form.cleaned_data)
            messages.success(request, _("Excused. It no longer counts as missing."))
            return redirect(_with_filters(request, "five_ones:board"))
    context = {"duty": duty, "form": form, "back": _with_filters(request, "five_ones:board")}
    return render(request, "volunteers/excuse.html", context)
