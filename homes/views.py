"""Pages to read: the list of Homes, one Home with its history, one check with its gaps."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from communities.places import may_at
from homes.forms import HomesFilterForm
from homes.models import AnswerPhoto, Home, Inspection, Repair
from homes.open_days import posted
from homes.reading import Reading
from homes.sections import sections_of
from homes.trend import Trend
from records.policy import visible_or_404

HOMES_PER_PAGE = 50
CHECKS_SHOWN = 12

Grade = Inspection.Grade


@require_GET
def home_list(request):
    """Every open Home in reach, the neediest first."""
    today = timezone.localdate()
    homes = Home.objects.visible_to(request.user).open_on(today).with_last_check()
    form = HomesFilterForm(request.GET)
    found = form.filtered(homes.with_hours().select_related("community"), today)
    page = Paginator(found.order_by(F("last_score").asc(nulls_first=True), "pk"), HOMES_PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "form": form,
        "totals": _totals(homes),
        "may_add": request.user.has_perm("homes.add_home"),
    }
    return render(request, "homes/list.html", context)


def _totals(homes):
    return homes.aggregate(
        homes=Count("pk"),
        excellent=Count("pk", Q(last_grade=Grade.EXCELLENT)),
        qualified=Count("pk", Q(last_grade=Grade.QUALIFIED)),
        rectify=Count("pk", Q(last_grade=Grade.RECTIFY)),
        unchecked=Count("pk", Q(last_grade=None)),
    )


@require_GET
def home(request, pk):
    """One Home: what it is, how it stands, how that went over time, what is missing."""
    found = visible_or_404(
        Home.objects.with_hours().with_holiday_hours().select_related("community__parent"), request.user, pk=pk
    )
    checks = found.inspections.visible_to(request.user).select_related("standard", "submitted_by")
    submitted = list(checks.submitted().order_by("-submitted_on", "-pk")[:CHECKS_SHOWN])
    last = submitted[0] if submitted else None
    context = {
        "home": found,
        "last": last,
        "reading": Reading(last, load_answers(last), request.user) if last else None,
        "checks": submitted,
        "trend": Trend.of_checks(submitted),
        **posted(found),
        "beside": sections_of(request, found),
        "under_way": list(checks.drafts()),
        "evaluations": found.evaluations.visible_to(request.user).select_related("year").order_by("-year__year"),
        "today": timezone.localdate(),
        "repairs": found.repairs.unsettled().select_related("answer__item"),
        "may_plan": found.is_open and may_at(request.user, "add", Repair, found.community_id),
        "offers": _offers(found, request.user),
        "may_change": Home.objects.visible_to(request.user, "change").filter(pk=pk).exists(),
    }
    return render(request, "homes/home.html", context)


def _offers(home, user):
    """The kinds of check this person may begin here."""
    if not home.is_open:
        return []
    acts = Inspection.ACTS.items()
    return [kind for kind, act in acts if may_at(user, act, Home, home.community_id)]


@require_GET
def inspection(request, pk):
    """One check: how far it is while under way, its score and gaps once submitted."""
    rows = Inspection.objects.select_related("home__community", "standard", "begun_by", "submitted_by")
    check = visible_or_404(rows, request.user, pk=pk)
    context = {
        "check": check,
        "home": check.home,
        "reading": Reading(check, load_answers(check), request.user),
        "may_fill_in": check.may_be_filled_in_by(request.user),
        "may_plan": check.home.is_open and check.is_newest and may_at(request.user, "add", Repair, check.community_id),
    }
    return render(request, "homes/draft.html" if check.is_draft else "homes/result.html", context)


def load_answers(check):
    photos = AnswerPhoto.objects.filter(withdrawn_at=None).select_related("photo")
    answers = check.answers.select_related("item").prefetch_related(Prefetch("photos", photos))
    return list(answers.order_by("item__position"))
