"""From door to door on a phone: a list in walking order, a visit noted with one tap, and the way to the household."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from children import stays
from children.concern_step import TypedSoFar
from children.heard import Heard
from children.models import Child, Household, JoinedHousehold
from children.status import age_on
from records.days import clean_day
from records.lifecycle import Refused
from records.policy import NotVisible, visible_or_404
from records.privacy import CONTACT, FAMILY
from records.scoping import Scope
from records.step_up import ask_again
from records.text import clean_key
from records.trail import log_acts, log_read
from records.versions import stored_for_update
from surveys import progress
from surveys.forms import GridForm, VisitForm
from surveys.grids import grids_of, put_in_grid
from surveys.models import HouseholdVisit
from surveys.models.visit import fault_of_day
from surveys.views.rounds import find_round
from surveys.walking import walking_order

ON_A_PAGE = 40
Result = HouseholdVisit.Result
QUICK = {
    "same": {"result": Result.MET},
    "changed": {"result": Result.MET, "has_changes": "on", "then": "household"},
    "nobody": {"result": Result.NOBODY_HOME},
}
KEPT = ("community", "grid", "show", "addresses", "page")  # what of a list's address leads back to the same list


def _place(request, pk):
    survey_round = find_round(request, pk)
    community = progress.chosen_place(request.GET, progress.places_in(request.user, survey_round))
    if community is None:
        raise Http404
    return survey_round, community


def _list_url(survey_round, asked):
    query = urlencode([(name, asked[name]) for name in KEPT if name in asked])
    return reverse("surveys:households", args=[survey_round.pk]) + (f"?{query}" if query else "")


def _with_families(households, survey_round):
    """The households of one page with their children, adults and this round's visit."""
    today = timezone.localdate()
    children = Child.objects.on_register(survey_round.last_day).order_by("birth_date", "pk").defer("name_grams")
    visits = HouseholdVisit.objects.filter(round=survey_round)
    prefetch_related_objects(
        households,
        Prefetch("children", children, to_attr="asked_children"),
        Prefetch("survey_visits", visits, to_attr="visits_here"),
        "adults",
    )
    for household in households:
        household.visit_here = next(iter(household.visits_here), None)
        for child in household.asked_children:
            child.age = age_on(child.birth_date, today)
    return households


def _addresses_shown(request, households):
    """Whether addresses stand on the page: asked for, allowed, the password typed lately, and on the trail."""
    if "addresses" not in request.GET or not may_see_addresses(request.user):
        return False
    ask_again(request)
    log_acts(request.user, "revealed", Household, {h.pk: h.community_id for h in households}, fields=["address"])
    return True


def may_see_addresses(user):
    return user.sees(CONTACT) and user.has_perm("children.reveal_household")


@require_safe
def households(request, pk):
    survey_round, community = _place(request, pk)
    asked = progress.asked_by(survey_round, Scope.of(community.pk)).visible_to(request.user)
    grid = request.GET.get("grid")
    if grid is not None:
        asked = asked.filter(grid=grid.replace("\x00", "")[:40])
    shows_done = request.GET.get("show") == "visited"
    counts = {"to_visit": progress.to_visit(asked).count(), "visited": progress.done(asked).count()}
    rows = progress.done(asked) if shows_done else progress.to_visit(asked)
    page = Paginator(sorted(rows, key=walking_order), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = _with_families(list(page.object_list), survey_round)
    here = {name: request.GET[name] for name in KEPT if name in request.GET}
    new_family = reverse("surveys:visit", args=[survey_round.pk]) + f"?result={Result.NEW_FAMILY}"
    context = {
        "round": survey_round,
        "round_url": f"{survey_round.get_absolute_url()}?community={community.pk}",
        "community": community,
        "grid": grid,
        "counts": counts,
        "shows_done": shows_done,
        "page": page,
        "households": shown,
        "addresses": _addresses_shown(request, shown),
        "may_see_addresses": may_see_addresses(request.user),
        "may_note": not survey_round.is_closed
        and survey_round.has_begun()
        and community.pk in Scope.of(*request.user.codes_for(HouseholdVisit, "add")),
        "here": urlencode(here),
        "list_url": _list_url(survey_round, here),
        "tab_urls": [_list_url(survey_round, {**here, "show": s, "page": 1}) for s in ("to_visit", "visited")],
        "addresses_url": _list_url(survey_round, {**here, "addresses": "1"}),
        "new_family_url": reverse("children:new") + "?" + urlencode({"next": new_family, **_heard(survey_round)}),
    }
    return render(request, "surveys/households.html", context)


def _household(request, survey_round):
    """The household the address names, where this person may note visits and the round asks."""
    key = JoinedHousehold.key_today(clean_key(request.GET.get("household")))
    found = visible_or_404(Household.objects.select_related("community"), request.user, pk=key)
    reach = progress.reach_of(request.user.codes_for(HouseholdVisit, "add"), survey_round)
    if found.community_id not in reach:
        raise NotVisible(Household, key)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request, pk):
    survey_round = find_round(request, pk)
    household = _household(request, survey_round)
    back = QueryDict((request.POST.get("list") or request.GET.get("list") or "")[:500])
    after = _list_url(survey_round, {"community": household.community_id, **back.dict()})
    _with_families([household], survey_round)
    typed = TypedSoFar(request, f"children.household.{household.pk}.visit.{survey_round.pk}", household.asked_children)
    if answer := typed.concern():
        return answer
    if request.method == "POST":
        form, answer = _noted(request, survey_round, household, after)
        if answer:
            typed.drop()
            return answer
    else:
        form = typed.shown_in(_visit_form(request, survey_round, household))
    log_read(request.user, household.asked_children, page="surveys:visit")
    context = {
        "round": survey_round,
        "household": household,
        "form": form,
        "typed": typed,
        "back_url": after,
        "list": back.urlencode(),
        "household_url": _household_url(form.instance, after),
        "stays": list(stays.going_on_in(household).select_related("adult")) if request.user.sees(FAMILY) else [],
    }
    return render(request, "surveys/visit.html", context)


