"""Staff name another helper who looks after a child for some days, and end it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.places import may_at
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.trail import log_read
from volunteers.close_out_forms import DeputyForm
from volunteers.close_out_views import find_pairing
from volunteers.models import Deputy, Pairing
from volunteers.models.deputy import who_may_stand_in


def _may_stand_in(request, pairing):
    rows = who_may_stand_in(pairing).visible_to(request.user)
    return rows.order_by("name", "pk").defer("phone", "id_number")


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request, pk):
    pairing = find_pairing(request, pk, "add", of=Deputy)
    form = DeputyForm(request.POST or None, helpers=_may_stand_in(request, pairing))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if form.is_valid() and not claim.missing:
                with refusals_shown(request):
                    Deputy.name(pairing, by=request.user, **form.cleaned_data)
                    claim.result_url = reverse("admin:volunteers_pairing_change", args=[pk])
                    messages.success(request, _("The deputy sees the child on these days, and not before or after."))
            if claim.result_url and not claim.missing:
                return redirect(claim.result_url)
    log_read(request.user, pairing, page="pairings:deputy")
    context = {
        "pairing": pairing,
        "form": form,
        "may_end": may_at(request.user, "change", Deputy, pairing.community_id),
        "may_have": pairing.status in Pairing.HOLDING,
        "deputies": pairing.deputies.select_related("volunteer").defer("volunteer__phone", "volunteer__id_number"),
    }
    return render(request, "pairings/deputy.html", context)


@require_POST
def end_deputy(request, pk):
    found = visible_or_404(Deputy.objects.select_related("pairing", "volunteer"), request.user, "change", pk=pk)
    with refusals_shown(request):
        found.end(by=request.user)
        messages.success(request, _("Ended. The deputy sees nothing of the child any more."))
    return redirect("pairings:deputy", found.pairing_id)
