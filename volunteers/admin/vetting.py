"""What is asked of one helper, how it stands, and putting more on file: evidence, exemptions, the photo."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from records import once
from records.acting import picture_errors_shown
from records.attachments import delete_attachments, owner_attachment_url, store_image
from records.days import DayField
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.text import CleanCharField
from records.trail import log_act
from volunteers.models import Evidence, PledgeText, Volunteer
from volunteers.models.evidence import SHOWN_BY_EVIDENCE
from volunteers.models.requirement import Asked
from volunteers.vetting import District, lines_of

PICTURE = forms.FileInput(attrs={"accept": "image/*"})


class EvidenceForm(forms.Form):
    what = forms.ChoiceField(label=pgettext_lazy("asked of a helper", "For what"), choices=SHOWN_BY_EVIDENCE)
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Evidence.Result, initial=Evidence.Result.MET)
    done_on = DayField(label=pgettext_lazy("asked of a helper", "On"), initial=timezone.localdate)
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("Empty: as long as the rules of the district say."),
    )
    note = CleanCharField(
        label=gettext_lazy("Note or reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Who gave the reference, what the interview showed, or why this is not asked."),
    )
    scan = forms.FileField(label=gettext_lazy("Scan or photo"), required=False, widget=PICTURE)

    def clean(self):
        cleaned = super().clean()
        done_on, until = cleaned.get("done_on"), cleaned.get("valid_until")
        if done_on and until and until < done_on:
            self.add_error("valid_until", _("This cannot end before the day it was done."))
        if cleaned.get("result") == Evidence.Result.EXEMPT and not cleaned.get("note"):
            self.add_error("note", _("Say why this is not asked of this helper."))
        return cleaned


class HelperPhotoForm(forms.Form):
    photo = forms.FileField(label=gettext_lazy("Photo"), widget=PICTURE)


def vetting_page(page, request, pk):
    """The page, and what its two forms send."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    helper = visible_or_404(Volunteer.objects.select_related("photo"), request.user, pk=pk)
    may_change = page.has_change_permission(request, helper)
    here = reverse("admin:volunteers_volunteer_vetting", args=[pk])
    form, photo_form = EvidenceForm(), HelperPhotoForm()
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if "what" in request.POST:
            form = EvidenceForm(request.POST, request.FILES)
            done = form.is_valid() and _show(request, helper, form, here)
        else:
            photo_form = HelperPhotoForm(request.POST, request.FILES)
            done = photo_form.is_valid() and _set_photo(request, helper, photo_form)
        if done:
            return HttpResponseRedirect(here)
    district = District.of(helper.community_id)
    context = {
        **page.admin_site.each_context(request),
        "title": helper.name,
        "helper": helper,
        "opts": page.opts,
        "lines": [(line, _scan_url(line.found)) for line in lines_of(helper, district=district)],
        "is_cleared": helper.is_cleared_on(timezone.localdate()),
        "evidence": [(one, _scan_url(one)) for one in helper.evidence.select_related("recorded_by")[:30]],
        "form": form,
        "photo_form": photo_form,
        "photo_url": owner_attachment_url(helper, "photo") if helper.photo_id else "",
        "may_change": may_change,
        "back": reverse("admin:volunteers_volunteer_change", args=[pk]),
    }
    return TemplateResponse(request, "volunteers/vetting.html", context)


def _scan_url(found):
    """Of evidence with a scan; a record check has none."""
    return owner_attachment_url(found, "scan") if getattr(found, "scan_id", None) else ""


def _show(request, helper, form, here):
    """Whether the form has done its work, now or at an earlier click."""
    facts = {name: form.cleaned_data[name] for name in ("result", "done_on", "valid_until", "note")}
    with once.claim(request) as claim:
        if claim.repeated:
            return not claim.missing
        with refusals_shown(request), picture_errors_shown(request):
            upload = form.cleaned_data["scan"]
            scan = store_image(upload, request.user) if upload else None
            helper.show(form.cleaned_data["what"], **facts, scan=scan, by=request.user, **_pledge(helper, form))
            messages.success(request, _("It is on file."))
            claim.result_url = here
        return bool(claim.result_url)


def _pledge(helper, form):
    """A pledge signed on paper is of the version in use on that day."""
    if form.cleaned_data["what"] != Asked.PLEDGE:
        return {}
    number, _words = PledgeText.objects.text_on(helper.community_id, form.cleaned_data["done_on"])
    return {"pledge_number": number}


def _set_photo(request, helper, form):
    with picture_errors_shown(request):
        helper = helper.locked()
        earlier = helper.photo_id
        helper.photo = store_image(form.cleaned_data["photo"], request.user)
        helper.save(update_fields=["photo"])
        delete_attachments([earlier])
        log_act(request.user, "added a picture", helper, fields=["photo"])
        messages.success(request, _("The photo is on file."))
        return True
    return False
