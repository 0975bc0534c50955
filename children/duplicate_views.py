"""The review of likely duplicates: two files side by side, merged or told apart, and what the street office settles."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children import closing, differences
from children.duplicates import SHOWN_AT_MOST, pairs_to_review, why_alike
from children.merging import merge
from children.models import Child, Likeness
from children.twice_on_file import SHOWN_AT_MOST as FAMILIES_AT_MOST
from children.twice_on_file import families_twice
from communities.models import Division
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404
from records.step_up import ask_again
from records.text import clean_key
from records.trail import log_read

PER_PAGE = 20


@require_safe
def review(request):
    pairs = pairs_to_review(request.user)
    page = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    families = families_twice(request.user)
    context = {
        "page": page,
        "is_capped": len(pairs) == SHOWN_AT_MOST,
        "families": families,
        "more_families": len(families) == FAMILIES_AT_MOST,
        "names_place": request.user.scope.is_several,
    }
    return render(request, "children/duplicates.html", context)


def _both(request, pk, other):
    rows = Child.objects.select_related("community", "household").prefetch_related("kinships__adult")
    found = [visible_or_404(rows, request.user, "change", pk=key) for key in sorted({pk, other})]
    if len(found) != 2:
        raise NotVisible(Child, None)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request, pk, other):
    """Two files fact by fact; sending it merges them."""
    older, newer = _both(request, pk, other)
    if request.method == "POST":
        ask_again(request)
        try:
            return redirect("children:file", pk=_merge(request, older, newer).pk)
        except Refused as refusal:
            messages.error(request, refusal.message)
            older, newer = _both(request, pk, other)
    else:
        log_read(request.user, [older, newer], page="children:compare")
    keeps = newer if older.left_on and not newer.left_on else older
    context = {
        "older": older,
        "newer": newer,
        "why": why_alike(older, newer),
        "lines": differences.lines(older, newer, request.user),
        "keeps": request.POST.get("keep") or str(keeps.pk),
        "of_newer": [name for name, key in request.POST.items() if key == str(newer.pk)],  # chosen before a refusal
        "is_merged": bool(older.merged_into_id or newer.merged_into_id),
        "both_left": older.left_on and newer.left_on,
    }
    return render(request, "children/compare.html", context)


def _merge(request, older, newer):
    keys = {str(older.pk): older, str(newer.pk): newer}
    kept = keys.get(request.POST.get("keep", ""))
    if kept is None:
        raise Refused(_("Choose which file is kept."))
    gone = newer if kept is older else older
    offered = {line.name for line in differences.lines(kept, gone, request.user) if line.may_choose}
    taken = {name for name in offered if request.POST.get(f"take_{name}") == str(gone.pk)}
    seen = {child.pk: _version(request, child) for child in (older, newer)}
    kept = merge(kept, gone, taken=taken, seen=seen, by=request.user)
    messages.success(request, _("The two files are one. The other file is closed and leads here."))
    return kept


def _version(request, child):
    return clean_key(request.POST.get(f"version_{child.pk}"))


@require_POST
def different(request, pk, other):
    older, newer = _both(request, pk, other)
    with refusals_shown(request):
        Likeness.note_different(older, newer, by=request.user)
        messages.success(request, _("Noted: these are two children. Nobody is asked again."))
    return redirect("children:duplicates")


# For the street office ------------------------------------------------------------------------------------------------


@require_safe
def same_child(request):
    """Files of two communities that could be about one child; of each side what lies in the person's street."""
    rows = Likeness.objects.visible_to(request.user).asked()
    page = Paginator(rows.select_related("first__community", "second__community"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    likenesses = list(page.object_list)
    keys = {key for one in likenesses for key in (one.first_id, one.second_id)}
    mine = set(Child.objects.visible_to(request.user, "change").filter(pk__in=keys).values_list("pk", flat=True))
    offices = Division.objects.in_bulk({code[:9] for one in likenesses for code in _codes(one)})
    shown = [_sides(one, mine, offices) for one in likenesses]
    looked_at = {side["child"].pk: side["child"] for one in shown for side in one["sides"] if side["child"]}
    log_read(request.user, looked_at.values(), page="children:same_child")
    return render(request, "children/same_child.html", {"page": page, "requests": shown})


def _codes(likeness):
    return (likeness.first.community_id, likeness.second.community_id)


def _sides(likeness, mine, offices):
    sides = []
    for child, title in ((likeness.first, _("Older file")), (likeness.second, _("Newer file"))):
        own = child.pk in mine
        office = offices.get(child.community_id[:9])
        sides.append({"title": title, "child": child if own else None, "office": None if own else office})
    return {
        "likeness": likeness,
        "sides": sides,
        "both": all(side["child"] for side in sides),
        "may_close": bool(sides[1]["child"]) and likeness.second.left_on is None,
    }


@require_POST
def settle(request, pk):
    likeness = visible_or_404(Likeness.objects.select_related("first", "second"), request.user, "change", pk=pk)
    answer = request.POST.get("answer")
    with refusals_shown(request):
        if answer == "different":
            likeness.settle(Likeness.Status.DIFFERENT, by=request.user)
            messages.success(request, _("Noted: these are two children. Nobody is asked again."))
        elif answer == "close":
            newer = visible_or_404(Child.objects, request.user, "change", pk=likeness.second_id)
            likeness.settle(Likeness.Status.SAME, by=request.user)
            closing.leave_register(newer, on=timezone.localdate(), reason=Child.LeftReason.MISTAKE, by=request.user)
            messages.success(request, _("The newer file is closed as registered by mistake. The older one stays."))
    return redirect("children:same_child")
