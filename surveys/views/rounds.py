"""Survey rounds: who is asked until when, and how far each place has come."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import Division
from records import once
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.scoping import Scope
from surveys.figures import figures_for_the_federation
from surveys.forms import NewRoundForm, RoundForm
from surveys.models import HouseholdVisit, SurveyRound
from surveys.models.round import usual_due_day
from surveys.progress import Progress, chosen_place, per_division, per_grid, places_in

ROUNDS_ON_A_PAGE = 30


def find_round(request, pk, action="view"):
    rounds = SurveyRound.objects.select_related("division", "opened_by")
    return visible_or_404(rounds, request.user, action, pk=pk)


@require_safe
def rounds(request):
    found = SurveyRound.objects.visible_to(request.user).select_related("division")
    page = Paginator(found.order_by("-closed_at", "-due_on", "-pk"), ROUNDS_ON_A_PAGE).get_page(request.GET.get("page"))
    may_open = request.user.has_perm("surveys.add_surveyround")
    return render(request, "surveys/rounds.html", {"page": page, "may_open": may_open})


@require_safe
def round_page(request, pk):
    """Progress as far as the person may see it: grids of a community, communities of a street, or figures alone."""
    survey_round = find_round(request, pk)
    places = places_in(request.user, survey_round)
    community = chosen_place(request.GET, places)
    may_change = SurveyRound.objects.visible_to(request.user, "change").filter(pk=pk).exists()
    context = {"round": survey_round, "may_change": may_change, "community": community, "places": places}
    if community:
        return render(request, "surveys/round_grids.html", {**context, **_grids(request, survey_round, community)})
    if places:
        found = per_division(survey_round, Scope.of(*(place.pk for place in places)))
        rows = [(place, found.get(place.pk, Progress())) for place in places]
        total = sum((progress for _place, progress in rows), Progress())
        return render(request, "surveys/round_communities.html", {**context, "rows": rows, "total": total})
    rows = figures_for_the_federation(request.user, survey_round)
    return render(request, "surveys/round_figures.html", {**context, "rows": rows})


def _grids(request, survey_round, community):
    rows = per_grid(survey_round, community)
    return {
        "rows": rows,
        "total": sum((progress for _grid, progress in rows), Progress()),
        "without_grid": next((progress.households for grid, progress in rows if not grid), 0),
        "may_note": _may_note(request.user, survey_round, community),
        "may_set_grids": request.user.has_perm("children.change_household"),
    }


def _may_note(user, survey_round, community):
    is_running = survey_round.has_begun() and not survey_round.is_closed
    return is_running and community.pk in Scope.of(*user.codes_for(HouseholdVisit, "add"))


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request):
    divisions = Division.objects.filter(pk__in=request.user.codes_for(SurveyRound, "add"))
    if not divisions:
        raise Http404
    today = timezone.localdate()
    due = usual_due_day(today)
    usual = {"opens_on": today, "due_on": due, "title": _("Survey round of %(year)s") % {"year": due.year}}
    form = NewRoundForm(request.POST or None, divisions=divisions, initial=usual)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if form.is_valid() and not claim.missing and (opened := _opened(request, form)):
                claim.result_url = opened.get_absolute_url()
                messages.success(request, _("The round is open. Every community asked sees it on its workdesk."))
                return redirect(opened)
    return render(request, "surveys/round_form.html", {"form": form})


def _opened(request, form):
    try:
        return SurveyRound.open(**form.cleaned_data, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def change_round(request, pk):
    survey_round = find_round(request, pk, "change")
    form = RoundForm(request.POST or None, instance=survey_round)
    if request.method == "POST" and form.is_valid():
        try:
            survey_round.change(**{name: form.cleaned_data[name] for name in ("title", "due_on")}, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(survey_round)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return render(request, "surveys/round_form.html", {"form": form, "round": survey_round})


@require_POST
def close_round(request, pk):
    survey_round = find_round(request, pk, "change")
    with refusals_shown(request):
        survey_round.close(by=request.user)
        messages.success(request, _("The round is closed. What was noted in it stays readable."))
    return redirect(survey_round)


@require_POST
def reopen_round(request, pk):
    survey_round = find_round(request, pk, "change")
    with refusals_shown(request):
        survey_round.reopen(by=request.user)
        messages.success(request, _("The round is open again."))
    return redirect(survey_round)
