"""The log of cards issued: handing over a pile on one day, and printing a card again without a new edition."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from children.act_views import say_what_is_wrong
from communities.places import keys_to_print
from guardianship import issuing
from guardianship.card_log import STATES, CardLog
from guardianship.card_views import SIZES, back_to_log
from guardianship.forms import ChosenCardsForm, HandOverAllForm
from guardianship.models import Card
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import NotVisible
from records.privacy import CONTACT
from records.scoping import Scope
from records.text import clean_key


@require_http_methods(["GET", "HEAD", "POST"])
def card_log(request):
    """What is sent is done to the chosen cards: with a size they are printed again, else they are handed over."""
    log = CardLog(request.GET, request.user)
    if request.method != "POST":
        return _page(request, log)
    if not request.user.codes_for(Card, "change"):
        raise NotVisible(Card, None)
    return _print_again(request, log) if request.POST.get("size") in SIZES else _hand_over(request, log)


def _hand_over(request, log):
    form = HandOverAllForm(request.POST, by=request.user)

    def act(typed):
        cards = typed.pop("card")
        issuing.hand_over_all(cards, **typed, by=request.user)
        done = ngettext("Noted: %(n)s card is handed over.", "Noted: %(n)s cards are handed over.", len(cards))
        messages.success(request, done % {"n": len(cards)})

    return act_once(request, act, to=back_to_log(request), form=form, again=lambda: _page(request, log, form))


def _print_again(request, log):
    form = ChosenCardsForm(request.POST, by=request.user)
    if form.is_valid():
        cards = list(form.cleaned_data["card"])
        with refusals_shown(request):
            issuing.refuse_to_print_again(cards)
            keys = ",".join(str(card.pk) for card in cards)
            return redirect(reverse("papers", args=[request.POST["size"]]) + f"?keys={keys}")
    say_what_is_wrong(request, form)
    typed = {name: request.POST.get(name, "") for name in ("on", "to")}
    return _page(request, log, HandOverAllForm(initial=typed, by=request.user))


def _page(request, log, form=None):
    user = request.user
    lines, after = log.page()
    changing, adding = (Scope.of(*user.codes_for(Card, action)) for action in ("change", "add"))
    mine = [line for line in lines if line.card.community_id in changing]
    today = timezone.localdate()
    context = {
        "log": log,
        "lines": lines,
        "states": STATES,
        "kinds": Card.Kind.choices,
        "sizes": SIZES,
        "filters": _query(request, after=""),
        "here": _query(request),
        "next_url": "?" + _query(request, after=after) if after else "",
        "first_url": "?" + _query(request, after="") if log.after else "",
        "all_url": "?" + _query(request, choose="all") if any(line.awaits_its_family for line in mine) else "",
        "print_url": _print_url(request, log),
        "shows_grid": user.sees(CONTACT),
        "changing": changing,
        "adding": adding,
        "may_choose": any(line.card.is_latest for line in mine),
        "chosen": _chosen(request, lines),
        "form": form or HandOverAllForm(initial={"on": today, "to": _("Caregiver")}, by=user),
        "today": today,
    }
    return render(request, "guardianship/card_log.html", context)


def _chosen(request, lines):
    """The cards with a tick: as sent, or all that wait for their family where the address asks for them."""
    if request.method == "POST":
        return {clean_key(key) for key in request.POST.getlist("card")}
    every = request.GET.get("choose") == "all"
    return {line.card.pk for line in lines if every and line.awaits_its_family}


def _query(request, **changed):
    """What the log was narrowed by, with some of it changed; what is empty is left out."""
    query = {**request.GET.dict(), "choose": "", **changed}
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in query.items() if value})
    return kept.urlencode()


def _print_url(request, log):
    keys = keys_to_print(request.user, Card)
    if log.place:
        keys = log.place.pk if log.place.pk in keys.split(",") else ""
    query = _query(request, after="", community="", keys=keys)
    return reverse("papers", args=["card_log"]) + f"?{query}" if keys else ""
