"""Rosters: a round at a glance, one roster with its lines and its difference, and the acts on it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from children.models import Child
from communities.models import Division
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.text import clean_code, clean_key, clean_text
from records.trail import log_read
from surveys import standing
from surveys.difference import difference
from surveys.models import Reminder, Roster, RosterLine, SurveyRound
from surveys.roster_forms import DecisionForm
from surveys.shown import Before, edition_shown, page_of, shown

LONGEST_REMARK = 300


@require_safe
def listing(request):
    """One round: each community's roster and its state, with those that have not reported named."""
    user = request.user
    scope = Scope.of(*user.codes_for(Roster))
    rounds = list(standing.rounds_asking(scope.codes)[:20])
    chosen = next((r for r in rounds if str(r.pk) == request.GET.get("round")), rounds[0] if rounds else None)
    context = {"rounds": rounds, "round": chosen}
    if chosen:
        communities = standing.communities_of(chosen, scope)
        context |= {
            "communities": communities,
            "reported": sum(one.has_reported for one in communities),
            "accepted": sum(bool(one.roster) and one.roster.status == Roster.Status.ACCEPTED for one in communities),
            "sums": standing.summed(communities),
            "may_begin": Scope.of(*user.codes_for(Roster, "add")),
            "may_remind": user.has_perm("surveys.add_reminder"),
            "address": f"round={chosen.pk}",
        }
    return render(request, "surveys/rosters.html", context)


def _asked_for(request, model, action):
    """The round and community that a form names, inside the person's divisions."""
    scope = Scope.of(*request.user.codes_for(model, action))
    code = clean_code(request.POST.get("community", ""))
    community = Division.objects.within(scope).filter(level="community", pk=code).first()
    found = SurveyRound.objects.covering(code).filter(pk=clean_key(request.POST.get("round"))).first()
    if community is None or found is None:
        raise NotVisible(Division, None)
    return community, found


@require_POST
def begin(request):
    community, survey_round = _asked_for(request, Roster, "add")
    with refusals_shown(request):
        return redirect(Roster.open_for(community, survey_round, by=request.user))
    return redirect("surveys:rosters")


@require_POST
def remind(request):
    community, survey_round = _asked_for(request, Reminder, "add")
    with refusals_shown(request):
        Reminder.send(community, survey_round, by=request.user)
        messages.success(request, _("Reminded. It stands on the community's workdesk now."))
    return redirect(round_url(survey_round.pk))


def round_url(key):
    return f"{reverse('surveys:rosters')}?round={key}"


def _find(request, pk, action="view"):
    rosters = Roster.objects.select_related("round", "community__parent")
    return visible_or_404(rosters, request.user, action, pk=pk)


def _may(user, action, found):
    return found.community_id in Scope.of(*user.codes_for(Roster, action))


@require_safe
def roster(request, pk):
    found = _find(request, pk)
    log_read(request.user, found, page="surveys:roster")
    return _roster_page(request, found)


def _roster_page(request, found, decision=None, status=200, typed=None):
    """The roster as it stands; frozen once handed in. `typed`: remarks beside lines that could not be kept."""
    user = request.user
    editions = list(found.editions.select_related("submitted_by", "decided_by").order_by("number"))
    last = editions[-1] if editions else None
    frozen = None if found.is_open else last
    before = last if found.is_open else (editions[-2] if len(editions) > 1 else None)
    may_decide = found.status == Roster.Status.SUBMITTED and _may(user, "decide", found)
    context = {
        **_lines(request, found, frozen, Before.of(before), typed or {}),
        "roster": found,
        "back_url": round_url(found.round_id),
        "edition": frozen,
        "last": last,
        "editions": editions[:-1] if frozen else editions,
        "may_submit": found.is_open and _may(user, "add", found),
        "may_decide": may_decide and found.submitted_by_id != user.pk,
        "is_own": may_decide and found.submitted_by_id == user.pk,
        "decision": decision or DecisionForm(),
        "reminders": Reminder.objects.filter(round=found.round_id, community=found.community_id).select_related("by"),
        "address": f"roster={found.pk}",
    }
    return render(request, "surveys/roster.html", context, status=status)


