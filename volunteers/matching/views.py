"""The pages of love matching: the list with its form, one proposal side by side, and what is done with the whole."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from communities.models import Division
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.scoping import Scope
from records.text import clean_key
from records.trail import log_read
from volunteers.kinds import HelperKind
from volunteers.matching import bars, proposing, scores, words
from volunteers.models import MatchLine, MatchRun, MatchVeto

PER_PAGE = 50
SHOWN = {"": _("Suggested"), "left": _("Left over"), "excluded": _("Excluded")}


class MakeForm(forms.Form):
    division = forms.ModelChoiceField(Division.objects.none(), label=_("Community or street"))
    kind = forms.ChoiceField(label=_("Helpers as"), choices=HelperKind.choices, initial=HelperKind.LOVING_MOTHER)
    keep_together = forms.BooleanField(
        label=_("Brothers and sisters stay with one helper"),
        required=False,
        initial=True,
        help_text=_("A helper then needs a place for each of them. For one family it can be changed later."),
    )

    def __init__(self, data=None, *, user):
        super().__init__(data, initial=None)
        scope = Scope.of(*user.codes_for(MatchRun, "add"))
        places = Division.objects.filter(scope.at("pk"), level__in=["community", "street"]).order_by("pk")
        self.fields["division"].queryset = places
        self.fields["division"].initial = places.first()


@require_safe
def runs(request):
    return _list_page(request, MakeForm(user=request.user))


def _list_page(request, form):
    standing = Q(lines__is_over=False)
    rows = MatchRun.objects.visible_to(request.user).select_related("division", "made_by")
    rows = rows.annotate(
        suggested=Count("lines", filter=standing & Q(lines__volunteer__isnull=False)),
        left=Count("lines", filter=standing & Q(lines__volunteer=None)),
    ).order_by("-made_at", "-pk")  # a query that groups forgets the order of its model
    context = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "form": form}
    return render(request, "matching/runs.html", context)


@require_POST
def make(request):
    form = MakeForm(request.POST, user=request.user)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(claim.result_url if claim.result_url and not claim.missing else "matching:runs")
        if form.is_valid():
            asked = form.cleaned_data
            there = MatchRun.objects.filter(division=asked["division"], kind=asked["kind"], status="draft").first()
            if there:
                messages.info(request, gettext("There is already an open proposal of this kind here."))
                return redirect(there)
            with refusals_shown(request):
                found = proposing.make(
                    asked["division"], asked["kind"], keep_together=asked["keep_together"], by=request.user
                )
                claim.result_url = found.get_absolute_url()
                return redirect(found)
    return _list_page(request, form)


def find_run(request, pk, action="view"):
    return visible_or_404(MatchRun.objects.select_related("division", "settled_by"), request.user, action, pk=pk)


@require_safe
def run(request, pk):
    found = find_run(request, pk)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    log_read(request.user, found, page="matching:run")
    lines = MatchLine.objects.visible_to(request.user).filter(run=found, is_over=False)
    counts = lines.aggregate(
        **{"": Count("pk", filter=Q(volunteer__isnull=False)), "left": Count("pk", filter=Q(volunteer=None))},
        first=Count("pk", filter=Q(is_priority=True)),
        first_served=Count("pk", filter=Q(is_priority=True, volunteer__isnull=False)),
        heard=Count("pk", filter=Q(guardian_said="yes") & ~Q(child_said__in=["", "against"])),
    )
    vetoes = _vetoes(request.user, found)
    counts["excluded"] = vetoes.count()
    if show == "excluded":
        rows = vetoes.select_related("child", "volunteer", "set_by")
    else:
        rows = lines.filter(volunteer__isnull=show == "left").select_related("child__community", "volunteer", "pairing")
        rows = rows.order_by("-is_priority", "child__name_pinyin", "pk")
    page = Paginator(_lean(rows), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": found,
        "show": show,
        "groups": [(key, title, counts[key]) for key, title in SHOWN.items()],
        "counts": counts,
        "suggested": counts[""],
        "page": page,
        "shown": [(line, words.why(line)) for line in page] if show != "excluded" else [],
        "is_street": found.division.level == "street",
        "may_change": request.user.has_perm("volunteers.change_matchrun"),
        "bars": bars.BARS.values(),
        "weights": sorted(scores.WEIGHTS, key=lambda weight: -weight.points),
    }
    return render(request, "matching/run.html", context)


def _vetoes(user, found):
    rows = MatchVeto.objects.visible_to(user).within(Scope.of(found.division_id))
    return rows.filter(lifted_at=None, volunteer__kinds__contains=[found.kind]).order_by("-set_at", "-pk")


def _lean(rows):
    """Without what only a reveal may decrypt."""
    return rows.defer(
        *["volunteer__phone", "volunteer__id_number", "volunteer__address"],
        *["child__id_number", "child__registered_address", "child__class_teacher_phone"],
    )


@require_POST
def again(request, pk):
    found = find_run(request, pk, "change")
    with refusals_shown(request):
        proposing.work_out_anew(found, by=request.user)
        messages.success(request, gettext("Worked out anew from what is on file now."))
    return redirect(found)


@require_POST
def accept(request, pk):
    found = find_run(request, pk, "change")
    with once.claim(request) as claim:
        if not claim.repeated:
            with refusals_shown(request):
                made, refused = proposing.accept(found, seen=clean_key(request.POST.get("seen")), by=request.user)
                claim.result_url = found.get_absolute_url()
                said = ngettext("%(count)d pairing is proposed.", "%(count)d pairings are proposed.", made)
                messages.success(request, said % {"count": made})
                if refused:
                    said = ngettext(
                        "%(count)d could not be proposed, because something changed meanwhile: see its line.",
                        "%(count)d could not be proposed, because something changed meanwhile: see their lines.",
                        refused,
                    )
                    messages.warning(request, said % {"count": refused})
    return redirect(found)


@require_POST
def discard(request, pk):
    found = find_run(request, pk, "change")
    with refusals_shown(request):
        proposing.discard(found, by=request.user)
        messages.success(request, gettext("The proposal is discarded. No pairing came of it."))
        return redirect("matching:runs")
    return redirect(found)
