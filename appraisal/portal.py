"""The portal's page of a helper's own nominations and commendations. No child's data; open whatever the standing."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import Nomination
from appraisal.papers import certificates_of
from records.acting import act_once
from records.policy import NotVisible
from records.trail import log_act
from volunteers.standing import listed_as


def _mine(helper):
    rows = Nomination.objects.filter(helper=helper).exclude(status=Nomination.Status.WITHDRAWN)
    return rows.select_related("call__division", "community", "helper").order_by("-pk")


@require_safe
def honours(request):
    helper = listed_as(request.user)
    if helper is None:
        return redirect("portal:standing")
    return render(request, "portal/honours.html", {"nominations": _mine(helper)})


def _found(request, pk):
    helper = listed_as(request.user)
    found = _mine(helper).filter(pk=pk).first() if helper else None
    if found is None:
        raise NotVisible(Nomination, pk)
    return found


@require_POST
def agree(request, pk):
    found = _found(request, pk)
    said = _("Thank you. Your name may be told.")
    return act_once(request, lambda _data: found.agree(by=request.user), to="portal_appraisal:honours", said=said)


@require_POST
def take_back(request, pk):
    found = _found(request, pk)
    said = _("Your name is told no more. What was published is gone.")
    act = lambda _data: found.take_agreement_back(by=request.user)  # noqa: E731
    return act_once(request, act, to="portal_appraisal:honours", said=said)


@require_safe
def certificate(request, pk):
    """The helper's own certificate."""
    found = _found(request, pk)
    if not found.is_awarded:
        raise NotVisible(Nomination, pk)
    log_act(request.user, "printed commendation", found)
    response = render(
        request,
        "papers/commendation.html",
        {"title": _("Certificate of commendation"), **certificates_of([(found, found.helper.name)])},
    )
    response["Cache-Control"] = "no-store"
    return response
