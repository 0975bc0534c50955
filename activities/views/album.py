"""Who is in a picture, and the album: only what may leave the office today."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.album import packed, pictures_of, publishable
from activities.models import Activity, SessionPhoto
from children.models import Child, Consent
from communities.places import may_at
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.exports import ExportRequest
from records.policy import NotVisible, visible_or_404
from records.step_up import ask_again
from records.trail import log_act, log_read


class WhoForm(forms.Form):
    children = forms.ModelMultipleChoiceField(
        Child.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Children in it")
    )
    nobody_else = forms.BooleanField(
        label=gettext_lazy("Nobody else in this picture can be recognised."),
        required=False,
        help_text=gettext_lazy("Without this tick the picture is in no album: another child or a passer-by is in it."),
    )


def picture(request, pk):
    """Name the children in a picture and say that nobody else can be recognised."""
    shown = visible_or_404(SessionPhoto.objects.select_related("session__activity"), request.user, "change", pk=pk)
    named = set(shown.tags.standing().values_list("child", flat=True))
    offered = _offered(request.user, shown, named)
    initial = {"children": named, "nobody_else": shown.looked_at is not None}
    form = WhoForm(request.POST or None, initial=initial)
    form.fields["children"].queryset = offered
    words = {True: _("agreed to publicity"), False: _("not agreed to publicity")}
    form.fields["children"].label_from_instance = lambda child: f"{child.name} · {words[child.agreed]}"

    def draw():
        context = {
            "photo": shown,
            "url": owner_attachment_url(shown, "photo"),
            "session": shown.session,
            "form": form,
            "seen": shown.what_is_named(),
            "has_children": offered.exists(),
            "gone": len(named) - sum(child.pk in named for child in offered),
        }
        return render(request, "activities/picture.html", context)

    def act(cleaned):
        seen = request.POST.get("seen", "")
        shown.name_children(cleaned["children"], nobody_else=cleaned["nobody_else"], seen=seen, by=request.user)

    def again():
        """What was refused is begun anew, from what is said of the picture now."""
        return draw() if form.errors else redirect(request.path)

    if request.method != "POST":
        return draw()
    back = f"{shown.session.get_absolute_url()}#pictures"
    return act_once(request, act, to=back, said=_("Who is in the picture is saved."), form=form, again=again)


def _offered(user, photo, named):
    """The children on the roll, and those named already, each with whether it agreed to publicity."""
    roll = photo.session.roll().order_by().values("pk")
    rows = Child.objects.visible_to(user).filter(pk__in=roll) | Child.objects.visible_to(user).filter(pk__in=named)
    agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.PUBLICITY, child=OuterRef("pk"))
    rows = rows.filter(merged_into=None).annotate(agreed=Exists(agreed))
    return rows.defer("name_grams").order_by("name_pinyin", "pk")


@require_safe
def album(request, pk):
    shown = visible_or_404(Activity.objects.all(), request.user, pk=pk)
    context = {
        "activity": shown,
        "may_name": may_at(request.user, "change", SessionPhoto, shown.community_id),
        "may_take_out": may_at(request.user, "add", ExportRequest, shown.community_id),
        **pictures_of(shown, request.user),
    }
    return render(request, "activities/album.html", context)


class TakeOutForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Purpose"), choices=[("", "---------"), *ExportRequest.Purpose.choices]
    )


@never_cache
def album_take_out(request, pk):
    """What may leave today as one file, by whom and what for on the trail: each picture and the whole."""
    shown = visible_or_404(Activity.objects.all(), request.user, pk=pk)
    if not may_at(request.user, "add", ExportRequest, shown.community_id):
        raise NotVisible(Activity, pk)
    form = TakeOutForm(request.POST or None)

    def draw():
        context = {"activity": shown, "form": form, **pictures_of(shown, request.user)}
        return render(request, "activities/album_take_out.html", context)

    if request.method != "POST" or not form.is_valid():
        return draw()
    ask_again(request)
    photos = list(publishable(shown, request.user)[: settings.EXPORT_ROWS_ALONE + 1])
    if not photos:
        messages.error(request, _("No picture may be shown yet"))
        return draw()
    if len(photos) > settings.EXPORT_ROWS_ALONE:
        messages.error(request, _("These are too many pictures for one person to take out."))
        return draw()
    log_read(request.user, photos, page="activities:album_take_out")
    log_act(
        request.user, "took out an album", shown, purpose=form.cleaned_data["reason"], pictures=[p.pk for p in photos]
    )
    file = FileResponse(packed(shown, photos), as_attachment=True, filename=f"album-{shown.pk}.zip")
    file["Cache-Control"] = "no-store"
    return file
