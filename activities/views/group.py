"""Neighbourhood children's groups: who belongs to one, who leads it, when it met, and who could join."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.group_forms import GroupForm, MeetingForm, NewGroupForm
from activities.models import ChildrenGroup, GroupMeeting, GroupPlace
from children.models import Child
from communities.places import chosen_community, communities_of
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.staff_filters import clean_search
from records.text import clean_key
from records.trail import log_act, log_read

ON_A_PAGE = 50
SUGGESTED_AT_MOST = 30
MEETINGS_SHOWN = 20
SHOWN = ChildrenGroup.objects.select_related("community", "helper").defer("helper__phone", "helper__id_number")


@require_safe
def groups(request):
    places = communities_of(request.user, ChildrenGroup)
    place, _places = chosen_community(request, ChildrenGroup)
    rows = ChildrenGroup.objects.visible_to(request.user).filter(community=place).standing().with_figures()
    rows = rows.select_related("helper").defer("helper__phone", "helper__id_number").order_by("grid", "name", "pk")
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "place": place,
        "places": places if len(places) > 1 else [],
        "may_add": request.user.has_perm("activities.add_childrengroup"),
    }
    return render(request, "activities/groups.html", context)


def group_new(request):
    form = NewGroupForm(request.POST or None, by=request.user)
    again = lambda: render(request, "activities/group_form.html", {"form": form})  # noqa: E731
    if request.method != "POST":
        return again()

    def do(_data):
        log_act(request.user, "founded", form.save())

    return act_once(request, do, to="activities:groups", said=_("The group is founded."), form=form, again=again)


@require_safe
def group(request, pk):
    return _page(request, visible_or_404(SHOWN, request.user, pk=pk))


def _page(request, shown, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    may_change = ChildrenGroup.objects.visible_to(request.user, "change").filter(pk=shown.pk).exists()
    places = GroupPlace.objects.visible_to(request.user).filter(group=shown).select_related("child")
    places = places.defer("child__id_number", "child__name_grams")
    context = {
        "group": shown,
        "members": places.current().order_by("-is_leader", "child__name_pinyin", "pk"),
        "gone": places.exclude(left_on=None).order_by("-left_on", "pk"),
        "meetings": GroupMeeting.objects.visible_to(request.user).filter(group=shown).with_figures()[:MEETINGS_SHOWN],
        "may_change": may_change and shown.is_standing,
    }
    if context["may_change"]:
        text = clean_search(request.GET.get("q", ""))
        context |= {"suggested": suggested(shown, request.user, text), "text": text}
        context["meeting_form"] = MeetingForm(children=_members(shown))
    named = [place.child for place in (*context["members"], *context["gone"])]
    log_read(request.user, [*named, *context.get("suggested", [])], page="activities:group")
    return render(request, "activities/group.html", {**context, **bound})


def _members(group):
    """The children who are in the group now."""
    rows = Child.objects.filter(community=group.community_id, group_places__in=group.places.current())
    return rows.only("name", "number", "community").order_by("name_pinyin", "pk")


def suggested(shown, user, text):
    """Children in no group: of that building or grid, or of the whole community where a name was typed."""
    rows = Child.objects.visible_to(user).filter(community=shown.community_id, left_on=None)
    rows = rows.exclude(group_places__in=GroupPlace.objects.current())
    if text:
        rows = rows.search(text)  # by no ID number: what is typed stands in the address
    else:
        rows = rows.filter(household__grid__iexact=shown.grid)
    return rows.only("name", "number", "community").order_by("name_pinyin", "pk")[:SUGGESTED_AT_MOST]


def _found(request, pk):
    return visible_or_404(SHOWN, request.user, "change", pk=pk)


def group_change(request, pk):
    changed = _found(request, pk)
    if not changed.is_standing:
        messages.error(request, _("This group is dissolved."))
        return redirect(changed)
    form = GroupForm(request.POST or None, instance=changed, by=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            log_act(request.user, "changed", changed, fields=[n for n in form.changed_data if n != "seen_version"])
        messages.success(request, _("Saved."))
        return redirect(changed)
    return render(request, "activities/group_form.html", {"form": form, "group": changed})


@require_POST
def group_take_in(request, pk):
    found = _found(request, pk)
    keys = [key for text in request.POST.getlist("child") if (key := clean_key(text))]
    children = Child.objects.visible_to(request.user).filter(pk__in=keys)

    def do(_data):
        found.take_in(children, by=request.user)

    return act_once(request, do, to=found, said=_("The chosen children are in the group."))


@require_POST
def group_let_go(request, pk):
    place = visible_or_404(GroupPlace.objects.select_related("group", "child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        place.leave(by=request.user)
        messages.success(request, _("%(name)s has left the group.") % {"name": place.child.name})
    return redirect(place.group)


@require_POST
def group_lead(request, pk):
    place = visible_or_404(GroupPlace.objects.select_related("group", "child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        place.group.be_led_by(place, by=request.user)
        messages.success(request, _("%(name)s leads the group.") % {"name": place.child.name})
    return redirect(place.group)


@require_POST
def group_meeting(request, pk):
    found = _found(request, pk)
    form = MeetingForm(request.POST, children=_members(found))

    def do(data):
        found.note_meeting(**data, by=request.user)

    again = lambda: _page(request, found, meeting_form=form)  # noqa: E731
    return act_once(request, do, to=found, said=_("The meeting is noted."), form=form, again=again)


@require_POST
def group_dissolve(request, pk):
    found = _found(request, pk)
    with refusals_shown(request):
        found.dissolve(by=request.user)
        messages.success(request, _("The group is dissolved; what it did stays on record."))
    return redirect(found)
