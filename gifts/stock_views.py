"""What is in stock, and what is given out of it."""

import datetime as dt

from django.db.models import F, Prefetch, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.concern_step import TypedSoFar
from children.models import Child, Kinship
from communities.places import may_at, with_may, works_in_several
from gifts import giving
from gifts.giving_forms import BackForm, CountForm, GiveForm, HomeForm, Recipients, ScanForm
from gifts.lists import LedgerFilter
from gifts.models import Entry, GiftLine, HandOut
from gifts.views import page_of
from homes.models import Home
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.drafts import as_sent
from records.policy import visible_or_404
from records.privacy import FAMILY
from records.staff_filters import clean_search
from records.text import clean_key
from records.trail import log_read

CHILDREN_AT_MOST = 60
SHEET_COMES_BACK = dt.timedelta(days=90)  # so long a child whose file was closed since is offered
TABS = {
    "": gettext_lazy("In stock"),
    "expiring": gettext_lazy("Expires within 30 days"),
    "expired": gettext_lazy("Expired"),
    "used_up": gettext_lazy("Used up"),
}


@require_safe
def stock(request):
    """What is left, what expires first on top."""
    day, show, text = timezone.localdate(), request.GET.get("show", ""), clean_search(request.GET.get("q", ""))
    show = show if show in TABS else ""
    rows = GiftLine.objects.visible_to(request.user).select_related("gift__giver", "community")
    rows = {
        "expired": lambda: rows.expired_on(day),
        "expiring": lambda: rows.expiring(day),
        "used_up": rows.used_up,
    }.get(show, rows.in_stock)()
    if text:
        rows = rows.filter(Q(what__icontains=text) | Q(gift__purpose__icontains=text))
    page = page_of(request, rows.order_by(F("expires_on").asc(nulls_last=True), "pk"))
    page.object_list = with_may(page.object_list, request.user, "change", GiftLine)
    context = {
        "page": page,
        "choices": [
            (words, reverse("gifts:stock", query={"show": key} if key else None), key == show)
            for key, words in TABS.items()
        ],
        "show": show,
        "text": text,
        "today": day,
        "several": works_in_several(request.user, GiftLine),
        "may_give": any(line.may for line in page),
    }
    return render(request, "gifts/stock.html", context)


def find_line(request, pk, action="view"):
    return visible_or_404(GiftLine.objects.select_related("gift__giver", "community"), request.user, action, pk=pk)


@require_safe
def line(request, pk):
    return _line_page(request, find_line(request, pk))


def _line_page(request, found, **bound):
    """`bound`: forms that come back as they were typed, by name."""
    user, day = request.user, timezone.localdate()
    may_give = may_at(user, "add", HandOut, found.community_id)
    home = Home.objects.visible_to(user).open_on(day).filter(community=found.community_id).first()
    is_expired = found.is_expired_on(day)
    count = {"counted": giving.plain(found.remaining), "seen": found.remaining, "handler": user.name}
    context = {
        "line": found,
        "entries": _with_recipients(user, found),
        "home": home,
        "is_expired": is_expired,
        "may_give": may_give,
        "can_give": may_give and found.remaining > 0 and not is_expired,
        "home_form": HomeForm(),
        "count_form": CountForm(initial=count),
        **bound,
    }
    return render(request, "gifts/line.html", context)


def _with_recipients(user, found):
    """The entries, each with the hand-out where the person may see to whom it went; the look is on the trail."""
    seen = HandOut.objects.visible_to(user).filter(entry__line=found).select_related("child", "home")
    hand_outs = {one.entry_id: one for one in seen}
    log_read(user, {one.child for one in hand_outs.values() if one.child_id}, page="gifts:line")
    entries = list(found.entries.select_related("noted_by", "corrected_by"))
    for entry in entries:
        entry.shown_hand_out = hand_outs.get(entry.pk)
        entry.is_taken_back = hasattr(entry, "corrected_by")
    return entries


