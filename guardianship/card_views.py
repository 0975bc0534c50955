"""The page of contact and phone cards: who has none or an old one, issuing many at once, handing over."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from children.act_views import say_what_is_wrong
from children.models import Child
from communities.models import Division
from communities.places import may_at
from guardianship import issuing, measures
from guardianship.forms import HandOverForm
from guardianship.models import Card
from guardianship.printed_facts import stale_among
from records import once
from records.lifecycle import refusals_shown
from records.measures import Period
from records.papers import SHEETS_AT_MOST
from records.policy import visible_or_404
from records.privacy import CONTACT
from records.scoping import Scope
from records.step_up import ask_again
from records.text import clean_key

CHILDREN_AT_ONCE = SHEETS_AT_MOST // len(Card.Kind.values)
SHOWN = {
    "": gettext_lazy("All children"),
    "none": gettext_lazy("A card is missing"),
    "stale": gettext_lazy("Card out of date"),
    "kept": gettext_lazy("Issued, not handed over"),
}
SIZES = {"family_cards": gettext_lazy("for the fridge (A5)"), "family_cards_small": gettext_lazy("for the wallet")}
KINDS = {"both": gettext_lazy("Both cards"), **dict(Card.Kind.choices)}


def _places(user):
    reach = Scope.of(*user.codes_for(Card))
    return list(Division.objects.within(reach).filter(level="community")[:300])


@require_safe
def cards(request):
    places = _places(request.user)
    place = next((p for p in places if p.pk == request.GET.get("community")), places[0] if places else None)
    show, grid, school = (request.GET.get(name, "").strip()[:100] for name in ("show", "grid", "school"))
    scope = Scope.of(*([place.pk] if place else []))
    on_register = Child.objects.visible_to(request.user).within(scope).counted_on(timezone.localdate())
    latest = Card.objects.visible_to(request.user).within(scope).latest()
    stale = stale_among(latest)
    rows = _narrowed(on_register, show, grid, school, scope, latest, stale)
    page = Paginator(rows.order_by("household__grid", "name_pinyin", "pk"), CHILDREN_AT_ONCE).get_page(
        request.GET.get("page")
    )
    context = {
        "places": places,
        "place": place,
        "page": page,
        "shown": _with_cards(page, latest, stale),
        "show": show if show in SHOWN else "",
        "kinds_shown": SHOWN,
        "grids": _values(on_register, "household__grid") if request.user.sees(CONTACT) else [],
        "schools": _values(on_register, "school"),
        "grid": grid,
        "school": school,
        "may_issue": place is not None and may_at(request.user, "add", Card, place.pk),
        "sizes": SIZES,
        "card_kinds": KINDS,
        "at_once": CHILDREN_AT_ONCE,
    }
    return render(request, "guardianship/cards.html", context)


def _narrowed(rows, show, grid, school, scope, latest, stale):
    if show == "none":
        rows = measures.without_card(scope, Period.day(timezone.localdate())).filter(pk__in=rows.values("pk"))
    elif show == "stale":
        rows = rows.filter(pk__in=latest.filter(pk__in=stale).values("child"))
    elif show == "kept":
        rows = rows.filter(pk__in=latest.filter(handed_on=None).values("child"))
    if grid:
        rows = rows.filter(household__grid=grid)
    return rows.filter(school=school) if school else rows


def _values(rows, name):
    return [value for value in rows.order_by(name).values_list(name, flat=True).distinct()[:200] if value]


def _with_cards(children, latest, stale):
    """[(child, [(kind, its latest card or None, whether it is out of date)])]."""
    have = {(card.child_id, card.kind): card for card in latest.filter(child__in=[child.pk for child in children])}
    return [
        (
            child,
            [
                (label, card := have.get((child.pk, kind)), bool(card) and card.pk in stale)
                for kind, label in Card.Kind.choices
            ],
        )
        for child in children
    ]


@require_POST
def issue(request):
    """Issue cards for the chosen children and lead to the sheets to print."""
    keys = [key for sent in request.POST.getlist("child")[:CHILDREN_AT_ONCE] if (key := clean_key(sent))]
    found = Child.objects.visible_to(request.user, "change").filter(pk__in=keys, left_on=None)
    found = found.within(Scope.of(*request.user.codes_for(Card, "add")))
    children = list(found.order_by("household__grid", "name_pinyin", "pk"))
    back = _back(request, children)
    size = request.POST.get("size") if request.POST.get("size") in SIZES else "family_cards"
    kinds = Card.Kind.values if request.POST.get("kind") not in Card.Kind.values else [request.POST["kind"]]
    if not children:
        messages.error(request, _("Choose at least one child."))
        return redirect(back)
    ask_again(request)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(back if claim.missing else claim.result_url or back)
        with refusals_shown(request):
            made = issuing.issue(children, kinds, by=request.user)
            keys = ",".join(str(card.pk) for card in made)
            claim.result_url = reverse("papers", args=[size]) + f"?keys={keys}"
            return redirect(claim.result_url)
    return redirect(back)


def _back(request, children):
    if request.POST.get("from") == "file" and len(children) == 1:
        return reverse("children:file", args=[children[0].pk]) + "?tab=family"
    return back_to_log(request) if request.POST.get("from") == "log" else reverse("guardianship:cards")


def back_to_log(request):
    """The log as it was narrowed: the address of the form carries that along."""
    query = request.GET.copy()
    query.pop("choose", None)
    return reverse("guardianship:card_log") + (f"?{query.urlencode()}" if query else "")


@require_POST
def hand_over(request, pk):
    card = visible_or_404(Card.objects, request.user, "change", pk=pk)
    form = HandOverForm(request.POST)
    if form.is_valid():
        with refusals_shown(request):
            issuing.hand_over(card, on=form.cleaned_data["on"], to=form.cleaned_data["to"], by=request.user)
            messages.success(request, _("Noted: the card is handed over."))
    say_what_is_wrong(request, form)
    if request.POST.get("from") == "log":
        return redirect(back_to_log(request))
    return redirect(reverse("children:file", args=[card.child_id]) + "?tab=family")
