"""A meeting of a children's group: which of its children came, also noted afterwards."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.group_forms import WhoCameForm
from activities.models import GroupMeeting, MeetingAttendance
from records.acting import act_once
from records.policy import visible_or_404
from records.trail import log_read

SHOWN = GroupMeeting.objects.with_figures().select_related("group")


@require_safe
def meeting(request, pk):
    return _page(request, visible_or_404(SHOWN, request.user, pk=pk))


def _page(request, shown, form=None):
    """`form`: one that came back as it was typed."""
    rows = MeetingAttendance.objects.visible_to(request.user).came().filter(meeting=shown, child__in=shown.roll())
    rows = rows.select_related("child").defer("child__id_number", "child__name_grams")
    came = [row.child for row in rows.order_by("child__name_pinyin", "child")]
    context = {"meeting": shown, "group": shown.group, "came": came, "others": shown.present - len(came)}
    read = {child.pk: child for child in came}
    may_change = GroupMeeting.objects.visible_to(request.user, "change").filter(pk=shown.pk).exists()
    if may_change and shown.group.is_standing:
        context["form"] = form or _form(shown)
        read |= {child.pk: child for child in context["form"].fields["came"].queryset}
    log_read(request.user, read.values(), page="activities:meeting")
    return render(request, "activities/meeting.html", context)


def _form(shown, data=None):
    children = shown.roll().only("name", "number", "community")
    return WhoCameForm(data, children=children, meeting=shown)


@require_POST
def meeting_came(request, pk):
    found = visible_or_404(SHOWN, request.user, "change", pk=pk)
    form = _form(found, request.POST)

    def do(data):
        found.note_who_came(data["came"], others=data["others"], by=request.user)

    again = lambda: _page(request, found, form)  # noqa: E731
    return act_once(request, do, to=found, said=_("Saved."), form=form, again=again)