def _acted(request, found, act, said, form, name):
    again = lambda: _line_page(request, find_line(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request, pk):
    """The sheet of those who are given something: tick the children, and who signed."""
    found = find_line(request, pk, "change")
    text = clean_search(request.GET.get("q", ""))
    sent = request.POST if request.method == "POST" else None
    children = _children(request.user, found, text, request.POST)
    typed = TypedSoFar(request, f"children.child.{{child}}.gift.{found.pk}", children)
    if answer := typed.concern():
        return answer
    last = min(filter(None, [timezone.localdate(), found.expires_on]))  # a sheet comes back when it has expired, too
    form = typed.shown_in(GiveForm(sent, initial={"quantity": 1, "on": last}))
    set_aside = as_sent(typed.draft) if typed.draft else None
    if set_aside:
        children = _children(request.user, found, text, set_aside)
    recipients = Recipients(children, set_aside if sent is None else sent)
    again = lambda: _give_page(request, found, form, recipients, text, typed)  # noqa: E731
    if sent is None or not recipients.is_valid():
        return again()

    def act(given):
        giving.hand_out_to_children(found, recipients.chosen, by=request.user, **given)
        typed.drop()

    return act_once(request, act, to=found, said=_("Given out, and noted in the ledger."), form=form, again=again)


def _children(user, found, text, typed):
    """Those the search finds, and whoever is ticked beside them. Whose file was closed since may have signed before."""
    ticked = {clean_key(key) for key in typed.getlist("child")}
    carers = Kinship.objects.filter(is_caregiver=True).select_related("adult")
    since = max(found.gift.received_on, timezone.localdate() - SHEET_COMES_BACK)
    rows = Child.objects.visible_to(user).filter(community=found.community_id).standing_for_somebody()
    rows = rows.filter(Q(left_on=None) | Q(left_on__gte=since))
    rows = rows.prefetch_related(Prefetch("kinships", carers)).order_by("name_pinyin", "pk")
    searched = rows.search(text) if text else rows  # by no ID number: what is typed stands in the address
    listed = list(searched[:CHILDREN_AT_MOST])
    others = ticked - {child.pk for child in listed} - {None}
    return listed + (list(rows.filter(pk__in=others)) if others else [])


def _give_page(request, found, form, recipients, text, typed):
    log_read(request.user, [line["child"] for line in recipients.lines], page="gifts:give")
    context = {
        "line": found,
        "form": form,
        "recipients": recipients,
        "typed": typed,
        "text": text,
        "is_cut": len(recipients.lines) >= CHILDREN_AT_MOST,
        "at_most": CHILDREN_AT_MOST,
    }
    return render(request, "gifts/give.html", context)


@require_POST
def give_home(request, pk):
    found = find_line(request, pk, "change")
    home = visible_or_404(Home.objects.filter(closed_on=None), request.user, community=found.community_id)
    form = HomeForm(request.POST)
    act = lambda given: giving.hand_out_to_home(found, home, by=request.user, **given)  # noqa: E731
    return _acted(request, found, act, _("Given to the Home, and noted in the ledger."), form, "home_form")


@require_POST
def count(request, pk):
    found, form = find_line(request, pk, "change"), CountForm(request.POST)
    act = lambda counted: giving.put_right(found, by=request.user, **counted)  # noqa: E731
    return _acted(request, found, act, _("The ledger says now what was counted."), form, "count_form")


# Hand-outs ------------------------------------------------------------------------------------------------------------


def find_hand_out(request, pk, action="view"):
    rows = HandOut.objects.select_related(
        "child", "home", "entry__line__gift", "entry__corrected_by", "entry__noted_by"
    )
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def hand_out(request, pk):
    found = find_hand_out(request, pk)
    log_read(request.user, found, page="gifts:hand_out")
    return _hand_out_page(request, found)


def _hand_out_page(request, found, **bound):
    user, entry = request.user, found.entry
    is_own = entry.community_id == found.community_id  # the file may have gone on to another community since
    context = {
        "hand_out": found,
        "line": GiftLine.objects.visible_to(user).filter(pk=entry.line_id).first(),
        "taken_back": getattr(entry, "corrected_by", None),
        "sees_family": user.sees(FAMILY),
        "scan_url": owner_attachment_url(found, "scan") if found.scan_id and user.sees(FAMILY) else "",
        "may_change": is_own and may_at(user, "change", HandOut, found.community_id),
        "back_form": BackForm(),
        "scan_form": ScanForm(),
        **bound,
    }
    return render(request, "gifts/hand_out.html", context)


@require_POST
def take_back(request, pk):
    found, form = find_hand_out(request, pk, "change"), BackForm(request.POST)
    act = lambda typed: giving.take_back(found, by=request.user, **typed)  # noqa: E731
    again = lambda: _hand_out_page(request, find_hand_out(request, pk), back_form=form)  # noqa: E731
    return act_once(request, act, to=found, said=_("It is back in stock."), form=form, again=again)


@require_POST
def scan(request, pk):
    found, form = find_hand_out(request, pk, "change"), ScanForm(request.POST, request.FILES)
    act = lambda typed: giving.add_scan(found, typed["scan"], by=request.user)  # noqa: E731
    again = lambda: _hand_out_page(request, find_hand_out(request, pk), scan_form=form)  # noqa: E731
    return act_once(request, act, to=found, said=_("The signed sheet is kept."), form=form, again=again)


@require_safe
def ledger(request):
    """Every entry in reach, the newest first."""
    asked = LedgerFilter(request.GET)
    context = {
        "page": page_of(request, asked.rows(request.user)),
        "kinds": Entry.Kind.choices,
        "asked": asked,
        "several": works_in_several(request.user, Entry),
    }
    return render(request, "gifts/ledger.html", context)
