"""People in a picture covered, by ticking fields of a grid that lies over it; then somebody looks at what is left."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activities.covering import grid_of
from activities.models import SessionPhoto
from children.models import Child, Consent
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.policy import visible_or_404


class VouchForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Nobody who has not agreed can be recognised in the covered picture."),
        help_text=gettext_lazy("Everybody who can still be recognised is named and has agreed to publicity."),
    )


def _found(request, pk):
    rows = SessionPhoto.objects.filter(withheld_at=None).select_related("session__activity", "photo", "covered")
    return visible_or_404(rows, request.user, "change", pk=pk)


def cover(request, pk):
    """The grid over the clear picture, and beneath it the covered one as it would leave the office."""
    shown = _found(request, pk)
    if request.method != "POST":
        return _page(request, shown)
    return act_once(
        request,
        lambda _data: shown.cover(_fields(request.POST), seen=request.POST.get("seen", ""), by=request.user),
        to=f"{reverse('activities:cover', args=[shown.pk])}#covered",
        said=_("Look at the covered picture now."),
        form=forms.Form(request.POST),
        again=lambda: _page(request, _found(request, pk)),
    )


def _page(request, shown, form=None):
    columns, rows = grid_of(shown.photo.width, shown.photo.height)
    ticked = _fields(request.POST)
    named = Child.objects.visible_to(request.user).filter(
        pk__in=shown.tags.without(Consent.Purpose.PUBLICITY).order_by().values("child")
    )
    context = {
        "photo": shown,
        "session": shown.session,
        "url": owner_attachment_url(shown, "photo"),
        "covered_url": owner_attachment_url(shown, "covered") if shown.covered_id else "",
        "seen": shown.what_is_covered(),
        "columns": columns,
        "lines": [[(row, column, (row, column) in ticked) for column in range(columns)] for row in range(rows)],
        "without_consent": named.defer("name_grams").order_by("name_pinyin", "pk"),
        "form": form or VouchForm(),
    }
    return render(request, "activities/cover.html", context)


def _fields(sent):
    """{(row, column)} of the ticked fields; what is no field is left out."""
    parts = [value.split("-") for value in sent.getlist("field")]
    return {
        (int(part[0]), int(part[1]))
        for part in parts
        if len(part) == 2 and all(p.isascii() and p.isdecimal() and len(p) < 3 for p in part)
    }


@require_POST
def vouch(request, pk):
    shown = _found(request, pk)
    form = VouchForm(request.POST)
    return act_once(
        request,
        lambda _data: shown.vouch_for_cover(seen=request.POST.get("seen", ""), by=request.user),
        to=f"{shown.session.get_absolute_url()}#pictures",
        said=_("The covered picture may be shown."),
        form=form,
        again=lambda: _page(request, shown, form) if form.errors else redirect("activities:cover", shown.pk),
    )


@require_POST
def uncover(request, pk):
    shown = _found(request, pk)
    act = lambda _data: shown.uncover(seen=request.POST.get("seen", ""), by=request.user)  # noqa: E731
    return act_once(
        request, act, to=reverse("activities:cover", args=[shown.pk]), said=_("Nobody is covered any more.")
    )
