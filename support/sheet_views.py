"""What leaves the file: the notices on display, the federation's masked sheets, the statements for givers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.places import may_at
from records import once
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404
from records.trail import log_read
from support import deciding
from support.forms import DecisionForm, StatementForm
from support.models import AidKind, Sheet
from support.statements import asked_days, statement_of, workbook
from support.views import PER_PAGE, kind_asked

TABS = {
    "": gettext_lazy("To decide"),
    "on_notice": gettext_lazy("On public notice"),
    "decided": gettext_lazy("Decided"),
}


def _current(user):
    return Sheet.objects.current().visible_to(user).select_related("application__kind", "community")


@require_safe
def notices(request):
    """What stands on public notice today, as the poster says it."""
    rows = _current(request.user).on_notice_on(timezone.localdate()).order_by("community", "application")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may_print = request.user.has_perm("support.view_application")
    keys = ",".join(str(sheet.application_id) for sheet in page) if may_print else ""
    return render(request, "support/notices.html", {"page": page, "keys": keys})


@require_safe
def sheets(request):
    day, show = timezone.localdate(), request.GET.get("show", "")
    kinds = list(AidKind.objects.visible_to(request.user))
    kind = kind_asked(request, kinds)
    rows = _current(request.user)
    rows = {"on_notice": lambda: rows.on_notice_on(day), "decided": rows.decided}.get(
        show, lambda: rows.to_decide_on(day)
    )()
    if kind:
        rows = rows.filter(application__kind=kind)
    page = Paginator(rows.order_by("frozen_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    show = show if show in TABS else ""
    context = {"page": page, "show": show, "tabs": TABS, "kinds": kinds, "kind": kind}
    context["may_change_kinds"] = request.user.has_perm("support.change_aidkind")
    return render(request, "support/sheets.html", context)


def _find(request, pk, action="view"):
    rows = Sheet.objects.current().select_related("application__kind", "community")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def sheet(request, pk):
    found = _find(request, pk)
    log_read(request.user, found, page="support:sheet")
    return _sheet_page(request, found)


def _sheet_page(request, found, form=None):
    application = found.application
    objections = application.objections.all()
    bar = deciding.bar_to_decision(application) if application.is_running else ""
    may_decide = may_at(request.user, "decide", Sheet, found.community_id) and application.is_running
    context = {
        "sheet": found,
        "application": application,
        "bar": bar,
        "objections": len(objections),
        "settled": sum(one.answered_on is not None for one in objections),
        "form": (may_decide and not bar and (form or DecisionForm(initial={"granted": found.amount}))) or None,
        "may_decide": may_decide,
    }
    return render(request, "support/sheet.html", context)


def _is_approved(request):
    decision = request.POST.get("decision")
    if decision not in ("approve", "decline"):
        raise Refused(_("Choose whether to approve or to decline."))
    return decision == "approve"


@require_POST
def decide(request, pk):
    found = _find(request, pk, "decide")
    form = DecisionForm(request.POST)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(found)
        if form.is_valid():
            with refusals_shown(request):
                is_approved = _is_approved(request)
                deciding.decide(found, is_approved=is_approved, by=request.user, **form.cleaned_data)
                claim.result_url = found.get_absolute_url()
                said = _("Approved. The community can plan the payments.") if is_approved else _("Declined.")
                messages.success(request, said)
                return redirect(found)
        return _sheet_page(request, _find(request, pk), form)


@require_safe
def statement(request):
    """For a giver and a period: how many children, and what was planned, paid and received."""
    form = StatementForm(request.GET if "giver" in request.GET else None, user=request.user, initial=_this_year())
    made = None
    if form.is_bound and form.is_valid():
        made = statement_of(form.chosen(), form.cleaned_data["start"], form.cleaned_data["end"], request.user)
    context = {"form": form, "statement": made, "keys": ",".join(str(k.pk) for k in made.kinds) if made else ""}
    return render(request, "support/statement.html", context)


def _this_year():
    start, end = asked_days({})
    return {"start": start, "end": end}


@require_safe
def statement_workbook(request):
    form = StatementForm(request.GET, user=request.user)
    if not form.is_valid():
        raise NotVisible(AidKind, None)
    data = form.cleaned_data
    return workbook(statement_of(form.chosen(), data["start"], data["end"], request.user), by=request.user)
