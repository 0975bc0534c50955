"""Staff issue certificates of service, revoke them, and note words of thanks to a helper."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from records import once
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import NotVisible, visible_or_404
from records.privacy import CARE
from records.scoping import Scope
from records.trail import log_read
from volunteers import hours
from volunteers.letter_forms import ThanksForm, WhyForm
from volunteers.models import Certificate, Pairing, Thanks, Volunteer

PER_PAGE = 50
THANKS_SHOWN = 20
Status = Certificate.Status
SHOWN = {
    "asked": (gettext_lazy("Asked for"), [Status.ASKED]),
    "issued": (gettext_lazy("Issued"), [Status.ISSUED]),
    "over": (gettext_lazy("Not issued or revoked"), [Status.DECLINED, Status.REVOKED]),
}


@require_safe
def certificates(request):
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "asked"
    rows = Certificate.objects.visible_to(request.user).filter(status__in=SHOWN[show][1])
    rows = rows.select_related("volunteer", "community").defer("volunteer__phone", "volunteer__id_number")
    page = Paginator(rows.order_by("-asked_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "show": show, "groups": [(key, words) for key, (words, _statuses) in SHOWN.items()]}
    return render(request, "letters/certificates.html", context)


def find_certificate(request, pk, action="view"):
    rows = Certificate.objects.select_related("volunteer", "community", "decided_by")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def certificate(request, pk):
    found = find_certificate(request, pk)
    log_read(request.user, found, page="letters:certificate")
    return _certificate_page(request, found)


def _certificate_page(request, found, **bound):
    may_change = may_at(request.user, "change", Certificate, found.community_id)
    is_asked = found.status == Status.ASKED
    context = {
        "certificate": found,
        "worked": hours.between(found.volunteer, found.from_day, found.until_day) if is_asked else found,
        "may_issue": may_change and is_asked,
        "may_revoke": may_change and found.status == Status.ISSUED,
        "why_form": WhyForm(),
        **bound,
    }
    return render(request, "letters/certificate.html", context)


def _acted(request, pk, act, said, form=None):
    found = find_certificate(request, pk, "change")
    again = lambda: _certificate_page(request, find_certificate(request, pk), why_form=form)  # noqa: E731
    return act_once(request, lambda data: act(found, data), to=found, said=said, form=form, again=again)


@require_POST
def issue(request, pk):
    said = _("The certificate is issued and can be printed.")
    return _acted(request, pk, lambda found, _data: found.issue(by=request.user), said)


@require_POST
def decline(request, pk):
    act = lambda found, data: found.decline(by=request.user, **data)  # noqa: E731
    return _acted(request, pk, act, _("The helper sees your reason."), WhyForm(request.POST))


@require_POST
def revoke(request, pk):
    act = lambda found, data: found.revoke(by=request.user, **data)  # noqa: E731
    return _acted(request, pk, act, _("The certificate is revoked; the public page says so."), WhyForm(request.POST))


@require_http_methods(["GET", "HEAD", "POST"])
def thank(request, pk):
    """Words of thanks to a helper, and those said before."""
    helper = visible_or_404(Volunteer.objects.defer("phone", "id_number"), request.user, pk=pk)
    if not may_at(request.user, "add", Thanks, helper.community_id):
        raise NotVisible(Volunteer, pk)
    reach = Scope.of(*request.user.codes_for(Thanks, "add"))
    pairings = Pairing.objects.visible_to(request.user).within(reach).current().filter(volunteer=helper)
    form = ThanksForm(request.POST or None, pairings=pairings)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if form.is_valid() and not claim.missing:
                with refusals_shown(request):
                    Thanks.say(helper, by=request.user, **form.cleaned_data)
                    claim.result_url = reverse("letters:thank", args=[helper.pk])
            if claim.result_url and not claim.repeated:
                messages.success(request, _("The helper finds your thanks in the portal."))
                return redirect(claim.result_url)
    said = Thanks.objects.visible_to(request.user).filter(volunteer=helper).select_related("pairing__child")
    context = {"form": form, "helper": helper, "thanks": said[:THANKS_SHOWN], "sees_care": request.user.sees(CARE)}
    return render(request, "letters/thank.html", context)
