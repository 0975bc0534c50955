"""The child's file: one readable page with tabs, and the form for what belongs to one child alone."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from children.concern_step import CONCERN, set_aside_for_a_concern
from children.duplicates import ask_about_changed
from children.forms import ChildForm
from children.models import Child, Concern, Consent
from children.rating import rate_as_saved
from children.revealing import log_revealed
from children.sections import sections_for, tabs_for
from children.status import age_on
from records.attachments import owner_attachment_url
from records.drafts import Draft, as_sent
from records.policy import visible_or_404
from records.privacy import BASIC
from records.step_up import ask_again
from records.trail import log_act, log_read

OF_ERASED = "history"  # the one tab of an erased file: who looked, who asked for what


def find_child(request, pk, action="view"):
    return visible_or_404(Child.objects.select_related("household", "community"), request.user, action, pk=pk)


@require_safe
def file(request, pk):
    child = find_child(request, pk)
    log_read(request.user, child, page="children:file")
    return file_page(request, child)


@require_POST
def reveal(request, pk):
    """Show the masked facts of one file, once, on a page nobody keeps; who looked is on the trail."""
    child = find_child(request, pk, "reveal")
    ask_again(request)
    here = request.user.at(child.community_id)
    tab = _tab_of(here, request.POST.get("tab"))
    log_revealed(here, child, tab)
    return file_page(request, child, is_revealed=True, tab=tab)


def file_page(request, child, *, is_revealed=False, tab=None, sent=None):
    """`sent`: {name: form} of a short form on the file that comes back as it was typed."""
    user = request.user.at(child.community_id)
    request.sent_forms = sent or {}
    is_erased = child.left_reason == Child.LeftReason.ERASED
    tabs = {key: words for key, words in tabs_for(user).items() if key == OF_ERASED or not is_erased}
    tab = OF_ERASED if is_erased else _tab_of(user, tab or request.GET.get("tab"))
    may_change = user.has_perm("children.change_child") and not is_erased
    address = reverse("children:file", args=[child.pk])
    context = {
        "is_erased": is_erased,
        "is_revealed": is_revealed,
        "may_change": may_change,
        "may_reveal": user.has_perm("children.reveal_child") and not is_erased,
        "back_to_tab": f"{address}?tab={tab}",
        "photo_url": _photo_url(child, user),
        "age": age_on(child.birth_date, timezone.localdate()),
    }
    page = {
        **context,
        "child": child,
        "tab": tab,
        "tabs": [(words, f"{address}?tab={key}", key == tab) for key, words in tabs.items()],
        "sections": [s.render(request, child, context) for s in sections_for(user, tab)],
        "kept_file": child.merged_into_id
        and Child.objects.visible_to(request.user).filter(pk=child.merged_into_id).first(),
        "may_raise": user.has_perm("children.add_concern"),
        "open_concerns": Concern.objects.visible_to(user).filter(child=child, status="open").count(),
    }
    return render(request, "children/file.html", page)


def _tab_of(user, asked):
    tabs = tabs_for(user)
    return asked if asked in tabs else next(iter(tabs))


def _photo_url(child, user):
    """Only with the consent in force; withdrawing it takes the picture away as well."""
    if not child.photo_id or not user.sees(BASIC):
        return ""
    if not child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO).exists():
        return ""
    return owner_attachment_url(child, "photo")


def edit(request, pk):
    child = find_child(request, pk, "change")
    if child.merged_into_id:
        return redirect("children:file", pk=child.pk)
    key = f"children.child.{child.pk}.edit"
    if CONCERN in request.POST:
        return set_aside_for_a_concern(request, key, child)
    draft = Draft.find(request.user, key) if request.method == "GET" and "afresh" not in request.GET else None
    typed = as_sent(draft) if draft else request.POST or None
    form = ChildForm(typed, instance=child, user=request.user, prefix="child")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            child = form.save()
            log_act(request.user, "changed", child, fields=[n for n in form.changed_data if n != "seen_version"])
            if "guardianship_quality" in form.changed_data:
                rate_as_saved(child, by=request.user)
            ask_about_changed({child.pk: form.changed_data}, by=request.user)
            Draft.drop(request.user, key)
        messages.success(request, _("Saved."))
        return redirect("children:file", pk=child.pk)
    if request.method == "GET":
        log_read(request.user, child, page="children:edit")
    return render(request, "children/child_form.html", {"form": form, "child": child, "is_draft": bool(draft)})
