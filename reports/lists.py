"""The list of a quarter's reports, of communities and of streets, and beginning one of them."""

from django.shortcuts import redirect

from communities.models import Division
from records.lifecycle import refusals_shown
from records.policy import NotVisible
from records.scoping import Scope
from records.text import clean_code
from reports import quarters as q
from reports.models import ReportRule


def rows_of(kind, user, period):
    """[{place, its report or None, when it is due, whether `user` may begin it}] of the divisions in reach."""
    scope = Scope.of(*user.codes_for(kind.model))
    own = Scope.of(*user.codes_for(kind.model, "add"))
    is_recent = q.read_recent(q.written(period)) is not None
    found = kind.model.objects.visible_to(user).of(period).select_related(kind.level)
    reports = {report.place.pk: report for report in found}
    places = list(Division.objects.within(scope).filter(level=kind.level).select_related("parent"))
    rules = {code: ReportRule.at(code, period) for code in sorted({place.pk[:6] for place in places})}
    return [
        {
            "place": place,
            "report": reports.get(place.pk),
            "due_on": rules[place.pk[:6]].due_on(period, kind.level),
            "may_begin": is_recent and place.pk in own,
        }
        for place in places
    ]


def begin(kind, request, *, back):
    """Begin the report of the division and quarter that were sent, or come to it where it is begun."""
    period = q.read_recent(request.POST.get("quarter"))
    scope = Scope.of(*request.user.codes_for(kind.model, "add"))
    asked = clean_code(request.POST.get(kind.level, ""))
    place = Division.objects.within(scope).filter(level=kind.level, pk=asked).first()
    if period is None or place is None:
        raise NotVisible(Division, None)
    with refusals_shown(request):
        return redirect(kind.model.open_for(place, period, by=request.user))
    return redirect(back)


def quarter_asked_for(request):
    """{"period", "written", "choices"} for a page that shows one quarter: the one in its address, else the last."""
    period = q.read(request.GET.get("quarter")) or q.last_ended()
    return {
        "period": period,
        "written": q.written(period),
        "choices": [(q.written(p), p.label) for p in q.recent()],
    }
