"""The visits of a year planned on one page: a line for each Home not yet visited, the neediest first."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from communities.models import ClosedDay
from homes.comparing import BY_NEED, COLUMNS, Line, compared
from homes.models import Evaluation, EvaluationYear, Home
from homes.planned import streets_of
from homes.visiting import Visit, Waiting, inspectors_of, plan, spread
from records import once
from records.days import DayField
from records.policy import visible_or_404
from records.scoping import Scope
from records.text import clean_key

LINES_AT_MOST = 200
LONGEST_SPREAD = dt.timedelta(days=366)
SENT = re.compile(r"v(\d{1,18})-seen")


class VisitLineForm(forms.Form):
    """Day and person of one Home's visit. It carries what it was drawn with: what nobody touched asks for nothing."""

    use_required_attribute = False
    visit_on = DayField(required=False, years_around=2)
    inspector = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, *args, evaluation, home, people, **kwargs):
        near = {user.pk: user.name for user, scope in people.items() if evaluation.community_id in scope}
        goes = evaluation.inspector_id if evaluation.inspector_id in near else None  # who left is in no choice
        initial = {"visit_on": evaluation.visit_on, "inspector": goes}
        super().__init__(*args, prefix=f"v{evaluation.pk}", initial=initial, **kwargs)
        self.evaluation = evaluation
        day, who = pgettext_lazy("of an inspection", "Day of the visit"), _("Who inspects?")
        self.fields["visit_on"].label, self.fields["inspector"].label = f"{day} {home}", f"{who} {home}"
        self.fields["inspector"].choices = [("", "—"), *near.items()]
        for field in self.fields.values():
            field.asked_later = field.show_hidden_initial = True

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.is_touched and not (cleaned["visit_on"] and cleaned["inspector"]):
            self.add_error(
                "visit_on" if cleaned["inspector"] else "inspector", gettext("Give the day and who inspects.")
            )
        return cleaned

    @property
    def wanted(self):
        return self.cleaned_data.get("visit_on"), self.cleaned_data.get("inspector")

    @property
    def is_touched(self):
        return self.has_changed() and self.wanted != (self.evaluation.visit_on, self.evaluation.inspector_id)

    @property
    def is_empty(self):
        """Whether nothing is typed here: such a line may be filled in."""
        return not (self["visit_on"].value() or self["inspector"].value())


class SpreadForm(forms.Form):
    """The days and people over which the lines without a visit are spread."""

    use_required_attribute = False
    first = DayField(label=_("Visits from"), years_around=2)
    last = DayField(label=_("Visits until"), years_around=2)
    a_day = forms.IntegerField(label=_("Homes a day for each person"), min_value=1, max_value=10, initial=2)
    people = forms.TypedMultipleChoiceField(
        label=_("Who goes?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Tick somebody.")},
    )

    def __init__(self, *args, year, people, **kwargs):
        today = timezone.localdate()
        first = max(today, year.inspect_from)
        initial = {"first": first, "last": max(first, year.inspect_until), "people": [user.pk for user in people]}
        super().__init__(*args, prefix="spread", initial=initial, **kwargs)
        self.fields["people"].choices = [(user.pk, user.name) for user in people]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not dt.timedelta(0) <= cleaned["last"] - cleaned["first"] <= LONGEST_SPREAD:
            self.add_error("last", gettext("Give a last day within a year after the first."))
        return cleaned


@dataclass
class PlanLine:
    """One Home of the page: how needy it is, how its visit stands, the form in which it is planned."""

    home: Line
    evaluation: Evaluation
    form: VisitLineForm
    seen: int | None  # the version of the evaluation that whoever sends the page has read


