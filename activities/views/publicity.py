"""Publicity: the list of a year, one item, new and changed, taken down."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activities.models import PublicityItem
from activities.publicity import PublicityFilter, sums
from children.models import Child, Consent
from communities.models import Division
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.days import DayField
from records.policy import visible_or_404
from records.scoping import Scope
from records.text import CleanCharField, CleanTextField
from records.versions import VersionedFormMixin

ITEMS_ON_A_PAGE = 30


class PublicityForm(VersionedFormMixin):
    title = CleanCharField(label=gettext_lazy("Title"), max_length=100)
    made_on = DayField(label=gettext_lazy("Day"), years_around=5, initial=timezone.localdate)
    place = CleanCharField(label=gettext_lazy("Place"), max_length=100, required=False)
    text = CleanTextField(
        label=gettext_lazy("Wording"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )
    uploaded = forms.FileField(
        label=gettext_lazy("Picture"), required=False, widget=forms.FileInput({"accept": "image/*"})
    )
    consents_checked = forms.BooleanField(
        label=gettext_lazy("Everyone who can be recognised in the picture has agreed to publicity."), required=False
    )

    class Meta:
        model = PublicityItem
        fields = ["title", "channel", "made_on", "place", "reach", "text", "example_of"]
        labels = {
            "channel": gettext_lazy("Channel"),
            "reach": gettext_lazy("People reached"),
            "example_of": gettext_lazy("Good example: which child"),
        }

    def __init__(self, *args, by, **kwargs):
        scope = Scope.of(*by.codes_for(PublicityItem, "add"))
        instance = kwargs.pop("instance", None) or PublicityItem(community_id=scope.only_community)
        super().__init__(*args, instance=instance, **kwargs)
        if instance.community_id is None:
            places = Division.objects.within(scope).filter(level="community")
            self.fields["community_of"] = forms.ModelChoiceField(places, label=gettext_lazy("Community"))
            self.order_fields(["community_of"])
        if instance.pk:  # another child is another item
            del self.fields["example_of"]
        else:
            self.fields["example_of"].queryset = _who_agreed(by, instance.community_id)
            self.fields["example_of"].label_from_instance = lambda child: f"{child.name} · {child.number}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("community_of"):
            self.instance.community = cleaned["community_of"]
        if cleaned.get("uploaded") and not cleaned.get("consents_checked"):
            self.add_error("consents_checked", gettext_lazy("Look at the picture first, then tick here."))
        return cleaned


def _who_agreed(user, community_id):
    agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.PUBLICITY, child=OuterRef("pk"))
    rows = Child.objects.visible_to(user).on_register(timezone.localdate()).filter(Exists(agreed))
    return (rows.filter(community=community_id) if community_id else rows).defer("name_grams").order_by("name_pinyin")


def publicity(request):
    found = PublicityFilter(request.GET, by=request.user)
    rows = found.items()
    to_take_down = PublicityItem.objects.visible_to(request.user, "change").without_consent()
    context = {
        "filter": found,
        "page": Paginator(rows, ITEMS_ON_A_PAGE).get_page(request.GET.get("page")),
        "to_take_down": to_take_down.filter(taken_down_on=None).order_by("made_on", "pk"),
        "may_add": request.user.has_perm("activities.add_publicityitem"),
        **sums(rows),
    }
    return render(request, "activities/publicity.html", context)


def publicity_item(request, pk):
    rows = PublicityItem.objects.select_related("community", "example_of", "noted_by", "picture")
    shown = visible_or_404(rows, request.user, pk=pk)
    child = shown.example_of
    context = {
        "item": shown,
        "url": owner_attachment_url(shown, "picture") if shown.picture_id else "",
        "child": child if child and child.community_id == shown.community_id else None,
        "lacks_consent": PublicityItem.objects.filter(pk=pk).without_consent().exists(),
        "may_change": PublicityItem.objects.visible_to(request.user, "change").filter(pk=pk).exists(),
    }
    return render(request, "activities/publicity_item.html", context)


def publicity_new(request):
    return _edit(request, None)


def publicity_change(request, pk):
    return _edit(request, visible_or_404(PublicityItem.objects.all(), request.user, "change", pk=pk))


def _edit(request, item):
    form = PublicityForm(request.POST or None, request.FILES or None, by=request.user, instance=item)
    back = item.get_absolute_url() if item else reverse("activities:publicity")

    def draw():
        return render(request, "activities/publicity_form.html", {"form": form, "item": item, "back": back})

    def act(cleaned):
        form.instance.publish(uploaded=cleaned["uploaded"], by=request.user)

    if request.method != "POST":
        return draw()
    return act_once(request, act, to=back, said=_("Saved."), form=form, again=draw)


@require_POST
def take_down(request, pk):
    item = visible_or_404(PublicityItem.objects.all(), request.user, "change", pk=pk)
    return act_once(request, lambda _cleaned: item.take_down(by=request.user), to=item, said=_("Noted as taken down."))
