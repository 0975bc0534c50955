"""What the pages of a community's and of a street's report have in common."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.places import may_at
from records.acting import act_once
from records.drafts import Draft
from records.lifecycle import refusals_shown
from records.trail import log_act
from reports import checking
from reports import quarters as q
from reports.forms import DecisionForm
from reports.models import QuarterlyReport

ROWS_OF_A_FAULT = 20


@dataclass(frozen=True)
class Kind:
    """One kind of report: its model, its form of texts, its routes and the words about its way."""

    model: Any
    form: Any
    level: str  # of the division that reports
    routes: str  # what its routes' names begin with
    template: str
    submitted: Any
    accepted: Any
    returned: Any

    def url(self, act, found):
        return reverse(f"reports:{self.routes}_{act}" if self.routes else f"reports:{act}", args=[found.pk])

    def draft_key(self, found):
        return f"{self.routes}report-{found.pk}"

    def may(self, user, action, found):
        return may_at(user, action, self.model, found.place.pk)


@dataclass(frozen=True)
class Row:
    """A line of the table as it is shown: with what changed, what was said about it, and fields to say more."""

    line: Any
    change: Any
    why: str = ""
    remark: dict | None = None
    why_field: Any = None
    remark_field: Any = None


def sees_figures(user, found):
    """Whether `user` reads every figure: whoever may read the communities' reports. Others read what is published."""
    return may_at(user, "view", QuarterlyReport, found.place.pk)


def texts_form(kind, request, found, changes):
    """What was sent; else what a draft kept; else what is stored."""
    jumps = [change for change in changes.values() if change.is_jump]
    if request.method == "POST":
        return kind.form(request.POST, instance=found, jumps=jumps)
    form = kind.form(instance=found, jumps=jumps)
    draft = Draft.find(request.user, kind.draft_key(found)) or {}
    form.initial |= {name: draft[name] for name in form.fields if name in draft and name != "seen_version"}
    return form


def context(kind, request, found, form=None, decision=None):
    """What the page of one report shows to whoever reads all its figures."""
    table = found.in_force()
    last, year_ago = found.last(), found.earlier(q.year_before(found.period))
    changes = found.compared(table, last, year_ago)
    may_write = found.is_open and kind.may(request.user, "add", found)
    if may_write and form is None:
        form = texts_form(kind, request, found, changes)
    may_decide = found.status == found.Status.SUBMITTED and kind.may(request.user, "decide", found)
    may_decide = may_decide and request.user.pk != found.submitted_by_id
    if may_decide and decision is None:
        decision = decision_form(found, table)
    whys = form.jump_fields() if form else {}
    remarks = decision.remark_fields() if decision else {}
    sections = [
        (title, [_row(found, line, changes[line.measure.key], whys, remarks) for line in lines])
        for title, lines in table.sections
    ]
    rows = [row for _title, rows in sections for row in rows]
    over = found.period.end < timezone.localdate()
    return {
        "report": found,
        "kind": kind,
        "sections": sections,
        "jumps": [row for row in rows if row.change.is_jump or row.why],
        "remarked": [row for row in rows if row.remark],
        "faults": _faults(request.user, found, table) if found.is_open else [],
        "last": last,
        "year_ago": year_ago,
        "form": form if may_write else None,
        "draft_url": reverse("records:draft", args=[kind.draft_key(found)]),
        "may_submit": may_write and over,
        "over": over,
        "decision": decision if may_decide else None,
        "amendments": amendments(request.user, kind, found),
        "may_amend": found.status == found.Status.ACCEPTED and kind.may(request.user, "add", found),
        "urls": {act: kind.url(act, found) for act in ("submit", "decide", "workbook", "amend")},
        "written": q.written(found.period),
    }


def _row(found, line, change, whys, remarks):
    key = line.measure.key
    return Row(
        line,
        change,
        why=found.explanations.get(key, ""),
        remark=found.figure_remarks.get(key),
        why_field=whys.get(key),
        remark_field=remarks.get(key),
    )


def _faults(user, found, table):
    """[(fault, the rows to blame that the person may see)]"""
    shown = []
    for fault in checking.faults(table):
        rows = fault.rows(found.scope(), found.period).visible_to(user) if fault.rows else []
        shown.append((fault, rows[:ROWS_OF_A_FAULT]))
    return shown


def amendments(user, kind, found):
    """[(amendment, whether the person may decide on it)], the newest first."""
    may = kind.may(user, "decide", found)
    rows = found.amendments.select_related("proposed_by", "decided_by").order_by("-number")
    return [(one, may and one.status == one.Status.PROPOSED and one.proposed_by_id != user.pk) for one in rows]


def decision_form(found, table, data=None):
    measures = [line.measure for line in table.lines()]
    return DecisionForm(data, initial={"seen": found.version}, measures=measures)


def page(kind, request, found):
    """The report with its figures; while it is open, the texts can be written by who may."""
    may_write = found.is_open and kind.may(request.user, "add", found)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        form = texts_form(kind, request, found, found.changes())
        if form.is_valid():
            save_texts(kind, request, form)
            messages.success(request, _("Saved."))
            return redirect(found)
        return render(request, kind.template, context(kind, request, found, form))
    return render(request, kind.template, context(kind, request, found))


def save_texts(kind, request, form):
    report = form.save()
    if changed := [name for name in form.changed_data if name != "seen_version"]:
        log_act(request.user, "changed", report, fields=changed)
    Draft.drop(request.user, kind.draft_key(report))


def submit(kind, request, found):
    """Save the texts as typed, then freeze and submit."""
    if found.is_open and "done" in request.POST:
        form = texts_form(kind, request, found, found.changes())
        if not form.is_valid():
            return render(request, kind.template, context(kind, request, found, form), status=422)
        save_texts(kind, request, form)
    with refusals_shown(request):
        found.submit(by=request.user)
        messages.success(request, kind.submitted)
    return redirect(found)


def decide(kind, request, found, again=None):
    """Accept or return. `again(form)` draws the page anew; else the page with all figures is drawn."""
    table = found.in_force()
    form = decision_form(found, table, request.POST)
    accepts = request.POST.get("decision") == "accept"

    def act(said):
        seen = {"remark": said["remark"], "seen": said["seen"], "by": request.user}
        if accepts:
            found.accept(**seen)
        else:
            found.give_back(on_figures=form.on_figures(), **seen)

    def draw():
        found.refresh_from_db()
        if again:
            return again(form)
        return render(request, kind.template, context(kind, request, found, decision=form), status=422)

    said = kind.accepted if accepts else kind.returned
    return act_once(request, act, to=found.get_absolute_url(), said=said, form=form, again=draw)
