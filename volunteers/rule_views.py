"""The rules of the five ones of a district: a table to read, and a form for one kind of pairing."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from communities.models import Division
from records import once
from records.lifecycle import refusals_shown
from records.scoping import DISTRICT_DIGITS, Scope
from volunteers import duty_rules
from volunteers.kinds import DutyKind, HelperKind, Proof
from volunteers.models import DutyRule
from volunteers.models.duty_rule import Owed

NUMBERS = {
    "times": (gettext_lazy("Times a term"), 20),
    "opens_after": (gettext_lazy("Opens so many days after the term begins"), duty_rules.LONGEST_WINDOW),
    "due_before": (gettext_lazy("Due so many days before the term ends"), duty_rules.LONGEST_WINDOW),
}


def _rule_fields():
    fields = {}
    for kind in DutyKind.values:
        for name, (label, most) in NUMBERS.items():
            fields[f"{kind}_{name}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=most,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        fields[f"{kind}_evidence"] = forms.ChoiceField(label=gettext_lazy("Evidence"), choices=Proof)
    return fields


class RulesForm(type("RuleFields", (forms.Form,), _rule_fields())):
    from_day = forms.TypedChoiceField(label=gettext_lazy("From which term on?"), coerce=dt.date.fromisoformat)

    def __init__(self, *args, terms, holding, **kwargs):
        initial = {}
        for kind in DutyKind.values:
            owed = holding.owed.get(kind, Owed(kind, times=0))
            initial |= {f"{kind}_{name}": getattr(owed, name) for name in (*NUMBERS, "evidence")}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["from_day"].choices = [(day.isoformat(), words) for day, words in terms]

    @property
    def rows(self):
        """(duty, its fields) for the page."""
        names = [*NUMBERS, "evidence"]
        return [(kind.label, [self[f"{kind.value}_{name}"] for name in names]) for kind in DutyKind]

    @property
    def owed(self):
        """What is asked at least once a term."""
        data = self.cleaned_data
        facts = {kind: {name: data[f"{kind}_{name}"] for name in (*NUMBERS, "evidence")} for kind in DutyKind.values}
        return [Owed(kind, **one) for kind, one in facts.items() if one["times"]]


def _districts(user, action):
    """The districts whose rules `user` may read or set: a community's director reads those of its district."""
    codes = {code[:DISTRICT_DIGITS] for code in user.codes_for(DutyRule, action)}
    reach = Q(pk__in=())
    for code in codes:
        reach |= Q(pk__startswith=code)
    return list(Division.objects.filter(reach, level="district").order_by("pk"))


def _chosen(request, districts):
    asked = request.GET.get("district")
    found = [one for one in districts if one.pk == asked] or (districts if not asked else [])
    if not found:
        raise Http404
    return found[0]


@require_safe
def rules(request):
    districts = _districts(request.user, "view")
    district = _chosen(request, districts)
    context = {
        "district": district,
        "districts": districts if len(districts) > 1 else [],
        "five": DutyKind.labels,
        "lines": duty_rules.table(district),
        "term": duty_rules.running_term(district),
        "may_set": _may_set(request.user, district),
    }
    return render(request, "volunteers/rules.html", context)


def _may_set(user, district):
    return user.has_perm("volunteers.add_dutyrule") and district.pk in Scope.of(*user.codes_for(DutyRule, "add"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, kind):
    """One kind of pairing, all five at once, from a coming term on."""
    district = _chosen(request, _districts(request.user, "add"))
    if kind not in HelperKind.values or not _may_set(request.user, district):
        raise Http404
    terms = duty_rules.coming_terms(district)
    first_day = terms[0][0]
    holding = duty_rules.holding_on(district, kind, first_day)
    begin = {"from_day": first_day.isoformat()}
    form = RulesForm(request.POST or None, terms=terms, holding=holding, initial=begin)
    back = f"{reverse('duty_rules:rules')}?district={district.pk}"
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if form.is_valid() and not claim.missing:
                with refusals_shown(request):
                    facts = {"from_day": form.cleaned_data["from_day"], "owed": form.owed}
                    duty_rules.set_rules(district, kind, **facts, by=request.user)
                    claim.result_url = back
            if claim.result_url and not claim.repeated:
                messages.success(request, _("The rules are set. Terms that have begun keep theirs."))
                return redirect(back)
    words = HelperKind(kind).label
    return render(
        request, "volunteers/rules_edit.html", {"form": form, "kind": words, "district": district, "back": back}
    )
