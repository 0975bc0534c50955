"""The asset register: its list, one piece with its history, what comes in."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from premises import registering
from premises.asset_forms import (
    AskForm,
    BoughtForm,
    ChangeForm,
    CountForm,
    DecideForm,
    Differences,
    EarlierForm,
    GiftForm,
    ScrapForm,
    TurnForm,
    seen_of,
)
from premises.asset_list import AssetFilter
from premises.models import Asset, AssetCount, AssetRequest, Loan
from premises.models.asset_request import AssetKind
from premises.reach import find_home, homes_of
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.privacy import BASIC

PER_PAGE = 50
Status = Asset.Status


def page_of(request, rows):
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


@require_safe
def assets(request):
    """Every piece in reach, or those of one Home."""
    asked = AssetFilter(request.GET)
    homes = list(homes_of(request.user, Asset).order_by("community_id", "pk"))
    home = next((one for one in homes if one.pk == asked.home), homes[0] if len(homes) == 1 else None)
    page = page_of(request, asked.rows(request.user))
    context = {
        "page": page,
        "keys": ",".join(str(one.pk) for one in page),
        "asked": asked,
        "home": home,
        "homes": homes,
        "kinds": AssetKind.choices,
        "statuses": Status.choices,
        "may_add": home is not None and home.is_open and may_at(request.user, "add", Asset, home.community_id),
        "counts": AssetCount.objects.visible_to(request.user).filter(home=home)[:5] if home else [],
    }
    return render(request, "premises/assets.html", context)


def find_asset(request, pk, action="view"):
    rows = Asset.objects.select_related("home", "community", "request", "entry__line__gift__giver")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def asset(request, pk):
    return _asset_page(request, find_asset(request, pk))


def _asset_page(request, found, **bound):
    user, place = request.user, found.community_id
    notes = list(found.notes.select_related("noted_by"))
    is_kept = found.status != Status.SCRAPPED
    may_change = is_kept and may_at(user, "change", Asset, place)
    waits = found.status == Status.TO_SCRAP
    may_decide = waits and may_at(user, "decide", Asset, place)
    facts = {"name": found.name, "place": found.place, "unit_price": found.unit_price}
    is_out = found.is_book and found.loans.out().exists()
    is_lendable = found.home.is_open and found.is_book and found.status == Status.IN_USE
    context = {
        "asset": found,
        "is_out": is_out,
        "may_lend": is_lendable and may_at(user, "add", Loan, place),
        "notes": notes,
        "seen": notes[0].pk if notes else 0,
        "may_change": may_change,
        "may_decide": may_decide and found.scrap_asked_by_id != user.pk,
        "is_own": may_decide and found.scrap_asked_by_id == user.pk,
        "change_form": ChangeForm(initial=facts),
        "turn_form": TurnForm(asset=found) if found.next_moves() and not is_out else None,
        "scrap_form": ScrapForm() if Status.TO_SCRAP in Asset.TRANSITIONS[Status(found.status)] else None,
        "decide_form": DecideForm(),
        **bound,
    }
    return render(request, "premises/asset.html", context)


def _acted(request, found, act, said, form=None, name=""):
    again = lambda: _asset_page(request, find_asset(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def change(request, pk):
    found, form = find_asset(request, pk, "change"), ChangeForm(request.POST)
    act = lambda typed: registering.change(found, seen=seen_of(request), by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Saved."), form, "change_form")


@require_POST
def turn(request, pk):
    found = find_asset(request, pk, "change")
    form = TurnForm(request.POST, asset=found)
    act = lambda typed: found.turn(typed["status"], words=typed["words"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("Noted in its history."), form, "turn_form")


@require_POST
def ask_to_scrap(request, pk):
    found, form = find_asset(request, pk, "change"), ScrapForm(request.POST)
    act = lambda typed: found.ask_to_scrap(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Asked. The street office decides."), form, "scrap_form")


@require_POST
def scrap(request, pk):
    found = find_asset(request, pk, "decide")
    act = lambda _typed: found.scrap(seen=seen_of(request), by=request.user)  # noqa: E731
    return _acted(request, found, act, _("It is scrapped; its history stays."))


@require_POST
def keep(request, pk):
    found, form = find_asset(request, pk, "decide"), DecideForm(request.POST)
    act = lambda typed: found.keep(seen=seen_of(request), by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Not approved: it stays in the register."), form, "decide_form")


# Requests -------------------------------------------------------------------------------------------------------------


@require_safe
def requests(request):
    """What the Homes in reach ask for; what waits to be decided on top."""
    rows = AssetRequest.objects.visible_to(request.user).select_related("home", "community", "asked_by")
    show = request.GET.get("show") if request.GET.get("show") in AssetRequest.Status.values else ""
    rows = rows.filter(status=show) if show else rows
    context = {
        "page": page_of(request, rows.order_by("-asked_on", "-pk")),
        "show": show,
        "statuses": AssetRequest.Status.choices,
        "homes": homes_of(request.user, AssetRequest, "add").filter(closed_on=None).order_by("pk"),
    }
    return render(request, "premises/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, pk):
    home = find_home(request, pk, AssetRequest, "add")
    form = AskForm(request.POST or None)
    again = lambda: render(request, "premises/ask.html", {"home": home, "form": form})  # noqa: E731
    if request.method != "POST":
        return again()
    act = lambda typed: AssetRequest.ask(home, by=request.user, **typed)  # noqa: E731
    said = _("Asked. The street office decides; then it can be bought and checked in.")
    return act_once(request, act, said=said, form=form, again=again)


def find_request(request, pk, action="view"):
    rows = AssetRequest.objects.select_related("home", "community", "asked_by", "decided_by")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def asset_request(request, pk):
    return _request_page(request, find_request(request, pk))


def _request_page(request, found, **bound):
    user, place = request.user, found.community_id
    waits = found.status == AssetRequest.Status.ASKED
    may_decide = waits and may_at(user, "decide", AssetRequest, place)
    may_change = may_at(user, "change", AssetRequest, place)
    left = found.outstanding
    context = {
        "asked": found,
        "pieces": found.assets.order_by("number"),
        "left": left,
        "may_decide": may_decide and found.asked_by_id != user.pk,
        "is_own": may_decide and found.asked_by_id == user.pk,
        "may_withdraw": may_change and (waits or left),
        "may_check_in": bool(left) and may_at(user, "add", Asset, place),
        "decide_form": DecideForm(),
        "bought_form": BoughtForm(initial={"pieces": left, "unit_price": found.unit_price}),
        **bound,
    }
    return render(request, "premises/request.html", context)


def _decided(request, found, act, said, form=None, name="decide_form"):
    again = lambda: _request_page(request, find_request(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def approve(request, pk):
    found, form = find_request(request, pk, "decide"), DecideForm(request.POST)
    act = lambda typed: found.approve(by=request.user, **typed)  # noqa: E731
    return _decided(request, found, act, _("Approved. The Home may buy it and check it in."), form)


@require_POST
def refuse(request, pk):
    found, form = find_request(request, pk, "decide"), DecideForm(request.POST)
    act = lambda typed: found.refuse(by=request.user, **typed)  # noqa: E731
    return _decided(request, found, act, _("Refused, with your remark."), form)


@require_POST
def withdraw(request, pk):
    found = find_request(request, pk, "change")
    return _decided(request, found, lambda _typed: found.withdraw(by=request.user), _("Nothing more of it is awaited."))


@require_POST
def bought(request, pk):
    """Pieces of an approved request come into the register."""
    found, form = find_request(request, pk, "change"), BoughtForm(request.POST)
    if not may_at(request.user, "add", Asset, found.community_id):
        raise NotVisible(AssetRequest, pk)
    act = lambda typed: registering.check_in_purchase(found, by=request.user, **typed)  # noqa: E731
    return _decided(request, found, act, _("Checked in. Print the labels."), form, "bought_form")


# Coming in otherwise --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request, pk):
    """From a gift handed to the Home, or what was there before the register."""
    home = find_home(request, pk, Asset, "add")
    sent = request.POST if request.method == "POST" else None
    of_gift = sent is not None and "entry" in sent
    entries = registering.given_to(home)
    gift_form = GiftForm(sent if of_gift else None, entries=entries, auto_id="gift_%s")
    form = EarlierForm(None if of_gift else sent)
    context = {"home": home, "gift_form": gift_form, "form": form, "entries": entries}
    again = lambda: render(request, "premises/check_in.html", context)  # noqa: E731
    if sent is None:
        return again()

    def act(typed):
        if of_gift:
            made = registering.check_in_gift(home, by=request.user, **typed)
        else:
            made = registering.check_in_earlier(home, by=request.user, **typed)
        return made[0]

    chosen = gift_form if of_gift else form
    return act_once(request, act, said=_("Checked in. Print the labels."), form=chosen, again=again)


# The count ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def count(request, pk):
    """The signed sheet is entered: tick only what differs from the list."""
    home = find_home(request, pk, AssetCount, "add")
    if not home.is_open:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    pieces = home.assets.kept().exclude(status__in=[Status.LENT, Status.TO_SCRAP]).order_by("number")
    seen = registering.newest_line(home) if sent is None else seen_of(request)
    differences = Differences(pieces, sent)
    form = CountForm(sent, initial={"handler": request.user.name})
    context = {"home": home, "form": form, "lines": differences.lines, "seen": seen}
    again = lambda: render(request, "premises/count.html", context)  # noqa: E731
    if sent is None or not differences.is_valid():
        return again()

    def act(typed):
        missing = differences.explained(Status.IN_USE, Status.BROKEN)
        found = differences.explained(Status.MISSING)
        return registering.count(home, missing=missing, found=found, seen=seen, by=request.user, **typed)

    said = _("The count is entered. What is missing stands in the register as missing.")
    return act_once(request, act, said=said, form=form, again=again)


@require_safe
def asset_count(request, pk):
    rows = AssetCount.objects.select_related("home", "community", "noted_by")
    found = visible_or_404(rows, request.user, pk=pk)
    lines = found.lines.select_related("asset").order_by("asset__number")
    missing = sum(not line.found for line in lines)
    said = ngettext("%(n)s piece was missing", "%(n)s pieces were missing", missing) % {"n": missing}
    context = {"count": found, "lines": lines, "said": said, "sees_names": request.user.sees(BASIC)}
    return render(request, "premises/asset_count.html", context)
