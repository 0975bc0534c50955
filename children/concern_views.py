"""Suspected harm: raised at once, reported, followed up. Nothing on these pages stands before the telephone."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children.concern_forms import ConcernForm, FollowUpForm, NamingForm, OutcomeForm, ReportedForm
from children.concern_step import form_to_return_to
from children.models import Child, Concern, ConcernNaming
from communities.calling import whom_to_call
from communities.models import Posting, User
from communities.roles import ROLES
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.trail import log_read


@require_http_methods(["GET", "HEAD", "POST"])
def raise_concern(request, pk):
    """Whoever may see the child may raise it; an empty form is enough."""
    child = visible_or_404(Child.objects, request.user, pk=pk)
    return concern_step(request, child, back_url=reverse("children:file", args=[child.pk]), back_label=_("File"))


def concern_step(request, child, *, back_url, back_label):
    """The page that raises a concern about `child`, for any app that leads to it."""
    form, after = ConcernForm(request.POST or None), form_to_return_to(request)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                concern = Concern.raise_for(child, **form.cleaned_data, by=request.user)
                messages.success(request, _("The concern is on file. If nobody has called yet: call now."))
                claim.result_url = _address(request, concern, after) or after or back_url
                return redirect(claim.result_url)
    else:
        log_read(request.user, child, page="children:raise_concern")
    page = {"child": child, "form": form, "calls": whom_to_call(child.community_id), "next": after}
    page |= {"back_url": after or back_url, "back_label": _("Back to the form") if after else back_label}
    return render(request, "children/raise_concern.html", page)


def _address(request, concern, after):
    if not Concern.objects.visible_to(request.user).filter(pk=concern.pk).exists():
        return ""
    query = "?" + urlencode({"next": after}) if after else ""
    return reverse("children:concern", args=[concern.pk]) + query


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request, pk):
    people = ("child", "raised_by", "received_by", "reported_by", "closed_by")
    found = visible_or_404(Concern.objects.select_related(*people), request.user, pk=pk)
    may = {action: _may(request.user, action, pk) for action in ("change", "follow", "decide")}
    forms = {
        "report": ReportedForm(request.POST if "report" in request.POST else None),
        "follow": FollowUpForm(request.POST if "follow" in request.POST else None),
        "close": OutcomeForm(request.POST if "close" in request.POST else None),
    }
    if request.method == "POST" and (answer := _done(request, found, forms, may)):
        return answer
    if request.method != "POST":
        log_read(request.user, found, page="children:concern")
    return render(request, "children/concern.html", _page(request, found, forms, may))


def _may(user, action, pk):
    return Concern.objects.visible_to(user, action).filter(pk=pk).exists()


def _done(request, found, forms, may):
    """What a button of the page did; None when the page is shown again."""
    step = next((name for name in ("receive", "report", "follow", "close") if name in request.POST), None)
    if step is None or not may["follow" if step == "follow" else "change"]:
        raise Http404
    form = forms.get(step)
    if form is not None and not form.is_valid():
        return None
    with refusals_shown(request), once.claim(request) as claim:
        if claim.missing:
            return None
        if not claim.repeated:
            act = {"receive": found.receive, "report": found.report, "follow": found.follow_up, "close": found.close}
            act[step](**(form.cleaned_data if form else {}), by=request.user)
        return redirect(_kept(claim, reverse("children:concern", args=[found.pk])))
    return None


def _kept(claim, address):
    claim.result_url = address
    return address


def _page(request, found, forms, may):
    may_name = may["decide"] and found.status != Concern.Status.CLOSED
    namings = found.namings.filter(ended_at=None).select_related("user") if may["decide"] else []
    is_open = found.status == Concern.Status.OPEN
    unheard = may["change"] and found.received_at is None and found.raised_by_id != request.user.pk
    return {
        "concern": found,
        "forms": forms,
        "entries": list(found.entries.select_related("written_by")),
        "calls": whom_to_call(found.community_id),
        "may_change": may["change"],
        "may_follow": may["follow"] and found.status != Concern.Status.CLOSED,
        "may_close": may["change"] and (not is_open or (may["decide"] and found.raised_by_id != request.user.pk)),
        "may_receive": unheard and is_open,
        "is_overdue": Concern.objects.overdue_on(timezone.localdate()).filter(pk=found.pk).exists(),
        "hours_open": (timezone.now() - found.raised_at).total_seconds() / 3600 if is_open else 0,
        "sees_file": Child.objects.visible_to(request.user).filter(pk=found.child_id).exists(),
        "may_name": may_name,
        "namings": namings,
        "naming_form": NamingForm(people=nameable(found)) if may_name else None,
        "next": form_to_return_to(request),
    }


def nameable(found):
    """Accounts of this district whose role may see concerns, and that do not see this one already."""
    roles = [key for key, role in ROLES.items() if role.staff and "children.view_concern" in role.permissions]
    posted = Posting.objects.in_force_on(timezone.localdate()).filter(
        role__in=roles, division__pk__startswith=found.district
    )
    named = found.namings.filter(ended_at=None).values("user")
    people = User.objects.filter(is_active=True, pk__in=posted.values("user")).exclude(pk__in=named)
    return people.exclude(pk=found.raised_by_id).order_by("name", "pk")


@require_POST
def name_person(request, pk):
    found = visible_or_404(Concern.objects, request.user, "decide", pk=pk)
    form = NamingForm(request.POST, people=nameable(found))
    if form.is_valid():
        with refusals_shown(request):
            found.name(form.cleaned_data["user"], by=request.user)
            messages.success(request, _("This person now sees the concern."))
    else:
        messages.error(request, _("Choose a person from the list."))
    return redirect("children:concern", pk=pk)


@require_POST
def end_naming(request, pk):
    naming = visible_or_404(ConcernNaming.objects.select_related("concern"), request.user, "change", pk=pk)
    with refusals_shown(request):
        naming.end(by=request.user)
        messages.success(request, _("This person no longer sees the concern."))
    return redirect("children:concern", pk=naming.concern_id)
