"""Handouts of an activity: kept with it, shown, printed, and there for the helpers who lead or help."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from activities.models import Activity, HandoutSheet
from activities.portal import concerned
from communities.places import may_at
from records.acting import act_once
from records.attachments import attachment_response, owner_attachment_url
from records.policy import NotVisible, visible_or_404
from records.text import CleanCharField, CleanTextField
from records.trail import log_read
from records.versions import VersionedFormMixin
from volunteers.standing import volunteer_required


class HandoutForm(VersionedFormMixin):
    title = CleanCharField(label=gettext_lazy("Title"), max_length=100)
    text = CleanTextField(
        label=pgettext_lazy("handout", "What it says"),
        max_length=6000,
        required=False,
        widget=forms.Textarea({"rows": 12}),
    )
    uploaded = forms.FileField(
        label=gettext_lazy("Picture of the page, or PDF"),
        required=False,
        widget=forms.FileInput({"accept": "image/*,application/pdf"}),
        help_text=gettext_lazy(
            "A photo, a scan or a PDF of 10 MB at most. Other files are not kept: save them as PDF."
        ),
    )
    nobody = forms.BooleanField(
        label=gettext_lazy("No child can be recognised in it, and no child is named."), required=False
    )

    class Meta:
        model = HandoutSheet
        fields = ["title", "text"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("uploaded") and not cleaned.get("nobody"):
            self.add_error("nobody", gettext_lazy("Look at the file first, then tick here."))
        return cleaned


def _found(request, pk, action="view"):
    return visible_or_404(
        HandoutSheet.objects.select_related("activity", "added_by", "file"), request.user, action, pk=pk
    )


@require_safe
def handout(request, pk):
    shown = _found(request, pk)
    context = {
        "handout": shown,
        "url": owner_attachment_url(shown, "file") if shown.file_id else "",
        "may_change": may_at(request.user, "change", HandoutSheet, shown.community_id),
    }
    return render(request, "activities/handout.html", context)


def handout_new(request, pk):
    activity = visible_or_404(Activity.objects.all(), request.user, pk=pk)
    if not may_at(request.user, "add", HandoutSheet, activity.community_id):
        raise NotVisible(Activity, pk)
    blank = HandoutSheet(activity=activity, community_id=activity.community_id)
    return _edit(request, blank, activity.get_absolute_url())


def handout_change(request, pk):
    changed = _found(request, pk, "change")
    return _edit(request, changed, changed.get_absolute_url())


def _edit(request, row, back):
    form = HandoutForm(request.POST or None, request.FILES or None, instance=row)

    def draw():
        return render(request, "activities/handout_form.html", {"form": form, "handout": row, "back": back})

    def act(cleaned):
        return form.instance.keep(uploaded=cleaned["uploaded"], by=request.user)

    if request.method != "POST":
        return draw()
    return act_once(request, act, said=_("The handout is kept with the activity."), form=form, again=draw)


@require_POST
def handout_remove(request, pk):
    gone = _found(request, pk, "change")
    said = _("The handout is removed.")
    return act_once(request, lambda _data: gone.remove(by=request.user), to=gone.activity, said=said)


def _own(request, pk):
    """A handout of an activity that this helper leads or comes to."""
    rows = HandoutSheet.objects.filter(activity__in=concerned(request.volunteer)).select_related("activity", "file")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible(HandoutSheet, pk)
    return found


@require_safe
@volunteer_required
def portal_handout(request, pk):
    return render(request, "portal/handout.html", {"handout": _own(request, pk)})


@require_safe
@volunteer_required
def portal_handout_file(request, pk):
    found = _own(request, pk)
    if found.file is None:
        raise Http404
    response = attachment_response(found.file)
    log_read(request.user, found, page="portal_activities:handout_file")
    return response
