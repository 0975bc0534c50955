"""The district's rule: when reports are due and which change of a figure must be explained."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Division
from records.acting import act_once
from records.measures import Period
from records.scoping import Scope
from reports.forms import ReportRuleForm
from reports.models import ReportRule

QUARTERS_AHEAD = 4


def rule(request):
    """The rules so far, and a form for the next one."""
    scope = Scope.of(*request.user.codes_for(ReportRule, "add"))
    districts = list(Division.objects.within(scope).filter(level="district"))
    named = request.POST.get("district")
    district = next(
        (one for one in districts if one.pk == named), None if named else districts[0] if districts else None
    )
    quarters = _quarters_ahead()
    held = ReportRule.at(district.pk, quarters[0]) if district else None
    fresh = ReportRule(district=district)
    initial = {name: getattr(held, name) for name in ReportRule.NUMBERS} if held else {}
    form = ReportRuleForm(request.POST or None, instance=fresh, initial=initial, quarters=quarters)
    rules = ReportRule.objects.visible_to(request.user).select_related("district", "set_by")

    def draw():
        context = {"form": form, "rules": rules, "district": district, "held": held}
        return render(request, "reports/rule.html", context, status=422 if form.is_bound else 200)

    if request.method != "POST" or district is None:
        return draw()
    return act_once(
        request,
        lambda said: form.instance.set(by=request.user),
        to=reverse("reports:rule"),
        said=_("The rule is set."),
        form=form,
        again=draw,
    )


def _quarters_ahead():
    found = [Period.quarter_of(timezone.localdate())]
    while len(found) < QUARTERS_AHEAD:
        found.append(Period.quarter_of(found[-1].end + dt.timedelta(days=1)))
    return found
