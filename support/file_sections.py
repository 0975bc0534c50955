"""What a child's file shows of support: applications, and what the child could apply for now."""

from django.utils import timezone

from children.sections import file_section
from records.privacy import CARE
from support.eligibility import facts_of, is_ruled_out, judge
from support.models import AidKind
from support.repeating import is_granted


@file_section(tab="care", order=60, needs="support.view_application")
def support(request, child):
    if not request.user.sees(CARE):
        return None
    day = timezone.localdate()
    applications = list(child.applications.select_related("kind"))
    under_way = {one.kind_id for one in applications if one.is_running}
    may_add = request.user.has_perm("support.add_application") and child.left_on is None
    kinds = AidKind.objects.open_on(day).filter(district=child.district) if child.left_on is None else []
    shown = []
    facts = None
    for kind in kinds:
        facts = facts or facts_of([child], kind, day)[child.pk]
        findings = judge(facts, kind.rules, day)
        is_taken = kind.pk in under_way or any(is_granted(one, kind, day) for one in applications)
        shown.append((kind, findings, is_ruled_out(findings), is_taken))
    return "support/file_support.html", {"applications": applications, "kinds": shown, "may_add": may_add}
