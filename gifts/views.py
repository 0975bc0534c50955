"""Givers, and gifts as they come in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at, works_in_several
from gifts import giving
from gifts.forms import GiftEntry, GiverForm
from gifts.giving_forms import VoidForm
from gifts.models import Entry, Gift, GiftLine, Giver
from gifts.receiving import add_giver, forget, receive
from gifts.statements import statement_of
from records import once
from records.acting import act_once
from records.lifecycle import Refused
from records.policy import NotVisible, visible_or_404
from records.privacy import BASIC, CONTACT
from records.staff_filters import clean_search
from records.step_up import ask_again
from records.text import clean_key
from records.trail import log_act, log_read

PER_PAGE = 50


def page_of(request, rows, figures=None):
    """The keys of the page first: only its own rows are read whole, and `figures(rows)` counted for them alone."""
    page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    keys = list(page.object_list)
    found = (figures(rows.model.objects.all()) if figures else rows).in_bulk(keys)
    page.object_list = [found[key] for key in keys if key in found]
    return page


# Gifts ----------------------------------------------------------------------------------------------------------------


@require_safe
def gifts(request):
    """Every gift in reach, the newest first."""
    text = clean_search(request.GET.get("q", ""))
    rows = Gift.objects.visible_to(request.user).select_related("giver", "community").prefetch_related("lines")
    if text:
        things = GiftLine.objects.visible_to(request.user).filter(what__icontains=text)
        words = Q(giver__name__icontains=text) | Q(purpose__icontains=text)
        rows = rows.filter(words | Q(pk__in=things.values("gift")))
    context = {
        "page": page_of(request, rows.order_by("-received_on", "-pk")),
        "text": text,
        "several": works_in_several(request.user, Gift),
        "may_add": request.user.has_perm("gifts.add_gift"),
    }
    return render(request, "gifts/gifts.html", context)


@require_safe
def gift(request, pk):
    return _gift_page(request, _found_gift(request, pk))


def _found_gift(request, pk, action="view"):
    rows = Gift.objects.select_related("giver", "drive", "community", "noted_by")
    return visible_or_404(rows, request.user, action, pk=pk)


def _gift_page(request, found, **bound):
    voided = Entry.objects.filter(line__gift=found, kind=Entry.Kind.VOID).select_related("noted_by")
    statement = statement_of(Gift.objects.filter(pk=found.pk))
    may_change = not found.voided_on and may_at(request.user, "change", Gift, found.community_id)
    context = {
        "gift": found,
        "statement": statement,
        "voided": voided.first() if found.voided_on else None,
        "sees_names": request.user.sees(BASIC),
        "void_form": VoidForm(initial={"handler": request.user.name})
        if may_change and giving.is_all_there(found)
        else None,
        **bound,
    }
    return render(request, "gifts/gift.html", context)


@require_POST
def void(request, pk):
    found, form = _found_gift(request, pk, "change"), VoidForm(request.POST)
    act = lambda typed: giving.void(found, by=request.user, **typed)  # noqa: E731
    again = lambda: _gift_page(request, _found_gift(request, pk), void_form=form)  # noqa: E731
    said = _("The gift stands as noted by mistake, and no longer counts.")
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    sent = request.POST if request.method == "POST" else None
    entry = GiftEntry(request.user, sent, initial={"drive": clean_key(request.GET.get("drive"))})
    if request.method != "POST" or entry.as_typed or not entry.is_valid():
        return render(request, "gifts/new.html", {"entry": entry})
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if not claim.missing:
            try:
                made = receive(entry.form.instance, entry.things, new_giver=entry.form.new_giver, by=request.user)
            except Refused as refusal:
                claim.release()
                entry.refuse(refusal.message)
            else:
                claim.result_url = made.get_absolute_url()
                messages.success(request, _("The gift is noted. Print the receipt and have both people sign it."))
                return redirect(made)
    return render(request, "gifts/new.html", {"entry": entry})


# Givers ---------------------------------------------------------------------------------------------------------------


@require_safe
def givers(request):
    text = clean_search(request.GET.get("q", ""))
    rows = Giver.objects.visible_to(request.user)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(contact_name__icontains=text))
    context = {
        "page": page_of(request, rows.order_by("name", "pk"), _with_their_gifts),
        "text": text,
        "several": works_in_several(request.user, Giver),
        "may_add": request.user.has_perm("gifts.add_giver"),
    }
    return render(request, "gifts/givers.html", context)


def _with_their_gifts(rows):
    """Each giver with `times` and the day it gave `last`."""
    stands = Q(gifts__voided_on=None)
    rows = rows.annotate(times=Count("gifts", filter=stands), last=Max("gifts__received_on", filter=stands))
    return rows.select_related("community")


def find_giver(request, pk, action="view"):
    return visible_or_404(Giver.objects.select_related("community"), request.user, action, pk=pk)


@require_safe
def giver(request, pk):
    found = find_giver(request, pk)
    log_read(request.user, found, page="gifts:giver")
    return _giver_page(request, found)


@require_POST
def reveal(request, pk):
    found = find_giver(request, pk, "change")
    if not request.user.sees(CONTACT):
        raise NotVisible(Giver, pk)
    ask_again(request)
    log_act(request.user, "revealed a giver's phone", found, fields=["phone"])
    return _giver_page(request, found, is_revealed=True)


@require_POST
def forget_giver(request, pk):
    found = find_giver(request, pk, "change")
    ask_again(request)
    said = _("Name and contact of the giver are erased; the gifts stay.")
    return act_once(request, lambda _d: forget(found, by=request.user), to=found, said=said)


def _giver_page(request, found, *, is_revealed=False):
    user = request.user
    gifts_of = Gift.objects.visible_to(user).filter(giver=found).prefetch_related("lines")
    context = {
        "giver": found,
        "page": page_of(request, gifts_of.order_by("-received_on", "-pk")),
        "statement": statement_of(Gift.objects.visible_to(user).filter(giver=found)),
        "may_change": may_at(user, "change", Giver, found.community_id),
        "sees_contact": user.sees(CONTACT),
        "is_revealed": is_revealed,
    }
    return render(request, "gifts/giver.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_giver(request):
    form = GiverForm(request.POST or None, user=request.user)

    def again():
        return render(request, "gifts/giver_form.html", {"form": form})

    if request.method != "POST":
        return again()
    act = lambda _data: add_giver(form.instance, by=request.user)  # noqa: E731
    return act_once(request, act, said=_("The giver is on the list."), form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def change_giver(request, pk):
    found = find_giver(request, pk, "change")
    if not found.name:
        return redirect(found)  # forgotten: nothing is entered again
    form = GiverForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        log_act(request.user, "changed a giver", found, fields=[n for n in form.changed_data if n != "seen_version"])
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "gifts/giver_form.html", {"form": form, "giver": find_giver(request, pk)})
