"""Staff look at all pairings of a community at the start of a term, and confirm once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communities.places import chosen_community, may_at
from records import once
from records.trail import log_read
from volunteers import renewing
from volunteers.models import Pairing, Pause, Renewal

PAUSE_REASONS = [choice for choice in Pause.Reason.choices if choice[0] != Pause.Reason.OTHER]


@require_http_methods(["GET", "HEAD", "POST"])
def renewals(request):
    place, places = chosen_community(request, Renewal)
    term = renewing.term_under_review(place.pk) if place else None
    pairings = Pairing.objects.visible_to(request.user).filter(community=place)
    may_review = place is not None and may_at(request.user, "add", Renewal, place.pk)
    if request.method == "POST":
        if term is None or not may_review:
            raise Http404
        return _reviewed(request, place, pairings, term)
    lines = renewing.lines_of(pairings, term) if term else []
    log_read(request.user, [line.pairing for line in lines], page="pairings:renewals")
    context = {
        "place": place,
        "places": places if len(places) > 1 else [],
        "term": term,
        "to_decide": [line for line in lines if not line.is_decided and not line.is_to_end],
        "barred": [line for line in lines if line.barred and not line.is_decided and not line.is_to_end],
        "to_end": [line for line in lines if line.is_to_end],
        "decided": [line for line in lines if line.is_decided],
        "decisions": Renewal.Decision.choices,
        "wishes": Renewal.Wish.choices,
        "pause_reasons": PAUSE_REASONS,
        "may_review": may_review,
        "may_end": place is not None and may_at(request.user, "change", Pairing, place.pk),
    }
    return render(request, "pairings/renewals.html", context)


def _reviewed(request, place, pairings, term):
    address = reverse("pairings:renewals") + f"?community={place.pk}"
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(address)
        decided, refused = renewing.review(pairings, term, _answers(request, pairings, term), by=request.user)
        claim.result_url = address
    for words in refused:
        messages.error(request, words)
    if decided:
        words = ngettext("%(count)d pairing is reviewed.", "%(count)d pairings are reviewed.", decided)
        messages.success(request, words % {"count": decided})
    elif not refused:
        messages.info(request, _("Nothing was left to decide: somebody has reviewed these pairings meanwhile."))
    return redirect(address)


def _answers(request, pairings, term):
    """{key: facts} of the lines that were sent with a decision we know."""
    answers = {}
    for key in renewing.to_review(pairings, term).values_list("pk", flat=True):
        decision = request.POST.get(f"decision_{key}")
        if decision in Renewal.Decision.values:
            wish, reason = request.POST.get(f"family_{key}", ""), request.POST.get(f"reason_{key}", "")
            answers[key] = {
                "decision": decision,
                "seen": request.POST.get(f"wish_{key}", ""),
                "family_wish": wish if wish in Renewal.Wish.values else "",
                "pause_reason": reason if reason in dict(PAUSE_REASONS) else Pause.Reason.HELPER_AWAY,
            }
    return answers