class VisitPlan:
    """The lines of one page. `sent`: what was typed; then the lines are those that were on the page."""

    def __init__(self, user, year, street=None, sent=None):
        self.user, self.year, self.street, self.sent = user, year, street, sent
        rows = Evaluation.objects.visible_to(user, "change").filter(year=year)
        self.rows = rows.within(Scope.of(street.pk)) if street else rows
        self.waiting = self.rows.to_visit()

    @cached_property
    def people(self):
        """{account: the `Scope` in which it inspects}"""
        return inspectors_of(self.year.district_id)

    @cached_property
    def lines(self):
        """The lines, the neediest Home first; at most so many."""
        shown = self.waiting if self.sent is None else self.rows.filter(pk__in=_keys_sent(self.sent))
        found = compared(Home.objects.filter(pk__in=shown.values("home")), timezone.localdate())
        homes = [Line(*facts) for facts in found.order_by(*BY_NEED).values_list(*COLUMNS)[:LINES_AT_MOST]]
        rows = shown.filter(home__in=[home.pk for home in homes]).select_related("year", "inspector")
        by_home = {evaluation.home_id: evaluation for evaluation in rows}
        return [self._line(home, by_home[home.pk]) for home in homes if home.pk in by_home]

    def _line(self, home, evaluation):
        form, seen = self._form(evaluation, home, self.sent), evaluation.version
        if self.sent is not None:
            seen = clean_key(self.sent.get(f"{form.prefix}-seen"))
        return PlanLine(home, evaluation, form, seen)

    def _form(self, evaluation, home, sent):
        return VisitLineForm(sent, evaluation=evaluation, home=home.name, people=self.people)

    def keep(self):
        """Plan what was typed and is right; gives how many were planned. Lines that were wrong keep what was typed."""
        touched = [line for line in self.lines if not line.form.is_valid() or line.form.is_touched]
        right, accounts = {}, {user.pk: user for user in self.people}
        for line in touched:
            if line.form.is_valid():
                day, person = line.form.wanted
                right[line.evaluation.pk] = Visit(line.evaluation.pk, day, accounts[person], line.seen)
        refused = plan(list(right.values()), by=self.user)
        rows = Evaluation.objects.select_related("year", "inspector")
        stored = rows.in_bulk([line.evaluation.pk for line in touched])
        for line in touched:
            key = line.evaluation.pk
            line.evaluation = stored[key]
            line.seen = line.evaluation.version  # how it stands now is said beside it: sent again, it is meant
            if key in refused:
                line.form.add_error("visit_on", refused[key])
            elif key in right:
                line.form = self._form(stored[key], line.home, None)
        return len(right) - len(refused)

    @property
    def is_short(self):
        """Whether a line that was on the page is none any more: a Home that closed, or left the year."""
        return len(self.lines) < len(set(_keys_sent(self.sent)))

    @property
    def wrong(self):
        return [line for line in self.lines if line.form.is_bound and line.form.errors]

    def fill_in(self, days, chosen, a_day):
        """Give each line on which nothing is typed a day and a person; gives (how many got one, how many did not)."""
        typed = [line.form.wanted for line in self.lines if line.form.is_valid() and all(line.form.wanted)]
        here = [line.evaluation.pk for line in self.lines]
        beside = Evaluation.objects.filter(year=self.year, inspector__in=chosen).planned().exclude(pk__in=here)
        taken: dict[tuple, int] = {}
        for visit in [*typed, *beside.values_list("visit_on", "inspector")]:
            taken[visit] = taken.get(visit, 0) + 1
        empty = [line for line in self.lines if line.form.is_empty and line.evaluation.visit_on is None]
        waiting = [_waiting(line.evaluation) for line in empty]
        reach = {user.pk: scope for user, scope in self.people.items() if user.pk in chosen}
        found = spread(waiting, days, reach, a_day=a_day, taken=taken)
        filled = self.sent.copy()
        for key, (day, person) in found.items():
            filled[f"v{key}-visit_on"], filled[f"v{key}-inspector"] = day.isoformat(), str(person)
        for line in empty:
            line.form = self._form(line.evaluation, line.home, filled)
        return len(found), len(empty) - len(found)


def _waiting(evaluation):
    """A Home that has until a day to put things right is looked at again from that day on."""
    first, last = evaluation.days_to_visit()
    first = max(first, evaluation.due_on or first)
    return Waiting(evaluation.pk, evaluation.community_id, first, last)


def _keys_sent(sent):
    return [int(found[1]) for name in sent if (found := SENT.fullmatch(name))][:LINES_AT_MOST]


@require_http_methods(["GET", "HEAD", "POST"])
def visits(request, pk):
    """Plan the visits of a street or of the whole district in one act: good lines go in, wrong ones come back."""
    rows = EvaluationYear.objects.select_related("district")
    year = visible_or_404(rows, request.user, "change", pk=pk)
    streets = list(streets_of(request.user).within(Scope.of(year.district_id)))
    street = next((one for one in streets if one.pk == request.GET.get("street")), None)
    asked = VisitPlan(request.user, year, street, request.POST if request.method == "POST" else None)
    form = SpreadForm(request.POST if "fill" in request.POST else None, year=year, people=asked.people)

    def page():
        context = {
            "year": year,
            "lines": asked.lines,
            "form": form,
            "streets": streets,
            "street": street,
            "number": asked.waiting.count(),
            "most": LINES_AT_MOST,
        }
        return render(request, "homes/evaluation_visits.html", context)

    if request.method != "POST":
        return page()
    if "fill" in request.POST:
        if form.is_valid():
            _fill_in(request, asked, form.cleaned_data)
        return page()
    return _keep(request, asked, page)


def _fill_in(request, asked, typed):
    days = ClosedDay.working_days(asked.year.district_id, typed["first"], typed["last"])
    filled, left = asked.fill_in(days, typed["people"], typed["a_day"])
    said = ngettext("%(n)s line is filled in.", "%(n)s lines are filled in.", filled) % {"n": filled}
    then = gettext("Look through them, then plan the visits: nothing is kept yet.")
    messages.info(request, f"{said} {then}")
    if left:
        said = ngettext("For %(n)s Home there was no room.", "For %(n)s Homes there was no room.", left) % {"n": left}
        messages.warning(request, said)


def _keep(request, asked, page):
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if not claim.missing:
            planned = asked.keep()
            said = ngettext("%(n)s visit is planned.", "%(n)s visits are planned.", planned) % {"n": planned}
            if planned or not asked.wrong:
                messages.success(request, said)
            if asked.is_short:
                messages.warning(request, gettext("Homes that closed meanwhile are no longer on the page."))
            if not asked.wrong:
                query = {"street": asked.street.pk} if asked.street else None
                claim.result_url = reverse("evaluations:year", args=[asked.year.pk], query=query)
                return redirect(claim.result_url)
            left = len(asked.wrong)
            said = ngettext("%(n)s line needs another look.", "%(n)s lines need another look.", left) % {"n": left}
            messages.error(request, said)
    return page()
