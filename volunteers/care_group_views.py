"""Staff keep the advice-and-care group of a community: its members and the children each has an eye on."""

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from children.models import Child
from communities.models import Posting, User
from communities.places import chosen_community, may_at
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.trail import log_read
from volunteers.models import CareGroup, GroupChild, GroupMember, Pairing, Volunteer


class MemberForm(forms.Form):
    volunteer = forms.ModelChoiceField(label=gettext_lazy("A helper"), queryset=None, required=False)
    user = forms.ModelChoiceField(label=gettext_lazy("or a colleague"), queryset=None, required=False)
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=GroupMember.Role)

    def __init__(self, *args, group, asker, **kwargs):
        super().__init__(*args, **kwargs)
        here = group.members.filter(left_on=None)
        helpers = Volunteer.objects.visible_to(asker).filter(community=group.community_id, left_on=None)
        self.fields["volunteer"].queryset = helpers.exclude(
            pk__in=here.exclude(volunteer=None).values("volunteer")
        ).defer("phone", "id_number")
        posted = Posting.objects.in_force_on(timezone.localdate()).filter(
            division=group.community_id, role="community_worker"
        )
        colleagues = User.objects.filter(pk__in=posted.values("user"), is_active=True).order_by("name", "pk")
        self.fields["user"].queryset = colleagues.exclude(pk__in=here.exclude(user=None).values("user"))
        for name in ("volunteer", "user"):
            self.fields[name].label_from_instance = lambda person: person.name

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("volunteer")) == bool(data.get("user")):
            self.add_error("volunteer", _("Choose a helper or a colleague, one of the two."))
        return data


class ChildForm(forms.Form):
    child = forms.ModelChoiceField(label=gettext_lazy("Child"), queryset=None)
    member = forms.ModelChoiceField(label=gettext_lazy("Who has an eye on it"), queryset=None)

    def __init__(self, *args, group, asker, **kwargs):
        super().__init__(*args, **kwargs)
        children = Child.objects.visible_to(asker).filter(community=group.community_id, left_on=None)
        self.fields["child"].queryset = children.only("name", "number").order_by("name_pinyin", "pk")
        self.fields["child"].label_from_instance = lambda child: f"{child.name} · {child.number}"
        members = group.members.current().exclude(pk__in=group.members.gone_on(timezone.localdate()).values("pk"))
        members = members.select_related("volunteer", "user")
        self.fields["member"].queryset = members.defer("volunteer__phone", "volunteer__id_number")
        self.fields["member"].label_from_instance = lambda member: member.name


@require_safe
def care_group(request):
    place, places = chosen_community(request, CareGroup)
    group = CareGroup.objects.visible_to(request.user).filter(community=place).first() if place else None
    return _page(request, place, places, group)


def _page(request, place, places, group, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    may_change = place is not None and may_at(request.user, "change", CareGroup, place.pk)
    context = {"place": place, "places": places if len(places) > 1 else [], "group": group, "may_change": may_change}
    context["may_propose"] = place is not None and may_at(request.user, "add", Pairing, place.pk)
    if group is not None:
        context |= {"members": (members := _members(request.user, group))}
        log_read(request.user, [line.child for _one, lines in members for line in lines], page="pairings:care_group")
    if group is not None and may_change:
        asked = {"group": group, "asker": request.user}
        context |= {"member_form": MemberForm(**asked), "child_form": ChildForm(**asked)}
    return render(request, "pairings/care_group.html", {**context, **bound})


def _members(user, group):
    """Each member of today, and whether they have gone since, with the lines of the children, as far as the person may
    see them."""
    gone = group.members.gone_on(timezone.localdate()).values("pk")
    members = group.members.current().annotate(has_gone=Q(pk__in=gone)).select_related("volunteer", "user")
    accompanied = Pairing.objects.filter(
        child=OuterRef("child"), volunteer=OuterRef("member__volunteer"), status__in=Pairing.HOLDING
    )
    lines = GroupChild.objects.visible_to(user).current().filter(group=group).annotate(is_paired=Exists(accompanied))
    found: dict = {}
    for line in lines.select_related("child").defer("child__id_number").order_by("child__name_pinyin", "pk"):
        found.setdefault(line.member_id, []).append(line)
    return [(one, found.get(one.pk, [])) for one in members.defer("volunteer__phone", "volunteer__id_number")]


def _address(group):
    return reverse("pairings:care_group") + f"?community={group.community_id}"


@require_POST
def set_up(request):
    place, _places = chosen_community(request, CareGroup)
    if place is None or not may_at(request.user, "add", CareGroup, place.pk):
        raise Http404
    group = CareGroup.set_up(place, by=request.user)
    return redirect(_address(group))


def _added(request, group, form, name, act, said):
    def again():
        _place, places = chosen_community(request, CareGroup)
        return _page(request, group.community, places, group, **{name: form})

    do = lambda data: act(**data, by=request.user)  # noqa: E731
    return act_once(request, do, to=_address(group), said=said, form=form, again=again)


def _find_group(request, pk):
    return visible_or_404(CareGroup.objects.select_related("community"), request.user, "change", pk=pk)


@require_POST
def take_in(request, pk):
    group = _find_group(request, pk)
    form = MemberForm(request.POST, group=group, asker=request.user)
    return _added(request, group, form, "member_form", group.take_in, _("The group has a new member."))


@require_POST
def assign(request, pk):
    group = _find_group(request, pk)
    form = ChildForm(request.POST, group=group, asker=request.user)
    return _added(request, group, form, "child_form", group.assign, _("The member has an eye on the child from today."))


@require_POST
def let_go(request, pk):
    member = visible_or_404(GroupMember.objects.select_related("group"), request.user, "change", pk=pk)
    with refusals_shown(request):
        member.let_go(by=request.user)
        messages.success(request, _("The membership has ended."))
    return redirect(_address(member.group))


@require_POST
def let_child_go(request, pk):
    line = visible_or_404(GroupChild.objects.select_related("group"), request.user, "change", pk=pk)
    with refusals_shown(request):
        line.end(by=request.user)
        messages.success(request, _("Nobody of the group has an eye on the child any more."))
    return redirect(_address(line.group))
