"""What is done to one file: consents, photo, caregiver, kin, referral."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from children import consenting, intake, kin, referring
from children.forms import CaregiverForm, ConsentForm, KinForm, PhotoForm, ReferralForm
from children.kept_forms import StrikeForm
from children.models import Adult, Consent, JoinedAdult, Referral
from children.views import find_child
from records import once
from records.acting import picture_errors_shown
from records.lifecycle import refusals_shown
from records.policy import NotVisible, visible_or_404
from records.wording import said_of


def _tab(child, tab):
    return reverse("children:file", args=[child.pk]) + f"?tab={tab}"


def say_what_is_wrong(request, form):
    for bound in form:
        for words in bound.errors:
            messages.error(request, said_of(bound.label, words))


@require_POST
def give_consent(request, pk):
    child = find_child(request, pk, "change")
    form = ConsentForm(request.POST, request.FILES)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(_tab(child, "care"))
        if form.is_valid():
            data = form.cleaned_data
            with refusals_shown(request), picture_errors_shown(request):
                consenting.give_consent(
                    child,
                    data["purpose"],
                    given_by=data["given_by"],
                    on=data["given_on"],
                    scan=data["scan"],
                    by=request.user,
                )
                claim.result_url = _tab(child, "care")
                messages.success(request, _("The consent is on file."))
        say_what_is_wrong(request, form)
    return redirect(_tab(child, "care"))


@require_POST
def withdraw_consent(request, pk):
    consent = visible_or_404(Consent.objects.select_related("child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        consenting.withdraw_consent(consent, by=request.user)
        messages.success(request, _("The consent is withdrawn, at once and everywhere."))
    return redirect(_tab(consent.child, "care"))


@require_POST
def set_photo(request, pk):
    child = find_child(request, pk, "change")
    if "remove" in request.POST:
        consenting.remove_photo(child, by=request.user)
        return redirect(_tab(child, "overview"))
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_shown(request), picture_errors_shown(request):
            consenting.set_photo(child, form.cleaned_data["photo"], by=request.user)
            messages.success(request, _("The photo is on file."))
    say_what_is_wrong(request, form)
    return redirect(_tab(child, "overview"))


@require_POST
def change_caregiver(request, pk):
    child = find_child(request, pk, "change")
    form = CaregiverForm(request.POST, adults=Adult.objects.filter(kinships__child=child))
    if form.is_valid():
        with refusals_shown(request):
            intake.change_caregiver(child, form.cleaned_data["adult"], by=request.user)
            messages.success(request, _("Saved."))
    say_what_is_wrong(request, form)
    return redirect(_tab(child, "family"))


@require_POST
def set_kinship(request, pk, adult):
    child = find_child(request, pk, "change")
    found = kin.adults_of(child).filter(pk=JoinedAdult.key_today(adult)).first()
    if found and found.pk != adult:
        messages.error(request, _("This adult was on file twice and is one entry now. Say it there."))
        return redirect(_tab(child, "family"))
    if found is None:
        raise NotVisible(Adult, adult)
    form = KinForm(request.POST, adult=found)
    if form.is_valid():
        with refusals_shown(request):
            seen = form.cleaned_data["seen_version"]
            kin.set_kinship(child, found, form.chosen, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
    say_what_is_wrong(request, form)
    return redirect(_tab(child, "family"))


@require_POST
def refer(request, pk):
    child = find_child(request, pk, "change")
    form = ReferralForm(request.POST, counsellors=referring.counsellors_for(child))
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(_tab(child, "care"))
        if form.is_valid():
            with refusals_shown(request):
                data = form.cleaned_data
                referring.refer(child, data["counsellor"], until=data["until"], reason=data["reason"], by=request.user)
                claim.result_url = _tab(child, "care")
                messages.success(request, _("The counsellor now sees this child's file."))
        say_what_is_wrong(request, form)
    return redirect(_tab(child, "care"))


@require_POST
def end_referral(request, pk):
    referral = visible_or_404(Referral.objects.select_related("child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        referring.end_referral(referral, by=request.user)
        messages.success(request, _("The referral ends today."))
    return redirect(_tab(referral.child, "care"))


def strike_row(request, row, act):
    """Strike out `row` by `act(row, because=, by=)` with the reason that was sent, or say what is wrong."""
    form = StrikeForm(request.POST)
    if form.is_valid():
        with refusals_shown(request):
            act(row, because=form.cleaned_data["because"], by=request.user)
            messages.success(request, _("The entry is struck out. It stays to be read and counts no longer."))
    say_what_is_wrong(request, form)
