"""The portal's page of a helper's own service: checks, hours, certificates and thanks. No child's data but thanks of
families, which are shown only while the helper accompanies their child."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records import once
from records.lifecycle import refusals_shown
from records.policy import NotVisible
from records.trail import log_act
from volunteers import hours
from volunteers.letter_forms import AskCertificateForm
from volunteers.letter_sheets import certificate_sheets
from volunteers.models import Certificate, Pairing, Thanks
from volunteers.seen import given_name
from volunteers.standing import WHY_NOT, listed_as, problem_of
from volunteers.vetting import lines_of

THANKS_SHOWN = 20


def my_page(request, helper, **bound):
    problem = problem_of(helper)
    in_all, terms = hours.by_term(helper)
    certificates = list(helper.certificates.all())
    context = {
        "helper": helper,
        "problem": WHY_NOT.get(problem),
        "lines": lines_of(helper),
        "in_all": in_all,
        "terms": terms,
        "certificates": certificates,
        "has_asked": any(one.status == Certificate.Status.ASKED for one in certificates),
        "ask_form": AskCertificateForm(initial={"from_day": helper.joined_on}),
        "thanks": _thanks(helper, problem),
        **bound,
    }
    return render(request, "portal/me.html", context)


def _thanks(helper, problem):
    pairings = Pairing.objects.none() if problem else Pairing.objects.open_to(helper)
    rows = Thanks.objects.shown_to(helper, pairings).select_related("pairing__child")[:THANKS_SHOWN]
    return [(one, given_name(one.pairing.child.name) if one.pairing else "") for one in rows]


@require_safe
def me(request):
    """The helper's own data; open whatever the standing."""
    helper = listed_as(request.user)
    return redirect("portal:standing") if helper is None else my_page(request, helper)


@require_POST
def ask_certificate(request):
    helper = listed_as(request.user)
    if helper is None:
        return redirect("portal:standing")
    form = AskCertificateForm(request.POST)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect("portal:me")
        if form.is_valid():
            with refusals_shown(request):
                Certificate.ask(helper, by=request.user, **form.cleaned_data)
                claim.result_url = request.path
                messages.success(request, _("The community office has your wish and issues the certificate."))
        if claim.result_url:
            return redirect("portal:me")
    return my_page(request, helper, ask_form=form)


@require_safe
def certificate_print(request, pk):
    """The helper's own certificate; a revoked one says so."""
    helper = listed_as(request.user)
    if helper is None:
        return redirect("portal:standing")
    found = helper.certificates.exclude(number="").select_related("community").filter(pk=pk).first()
    if found is None:
        raise NotVisible(Certificate, pk)
    log_act(request.user, "printed certificate_of_service", found)
    response = render(
        request,
        "papers/certificate_of_service.html",
        {"title": _("Certificate of service"), **certificate_sheets([found])},
    )
    response["Cache-Control"] = "no-store"
    return response