def _lines(request, found, edition, before, typed=None):
    """The lines with their sums, the page of them that is shown, and the difference to the round before."""
    user = request.user
    if edition:
        kept = {line.child_id: line for line in edition.lines.order_by("position")}
        lines, figures = [line.as_line() for line in kept.values()], edition.figures
    else:
        kept, lines = {}, list(found.lines())
        figures = found.figures_of(lines)
    page = page_of(lines, request.POST.get("page") or request.GET.get("page"))
    files = Child.objects.visible_to(user).filter(pk__in=[line.child_id for line in page])
    log_read(user, files.only("community"), page="surveys:roster_lines")
    return {
        "page": page,
        "lines": shown(page, user, before=before, kept=kept, typed=_by_child(found, typed)),
        "gone": before.gone(lines),
        "figures": figures,
        "difference": difference(found, lines, user, edition),
    }


def _by_child(found, typed):
    """{child: remark} of what was typed beside lines, whichever edition they stood in."""
    lines = RosterLine.objects.filter(edition__roster=found, pk__in=typed or {})
    return {child: typed[key] for key, child in lines.values_list("pk", "child")} if typed else {}


@require_safe
def edition(request, pk, number):
    """An edition as it was handed in, with the remarks on it."""
    found = _find(request, pk)
    kept = edition_shown(found, str(number))
    log_read(request.user, found, page="surveys:edition")
    before = found.editions.filter(number=kept.number - 1).first()
    context = {
        **_lines(request, found, kept, Before.of(before)),
        "roster": found,
        "edition": kept,
        "address": f"roster={found.pk}&edition={kept.number}",
    }
    return render(request, "surveys/edition.html", context)


@require_POST
def submit(request, pk):
    found = _find(request, pk, "add")
    with refusals_shown(request):
        found.submit(by=request.user)
        messages.success(request, _("Handed in to the street office. Every line is frozen as it stands now."))
    return redirect(found)


def _remarks(request):
    """{key of a line: what was typed beside it}."""
    typed = {}
    for name, text in request.POST.items():
        prefix, _dash, key = name.partition("-")
        if prefix == "line" and (line := clean_key(key)):
            typed[line] = clean_text(text)[:LONGEST_REMARK]
    return typed


@require_POST
def remark(request, pk):
    """Keep the remarks beside the lines of one page, without deciding yet."""
    found = _find(request, pk, "decide")
    with refusals_shown(request):
        found.remark_on(_remarks(request), seen=_seen(request), by=request.user)
        messages.success(request, _("The remarks are kept. The community sees them when you return the roster."))
        page = clean_key(request.POST.get("to") or request.POST.get("page", ""))
        return redirect(f"{found.get_absolute_url()}?page={page}" if page else found)
    return _again(request, pk, DecisionForm(request.POST))


def _seen(request):
    """The number of the edition that the page showed; 0 where it says none."""
    return clean_key(request.POST.get("seen")) or 0


def _again(request, pk, form):
    """The page once more, as the roster stands now, with all that was typed."""
    return _roster_page(request, _find(request, pk), form, status=422, typed=_remarks(request))


@require_POST
def decide(request, pk):
    found = _find(request, pk, "decide")
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, form)
    judged = {"seen": _seen(request), "by": request.user}
    acts = {
        "accept": (found.accept, _("Accepted. The roster counts in the sum of the street.")),
        "return": (found.give_back, _("Returned to the community, with your remarks.")),
    }
    with refusals_shown(request):
        if (decision := request.POST.get("decision")) not in acts:
            raise Refused(_("Choose whether to accept or to return the roster."))
        if typed := _remarks(request):
            found.remark_on(typed, **judged)
        act, said = acts[decision]
        act(remark=form.cleaned_data["remark"], **judged)
        messages.success(request, said)
        return redirect(found)
    return _again(request, pk, form)


@require_safe
def district(request):
    """For the federation: how many communities have reported. No child, and no roster."""
    scope = Scope.of(*request.user.codes_for(Roster, "read"))
    if not scope.codes:
        raise Http404
    tallies = [standing.tally(found, scope) for found in standing.rounds_asking(scope.codes)[:6]]
    return render(request, "surveys/district.html", {"tallies": tallies})
