"""The leading group of a community: who belongs to it, who answers for what, who is in the office, what each faces."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.models import LeadingGroupMember, OfficeDuty
from communities.places import chosen_body, may_at, sits_at
from records import measures
from records.acting import act_once
from records.measures import Period
from records.scoping import Scope
from records.text import clean_key

Duty, Group = LeadingGroupMember.Duty, LeadingGroupMember.Group


class RotaForm(forms.Form):
    """A member, or nobody, for each day of the week."""

    def __init__(self, *args, community, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        members = LeadingGroupMember.objects.on_day(today).filter(community=community).told_apart().defer("phone")
        names = {str(one.pk): one for one in members}
        now = dict(OfficeDuty.objects.filter(community=community).values_list("weekday", "member"))
        self.members = names
        for weekday, name in OfficeDuty.WEEKDAYS:
            self.fields[f"day{weekday}"] = forms.ChoiceField(
                label=name,
                choices=[("", gettext_lazy("nobody")), *((key, one.label) for key, one in names.items())],
                required=False,
                initial=now.get(weekday) or "",
                show_hidden_initial=True,  # what was drawn comes back, so that nobody overwrites a colleague unseen
            )

    @property
    def whose(self):
        """{weekday: member or None} of the days that were changed on the page."""
        changed = [day for day, _name in OfficeDuty.WEEKDAYS if f"day{day}" in self.changed_data]
        return {day: self.members.get(self.cleaned_data[f"day{day}"]) for day in changed}

    @property
    def seen(self):
        """{weekday: key of the member, or None} as the page was drawn."""
        drawn = {day: self.data.get(self.add_initial_prefix(f"day{day}")) for day, _name in OfficeDuty.WEEKDAYS}
        return {day: clean_key(key) for day, key in drawn.items()}


@require_safe
def group(request):
    place, places = chosen_body(request, LeadingGroupMember)
    return _page(request, place, places)


def _page(request, place, places, **bound):
    kind = Group.HOME if request.GET.get("group") == Group.HOME else Group.CARING
    today = timezone.localdate()
    everyone = LeadingGroupMember.objects.filter(community=place).defer("phone").select_related("account")
    members = list(everyone.on_day(today)) if place else []
    context = {
        "place": place,
        "places": places if len(places) > 1 else [],
        "kind": kind,
        "kinds": Group,
        "members": [one for one in members if one.group == kind],
        "gone": everyone.filter(group=kind, until__lt=today).order_by("-until", "pk") if place else [],
        "board": board(request.user, place, members, today) if place else [],
        "may_change": place is not None and sits_at(request.user, "change", LeadingGroupMember, place.pk),
        "rota": _rota(place, today) if place else [],
    }
    if place and sits_at(request.user, "change", OfficeDuty, place.pk):
        context["rota_form"] = RotaForm(community=place)
    return render(request, "leading_group/group.html", {**context, **bound})


def _rota(place, today):
    """[(weekday, its name, member or None)]; whose membership has ended is on duty no more."""
    rows = OfficeDuty.objects.filter(community=place).select_related("member").defer("member__phone")
    whose = {row.weekday: row.member for row in rows}
    lines = []
    for weekday, name in OfficeDuty.WEEKDAYS:
        member = whose.get(weekday)
        lines.append((name, member if member and member.is_member else None, weekday == today.isoweekday()))
    return lines


def board(user, place, members, today):
    """[(responsibility, who answers for it, [(measure, number)])]: what `user` would also see on the first page."""
    scope, period = Scope.of(place.pk), Period(Period.quarter_of(today).start, today)
    lines: dict[str, list] = {duty: [] for duty in Duty}
    for one in measures.all_measures():
        shown = not one.guarded or may_at(user, "view", one.model, place.pk)
        if one.belongs_to and shown and (not one.needs or user.has_perm(one.needs)):
            lines[Duty(one.belongs_to)].append((one, one.count(scope, period)))
    return [(duty, [one for one in members if duty in one.duties], lines[duty]) for duty in Duty]


@require_POST
def rota(request):
    place, places = chosen_body(request, OfficeDuty)
    if place is None or not sits_at(request.user, "change", OfficeDuty, place.pk):
        raise Http404
    form = RotaForm(request.POST, community=place)

    def do(_data):
        OfficeDuty.keep(place, form.whose, seen=form.seen, by=request.user)

    address = f"{reverse('leading_group:group')}?community={place.pk}#rota"
    again = lambda: _page(request, place, places, rota_form=form)  # noqa: E731
    return act_once(request, do, to=address, said=_("The duty rota is saved."), form=form, again=again)
