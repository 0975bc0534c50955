"""What a child's file tells of counselling: that sessions took place and when. Nothing said in them."""

from django.db.models import Prefetch

from children.sections import file_section
from counselling.models import Case, CaseWords, CounsellingSession

LATEST = 10


@file_section(tab="care", order=31, needs="counselling.view_counsellingsession")
def sessions(request, child):
    held = CounsellingSession.objects.visible_to(request.user).order_by("-number")
    cases = Case.objects.visible_to(request.user).filter(child=child).select_related("counsellor")
    cases = list(cases.prefetch_related(Prefetch("sessions", held, to_attr="held")))
    if not cases:
        return None
    readable = set(CaseWords.objects.visible_to(request.user).filter(case__in=cases).values_list("pk", flat=True))
    for case in cases:
        case.is_readable = case.pk in readable
    return "counselling/file_sessions.html", {"cases": cases, "latest": LATEST}
