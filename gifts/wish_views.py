"""Small wishes: cards that givers may read, from the wish on file to what fulfilled it."""

from django import forms
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.models import Wish
from communities.places import chosen_community, may_at, with_may, works_in_several
from gifts import wishing
from gifts.giving_forms import Form
from gifts.models import Giver, WishCard
from gifts.views import page_of
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.text import CleanCharField
from records.trail import log_read

Status = WishCard.Status
TABS = {
    "": gettext_lazy("Under way"),
    "open": gettext_lazy("Wishes on file"),
    "shown": gettext_lazy("Shown to givers"),
    "taken": gettext_lazy("Taken"),
    "over": gettext_lazy("Fulfilled or ended"),
}
STEPS = {Status.WRITTEN: 1, Status.SHOWN: 2, Status.TAKEN: 3, Status.FULFILLED: 4}


class CardForm(Form):
    text = CleanCharField(
        label=gettext_lazy("The wish, as givers read it"),
        max_length=120,
        help_text=WishCard._meta.get_field("text").help_text,
    )


class TakeForm(Form):
    giver = forms.ModelChoiceField(None, label=gettext_lazy("Giver"))

    def __init__(self, *args, card, user, **kwargs):
        super().__init__(*args, **kwargs)
        givers = Giver.objects.visible_to(user).filter(community=card.community_id).exclude(name="")
        self.fields["giver"].queryset = givers


class FulfilForm(Form):
    hand_out = forms.ModelChoiceField(None, label=gettext_lazy("With what was it fulfilled?"))

    def __init__(self, *args, card, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["hand_out"]
        field.queryset = wishing.may_fulfil(card).select_related("entry")
        field.label_from_instance = lambda one: f"{one.what} · {one.given_on}"
        self.has_choices = field.queryset.exists()


class WhyForm(Form):
    why = CleanCharField(label=gettext_lazy("Why"), max_length=200)


@require_safe
def wishes(request):
    user, show = request.user, request.GET.get("show", "")
    show = show if show in TABS else ""
    cards = WishCard.objects.visible_to(user)
    places, place = [], None
    if show == "open":
        place, places = chosen_community(request, Wish)
        rows = _without_a_card(Wish.objects.visible_to(user).filter(community=place))
    else:
        rows = {
            "shown": cards.shown,
            "taken": cards.waiting,
            "over": lambda: cards.exclude(status__in=WishCard.RUNNING),
        }.get(show, cards.running)()
        rows = rows.select_related("wish__child", "giver", "community").order_by("-written_at", "-pk")
    page = page_of(request, rows)
    page.object_list = with_may(page.object_list, user, "add", WishCard)
    poster = cards.shown().order_by("pk").values_list("pk", flat=True)[:100] if show in ("", "shown") else []
    context = {
        "page": page,
        "choices": [
            (words, reverse("gifts:wishes", query={"show": key} if key else None), key == show)
            for key, words in TABS.items()
        ],
        "show": show,
        "places": places if len(places) > 1 else [],
        "place": place,
        "kept": {"show": show},
        "several": works_in_several(user, WishCard),
        "poster_keys": ",".join(map(str, poster)),
    }
    return render(request, "gifts/wishes.html", context)


def _without_a_card(wishes):
    """Open wishes of children on the register, the newest first."""
    running = WishCard.objects.running().filter(wish=OuterRef("pk"))
    rows = wishes.filter(status=Wish.Status.OPEN, child__left_on=None).exclude(Exists(running))
    return rows.select_related("child").order_by("-noted_on", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def write(request, pk):
    """A card for a wish that stands on a child's file."""
    wish = visible_or_404(Wish.objects.select_related("child"), request.user, "change", pk=pk)
    if not may_at(request.user, "add", WishCard, wish.community_id):
        raise NotVisible(Wish, pk)
    form = CardForm(request.POST or None, initial={"text": wish.text[:120]})
    page = {"form": form, "wish": wish, "back": reverse("gifts:wishes")}
    again = lambda: render(request, "gifts/wish_form.html", page)  # noqa: E731
    if request.method != "POST":
        return again()
    act = lambda typed: wishing.write_card(wish, by=request.user, **typed)  # noqa: E731
    said = _("The card is written. Read it once more, then show it.")
    return act_once(request, act, said=said, form=form, again=again)


def find_card(request, pk, action="view"):
    rows = WishCard.objects.select_related("wish__child", "giver", "community", "entry__line")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def wish(request, pk):
    found = find_card(request, pk)
    log_read(request.user, found, page="gifts:wish")
    return _wish_page(request, found)


def _wish_page(request, found, **bound):
    may_change = may_at(request.user, "change", WishCard, found.community_id)
    context = {
        "card": found,
        "step": STEPS.get(found.status, 0),
        "may_change": may_change,
        "take_form": TakeForm(card=found, user=request.user),
        "fulfil_form": FulfilForm(card=found),
        "give_up_form": WhyForm(),
        "end_form": WhyForm(auto_id="end_%s"),
        **bound,
    }
    return render(request, "gifts/wish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request, pk):
    found = find_card(request, pk, "change")
    form = CardForm(request.POST or None, initial={"text": found.text})
    page = {"form": form, "wish": found.wish, "back": found.get_absolute_url()}
    page["seen"] = request.POST.get("seen", found.text)
    again = lambda: render(request, "gifts/wish_form.html", page)  # noqa: E731
    if request.method != "POST":
        return again()
    act = lambda typed: wishing.rewrite(found, seen=request.POST.get("seen"), by=request.user, **typed)  # noqa: E731
    return act_once(request, act, to=found, said=_("Saved."), form=form, again=again)


def _acted(request, found, act, said, form=None, name=""):
    again = lambda: _wish_page(request, find_card(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def show(request, pk):
    found = find_card(request, pk, "change")
    said = _("It is shown. Print the poster and hang it up.")
    seen = request.POST.get("seen")
    return _acted(request, found, lambda _d: wishing.show(found, seen=seen, by=request.user), said)


@require_POST
def take(request, pk):
    found = find_card(request, pk, "change")
    form = TakeForm(request.POST, card=found, user=request.user)
    act = lambda typed: wishing.take(found, typed["giver"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("It is noted who takes the wish."), form, "take_form")


@require_POST
def fulfil(request, pk):
    found = find_card(request, pk, "change")
    form = FulfilForm(request.POST, card=found)
    act = lambda typed: wishing.fulfil(found, typed["hand_out"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("The wish is fulfilled; the child's file says so too."), form, "fulfil_form")


@require_POST
def give_up(request, pk):
    found, form = find_card(request, pk, "change"), WhyForm(request.POST)
    act = lambda typed: found.note_given_up(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Read the card once more, then show it again."), form, "give_up_form")


@require_POST
def end(request, pk):
    found, form = find_card(request, pk, "change"), WhyForm(request.POST, auto_id="end_%s")
    act = lambda typed: found.note_ended(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("The card is ended."), form, "end_form")
