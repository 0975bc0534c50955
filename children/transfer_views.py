"""Transfers: choosing where a file goes and offering it; deciding about what others offer; what became of both."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children import transfer as act
from children.concern_step import TypedSoFar
from children.destinations import community_to_choose, places
from children.models import Child, Transfer, TransferLine
from children.moving import outlook
from children.names import family_name
from children.status import age_on
from children.transfer_forms import OfferForm, RefusalForm
from children.views import find_child
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.trail import log_read
from records.wording import listed

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_to(request, pk):
    """First the community is chosen, then the offer is written, below what it would do."""
    child = find_child(request, pk, "change")
    if child.left_on:
        messages.error(request, _("A closed file is not transferred. Open it again first."))
        return redirect("children:file", pk=child.pk)
    if waiting := Transfer.objects.going(request.user).open().filter(lines__child=child).first():
        messages.info(request, _("This child is already offered to a community."))
        return redirect(waiting)
    asked = request.GET.get("to", "")
    to = community_to_choose(asked, leaving=child.community_id) if asked else None
    if request.method != "POST":
        log_read(request.user, child, page="children:transfer_to")
    if to is None:
        if asked:
            messages.error(request, _("Choose a community from the list."))
        found = places(request.GET.get("at"), request.GET.get("q"), leaving=child.community_id)
        return render(request, "children/transfer_where.html", {"child": child, "places": found})
    return _offer(request, child, to)


def _offer(request, child, to):
    siblings = list(child.household.children.on_register(timezone.localdate()).order_by("birth_date", "pk"))
    typed = TypedSoFar(request, f"children.child.{child.pk}.transfer", siblings)
    if answer := typed.concern():
        return answer
    form = typed.shown_in(OfferForm(request.POST or None, siblings=siblings, by=request.user))
    is_recounted = False
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                is_recounted = form.count_anew()
                if not is_recounted and (made := _made(request, form, to)):
                    typed.drop()
                    claim.result_url = made.get_absolute_url()
                    return redirect(made)
    page = {
        "child": child,
        "to": to,
        "form": form,
        "is_recounted": is_recounted,
        "typed": typed,
        "outlook": outlook(form.chosen() or siblings, to),
    }
    return render(request, "children/transfer_offer.html", page)


def _made(request, form, to):
    names = ["reason", "moves_on", "contact", "message"]
    with refusals_shown(request):
        facts = {name: form.cleaned_data[name] for name in names}
        made = act.offer(form.chosen(), to, **facts, by=request.user)
        messages.success(request, _("The offer is made. Until the other side accepts, nothing changes."))
        return made


@require_safe
def transfers(request):
    """What others offer us, and what we offered others, with what became of it."""
    user = request.user
    side = "going" if request.GET.get("side") == "going" else "coming"
    rows = Transfer.objects.going(user) if side == "going" else Transfer.objects.coming(user)
    rows = rows.select_related("from_community", "to_community").defer("message")
    rows = rows.prefetch_related(Prefetch("lines", TransferLine.objects.order_by("pk")))
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    waiting = {s: getattr(Transfer.objects, s)(user).open().count() for s in ("coming", "going")}
    return render(request, "children/transfers.html", {"side": side, "page": page, "waiting": waiting})


def _found(request, pk, action):
    rows = Transfer.objects.select_related("from_community", "to_community", "offered_by", "ended_by")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def transfer(request, pk):
    found = _found(request, pk, "view")
    log_read(request.user, found, page="children:transfer")
    return _page(request, found)


def _page(request, found, refusal=None):
    user = request.user
    lines = list(found.lines.select_related("child"))
    seen = set(
        Child.objects.visible_to(user).filter(pk__in=[line.child_id for line in lines]).values_list("pk", flat=True)
    )
    decides = Transfer.objects.coming(user).filter(pk=found.pk).exists()
    is_mine = found.offered_by_id == user.pk
    page = {
        "transfer": found,
        "lines": [(line, line.child if line.child_id in seen else None) for line in lines],
        "decides": decides,
        "may_decide": found.is_open and decides and not is_mine,
        "is_mine": is_mine,
        "may_withdraw": found.is_open and Transfer.objects.going(user).filter(pk=found.pk).exists(),
    }
    if found.is_open:
        children = [line.child for line in lines]
        day = timezone.localdate()
        page |= {
            "ages": [age_on(child.birth_date, day) for child in children],
            "family": listed(dict.fromkeys(family_name(child.name) for child in children)),
            "outlook": outlook(children, found.to_community),
            "refusal": refusal or RefusalForm(),
        }
    return render(request, "children/transfer.html", page)


@require_POST
def accept(request, pk):
    found = _found(request, pk, "decide")
    with refusals_shown(request):
        act.accept(found, by=request.user)
        messages.success(request, _("The files are here now. Please visit the family and look them through."))
    return redirect(found)


@require_POST
def refuse(request, pk):
    found = _found(request, pk, "decide")
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=form)
    with refusals_shown(request):
        act.refuse(found, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("The offer is refused. The files stay where they are."))
    return redirect(found)


@require_POST
def withdraw(request, pk):
    found = _found(request, pk, "change")
    with refusals_shown(request):
        act.withdraw(found, by=request.user)
        messages.success(request, _("The offer is taken back."))
    return redirect(found)
