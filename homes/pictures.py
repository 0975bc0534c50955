"""The plan of a Home's room and photos of it."""

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from communities.places import may_at
from homes.models import Home, RoomPicture
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.policy import visible_or_404
from records.text import CleanCharField


class PictureForm(forms.Form):
    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of picture"), choices=RoomPicture.Kind, widget=forms.RadioSelect, initial="photo"
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
    caption = CleanCharField(label=gettext_lazy("What is seen"), max_length=100, required=False)
    nobody_shown = forms.BooleanField(label=gettext_lazy("Nobody can be recognised in it"))


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request, pk):
    home = visible_or_404(Home.objects.select_related("community"), request.user, pk=pk)
    may_add = home.is_open and may_at(request.user, "add", RoomPicture, home.community_id)
    form = PictureForm(request.POST or None, request.FILES or None)

    def again():
        kept = home.pictures.kept().select_related("photo").order_by("-kind", "pk")
        lines = [(picture, owner_attachment_url(picture, "photo")) for picture in kept]
        return render(request, "homes/pictures.html", {"home": home, "lines": lines, "form": form if may_add else None})

    if request.method != "POST" or not may_add:
        return again()
    act = lambda typed: RoomPicture.add(home, by=request.user, **typed)  # noqa: E731
    to = reverse("homes:pictures", args=[home.pk])
    return act_once(request, act, to=to, said=_("The picture is kept."), form=form, again=again)


@require_POST
def take_out(request, pk):
    found = visible_or_404(RoomPicture.objects.all(), request.user, "change", pk=pk)
    to = reverse("homes:pictures", args=[found.home_id])
    return act_once(request, lambda _typed: found.withdraw(by=request.user), to=to, said=_("The picture is taken out."))
