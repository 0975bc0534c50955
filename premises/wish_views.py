"""What a Home needs, as givers read it."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from gifts.models import Giver
from homes.models import Repair
from premises.asset_views import page_of
from premises.models import HomeWish
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.text import CleanCharField


class Form(forms.Form):
    use_required_attribute = False


class WishForm(Form):
    text = CleanCharField(
        label=gettext_lazy("The wish, as givers read it"),
        max_length=120,
        help_text=gettext_lazy("Everybody reads this: name nobody."),
    )


class TakeForm(Form):
    giver = forms.ModelChoiceField(label=gettext_lazy("Who takes it"), queryset=None)

    def __init__(self, *args, wish, user, **kwargs):
        super().__init__(*args, **kwargs)
        givers = Giver.objects.visible_to(user).filter(community=wish.community_id).exclude(name="")
        self.fields["giver"].queryset = givers.order_by("name", "pk")


class FulfilForm(Form):
    entry = forms.ModelChoiceField(label=gettext_lazy("With what was handed to the Home"), queryset=None)

    def __init__(self, *args, wish, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = wish.may_fulfil()
        self.fields["entry"].label_from_instance = lambda one: f"{one.line.name} · {one.on:%Y-%m-%d}"


class WhyForm(Form):
    why = CleanCharField(label=gettext_lazy("Why"), max_length=200)


@require_safe
def wishes(request):
    """Wishes of the Homes in reach, those shown and taken on top."""
    rows = HomeWish.objects.visible_to(request.user).select_related("repair__home", "community", "giver")
    show = "over" if request.GET.get("show") == "over" else ""
    rows = rows.exclude(status__in=HomeWish.RUNNING) if show else rows.running()
    page = page_of(request, rows.order_by("-shown_on", "-pk"))
    keys = ",".join(str(one.pk) for one in page if one.status == HomeWish.Status.SHOWN)
    return render(request, "premises/wishes.html", {"page": page, "show": show, "keys": keys})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    """The need of a repair becomes a wish."""
    repair = visible_or_404(Repair.objects.select_related("home", "answer__item"), request.user, pk=pk)
    if not may_at(request.user, "add", HomeWish, repair.community_id):
        raise NotVisible(Repair, pk)
    form = WishForm(request.POST or None, initial={"text": repair.need[:120]})
    again = lambda: render(request, "premises/wish_new.html", {"repair": repair, "form": form})  # noqa: E731
    if request.method != "POST":
        return again()
    act = lambda typed: HomeWish.show(repair, typed["text"], by=request.user)  # noqa: E731
    said = _("Givers may read it now. Print the poster and hang it up.")
    return act_once(request, act, said=said, form=form, again=again)


def _find(request, pk, action="view"):
    rows = HomeWish.objects.select_related("repair__home", "repair__answer__item", "giver", "entry__line", "shown_by")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def wish(request, pk):
    return _page(request, _find(request, pk))


def _page(request, found, **bound):
    may_change = found.is_running and may_at(request.user, "change", HomeWish, found.community_id)
    context = {
        "wish": found,
        "repair": found.repair,
        "may_change": may_change,
        "take_form": TakeForm(wish=found, user=request.user),
        "fulfil_form": FulfilForm(wish=found),
        "back_form": WhyForm(auto_id="back_%s"),
        "end_form": WhyForm(),
        **bound,
    }
    return render(request, "premises/wish.html", context)


def _acted(request, found, act, said, form, name):
    again = lambda: _page(request, _find(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def take(request, pk):
    found = _find(request, pk, "change")
    form = TakeForm(request.POST, wish=found, user=request.user)
    act = lambda typed: found.take(typed["giver"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("It is noted who takes the wish."), form, "take_form")


@require_POST
def give_back(request, pk):
    found, form = _find(request, pk, "change"), WhyForm(request.POST, auto_id="back_%s")
    act = lambda typed: found.give_back(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Others may take it now."), form, "back_form")


@require_POST
def fulfil(request, pk):
    found = _find(request, pk, "change")
    form = FulfilForm(request.POST, wish=found)
    act = lambda typed: found.fulfil(typed["entry"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("Fulfilled. Report the repair once it is in its place."), form, "fulfil_form")


@require_POST
def end(request, pk):
    found, form = _find(request, pk, "change"), WhyForm(request.POST)
    act = lambda typed: found.end(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("No longer shown."), form, "end_form")
