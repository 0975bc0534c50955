"""Parents and caregivers: noted on a phone from the list of families, and which families never came."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities.coverage_filter import CoverageFilter
from activities.families import families, missing_families, of_community, with_members
from activities.models import CarerAttendance, Session
from activities.parent_school import by_theme, figures
from children.models import Adult, Child, JoinedAdult
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.staff_filters import clean_search
from records.text import clean_key

FAMILIES_ON_A_PAGE = 20
How = CarerAttendance.How
CHOICES = [(How.ROOM, "check", "done"), (How.REMOTE, "phone", "info")]


def _session(request, pk):
    session = visible_or_404(Session.objects.select_related("activity", "home"), request.user, "change", pk=pk)
    if not session.activity.takes_carers:
        raise Http404
    return session


def carers(request, pk):
    session = _session(request, pk)
    text = clean_search(request.GET.get("q", ""))
    children = of_community(request.user, session.community_id)
    page = Paginator(families(children, text), FAMILIES_ON_A_PAGE).get_page(request.GET.get("page"))
    said = dict(session.carer_attendances.present().values_list("adult", "how"))
    groups = [
        (family, [_line(kinship, said.get(kinship.adult_id)) for kinship in family.adults.values()])
        for family in with_members(page, children)
    ]
    context = {"session": session, "activity": session.activity, "page": page, "groups": groups, "text": text}
    return render(request, "activities/carers.html", {**context, **_count(session)})


@require_POST
def note_carer(request, pk):
    session = _session(request, pk)
    key = JoinedAdult.key_today(clean_key(request.POST.get("adult")))
    adult = visible_or_404(Adult.objects.all(), request.user, pk=key)
    with refusals_shown(request):
        session.note_carer(adult, request.POST.get("mark", ""), by=request.user)
    if not request.htmx:
        return redirect(f"{reverse('activities:carers', args=[session.pk])}#adult-{adult.pk}")
    noted = session.carer_attendances.present().filter(adult=adult).first()
    kinship = adult.kinships.filter(child__in=Child.objects.visible_to(request.user)).order_by("-is_caregiver").first()
    line = _line(kinship, noted.how if noted else None, adult)
    context = {"session": session, "line": line, "swapped": True, **_count(session)}
    return render(request, "activities/_carer_line.html", context)


def _line(kinship, how, adult=None):
    choices = [{"mark": h, "label": h.label, "icon": icon, "tone": tone, "now": h == how} for h, icon, tone in CHOICES]
    return {"adult": adult or kinship.adult, "kinship": kinship, "how": how, "choices": choices}


def _count(session):
    """Lines, not rows: a family that parted meanwhile is not counted twice."""
    lines = dict(session.carer_attendances.present().values_list("line", "how"))
    return {"came": len(lines), "remote": sum(how == How.REMOTE for how in lines.values())}


def parent_school(request):
    """Families nobody came from, the themes of the year, and what to print."""
    day, found = timezone.localdate(), CoverageFilter(request.GET, by=request.user)
    page = Paginator(missing_families(request.user, found), FAMILIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "families": with_members(page, Child.objects.visible_to(request.user)),
        "themes": by_theme(found.scope, day),
        "figures": figures(found.scope, day, found.of_theme),
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/parent_school.html", context)
