"""Views that people keep: a name and the choices of a page. Opening one leads to the page, which shows what it may."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.models import Division
from records.acting import act_once
from records.policy import visible_or_404
from records.text import CleanCharField
from records.trail import log_act
from reports.choices import QUARTERS_AT_MOST, Choices
from reports.models import SavedView
from reports.published import chosen_district

VIEWS_AT_MOST = 100


class ViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]
        field_classes = {"name": CleanCharField}

    def clean(self):
        """Who keeps two views at once does so one after the other: the second is told of the first."""
        Division.objects.select_for_update(no_key=True).get(pk=self.instance.district_id)
        return super().clean()

    def _get_validation_exclusions(self):
        """Whose view it is stands in no field; yet two of one person must not have one name."""
        return super()._get_validation_exclusions() - {"owner", "district", "put_away_at"}


@require_GET
def views(request):
    """One's own views and those shared within the district."""
    rows = SavedView.objects.visible_to(request.user).select_related("owner", "district")[:VIEWS_AT_MOST]
    return render(request, "reports/views.html", {"views": rows, "pages": SavedView.Page})


@require_GET
def open_view(request, pk):
    return redirect(visible_or_404(SavedView.objects, request.user, pk=pk).address)


def save_view(request):
    """Keep the choices that the address carries under a name."""
    district, _districts = chosen_district(request.user, request.GET.get("district", ""))
    page = request.GET.get("page")
    if district is None or page not in SavedView.Page.values:
        return redirect("reports:views")
    most = QUARTERS_AT_MOST if page == SavedView.Page.COMPARE else 1
    chosen = Choices.read(request.GET, district, quarters_at_most=most).written()
    view = SavedView(district=district, owner=request.user, page=page, choices=chosen)
    form = ViewForm(request.POST or None, instance=view)
    draw = lambda: render(request, "reports/view_form.html", {"form": form, "view": view})  # noqa: E731
    if request.method != "POST":
        return draw()

    def keep(_data):
        form.save()
        log_act(request.user, "kept a view", view)
        return view.address

    return act_once(request, keep, said=_("The view is kept under Saved views."), form=form, again=draw)


@require_POST
def share_view(request, pk):
    """Share one's own view within the district, or keep it to oneself again."""
    view = visible_or_404(SavedView.objects, request.user, "change", pk=pk)

    def share(_data):
        view.is_shared = not view.is_shared
        view.save(update_fields=["is_shared"])
        log_act(request.user, "shared a view" if view.is_shared else "took a view back", view)

    return act_once(request, share, to=reverse("reports:views"), said=_("Saved."))


@require_POST
def put_view_away(request, pk):
    view = visible_or_404(SavedView.objects, request.user, "change", pk=pk)

    def put_away(_data):
        view.put_away_at = timezone.now()
        view.save(update_fields=["put_away_at"])
        log_act(request.user, "put a view away", view)

    return act_once(request, put_away, to=reverse("reports:views"), said=_("The view is put away."))