def _household_url(visit, after):
    asked = {"next": after, **_heard(visit.round, visit.visited_on)}
    return reverse("children:household", args=[visit.household_id]) + "?" + urlencode(asked)


def _heard(survey_round, day=None):
    """For the address of the household's form: what is typed there was said on that day of the round, usually today."""
    day = day or timezone.localdate()
    if survey_round.is_closed or fault_of_day(day, survey_round):
        return {}
    return Heard(day, survey_round.opens_on).in_address()


def _visit_form(request, survey_round, household, data=None):
    """The form over what is noted already, else over an empty visit of today by the person at the screen."""
    fresh = HouseholdVisit(round=survey_round, household=household)
    stored = HouseholdVisit.objects.filter(round=survey_round, household=household).first()
    if stored:
        stored.round, stored.household = survey_round, household
    day = clean_day(request.GET.get("on"))
    day = day if day and not fault_of_day(day, survey_round) else timezone.localdate()
    usual = {"visited_on": day, "visitor": request.user.name}
    if (result := request.GET.get("result")) in Result:
        usual["result"] = result
    if data is not None and "quick" in data:
        data = _as_tapped(data, {**usual, "note": stored.note if stored else ""})
    return VisitForm(data, instance=stored or fresh, initial={} if stored else usual)


def _as_tapped(data, usual):
    """What one tap on the list says, filled up to a whole form."""
    whole = data.copy()
    whole.update({**usual, **QUICK.get(data["quick"], {})})
    return whole


def _noted(request, survey_round, household, after):
    """The form and, when the visit is noted, where to go; the household's lock lets one person note at a time."""
    form, verified = None, 0
    try:
        with transaction.atomic():
            stored_for_update(household)
            form = _visit_form(request, survey_round, household, request.POST)
            if not form.is_valid():
                return form, None
            changed = [name for name in form.changed_data if name != "seen_version"]
            if changed or form.instance._state.adding:
                verified = form.save(commit=False).keep(by=request.user, fields=changed)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return form, None
    words = [_("Noted: %(result)s.") % {"result": form.instance.get_result_display()}]
    if verified:
        told = ngettext(
            "%(n)s stay away is verified as of that day.", "%(n)s stays away are verified as of that day.", verified
        )
        words.append(told % {"n": verified})
    messages.success(request, " ".join(words))
    return form, redirect(_household_url(form.instance, after) if "household" in form.data.getlist("then") else after)


@require_http_methods(["GET", "HEAD", "POST"])
def grids(request, pk):
    """Households of the round without a building or grid, to be put into one together."""
    survey_round, community = _place(request, pk)
    asked = progress.asked_by(survey_round, Scope.of(community.pk)).visible_to(request.user, "change")
    without = asked.filter(grid="")
    page = Paginator(sorted(without, key=walking_order), ON_A_PAGE).get_page(request.GET.get("page"))
    form = GridForm(request.POST or None, keys=[household.pk for household in page])
    if request.method == "POST" and form.is_valid():
        keys, grid = form.cleaned_data["households"], form.cleaned_data["grid"]
        put = put_in_grid(keys, grid, households=without, by=request.user)
        messages.success(request, _("%(n)s put into “%(grid)s”.") % {"n": put, "grid": grid})
        return redirect(request.get_full_path())
    shown = _with_families(list(page.object_list), survey_round)
    context = {
        "round": survey_round,
        "round_url": f"{survey_round.get_absolute_url()}?community={community.pk}",
        "community": community,
        "form": form,
        "page": page,
        "households": shown,
        "ticked": form.data.getlist("households") if form.is_bound else [],
        "grids": list(grids_of(community)),
        "addresses": _addresses_shown(request, shown),
        "may_see_addresses": may_see_addresses(request.user),
        "addresses_url": f"?{urlencode({'community': community.pk, 'addresses': 1})}",
    }
    return render(request, "surveys/grids.html", context)
