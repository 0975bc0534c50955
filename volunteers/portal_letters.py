"""The portal's letters: written for the office to read, and the children's answers that it passed on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import once
from records.attachments import attachment_response, store_image
from records.drafts import Draft
from records.lifecycle import Refused
from records.policy import NotVisible
from records.text import clean_key
from records.trail import log_act, log_read
from volunteers import contacts
from volunteers.letter_forms import HelpersLetterForm
from volunteers.letter_sheets import sheets_of
from volunteers.models import ChildLetter
from volunteers.portal_drafts import LETTER, child_named, draft_key
from volunteers.seen import children_of, given_name
from volunteers.standing import volunteer_required

SHOWN = 100


def _own_letters(request):
    """What this helper may read today: letters of pairings in force, and no answer the office has not passed."""
    letters = ChildLetter.objects.shown_to_helper(request.volunteer.pairings.current())
    return letters.select_related("pairing__child", "replaced_by")


def _own_letter(request, pk):
    try:
        return _own_letters(request).get(pk=pk)
    except (ChildLetter.DoesNotExist, OverflowError):
        raise NotVisible(ChildLetter, pk) from None


@require_safe
@volunteer_required
def letters(request):
    rows = _own_letters(request).defer("text", "remark")[:SHOWN]
    shown = [(letter, given_name(letter.pairing.child.name)) for letter in rows]
    can_write = bool(shown) or request.volunteer.pairings.current().exists()
    return render(request, "portal/letters.html", {"shown": shown, "can_write": can_write})


@require_safe
@volunteer_required
def letter(request, pk):
    found = _own_letter(request, pk)
    log_read(request.user, found, page="portal:letter")
    may_rewrite = found.status == ChildLetter.Status.RETURNED and not hasattr(found, "replaced_by")
    context = {"letter": found, "name": given_name(found.pairing.child.name), "may_rewrite": may_rewrite}
    return render(request, "portal/letter.html", context)


@require_safe
@volunteer_required
def letter_scan(request, pk):
    found = _own_letter(request, pk)
    if found.scan is None:
        raise NotVisible(ChildLetter, pk)
    log_read(request.user, found, page="portal:letter_scan")
    return attachment_response(found.scan)


@require_safe
@volunteer_required
def letter_print(request, pk):
    """On letter paper, once the office has read it: nothing unread leaves this page on paper."""
    found = _own_letter(request, pk)
    if not found.is_to_child or not found.may_be_printed:
        raise NotVisible(ChildLetter, pk)
    log_act(request.user, "printed letter_paper", found)
    size = "a5" if request.GET.get("size") == "a5" else "a4"
    context = {
        "title": _("Letter paper"),
        "back_url": reverse("portal:letter", args=[pk]),
        "paper_size": size,
        **sheets_of([found]),
    }
    response = render(request, "papers/letter_paper.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@volunteer_required
def write(request):
    """To one child, typed or photographed; what was typed is kept until it is sent."""
    seen = children_of(request.volunteer, stands_in=False)
    named = request.POST.get("instead") or request.GET.get("instead")
    instead = _own_letter(request, clean_key(named)) if named else None
    if request.method != "POST":
        return _letter_page(request, HelpersLetterForm(initial=_beginning(request, instead, seen), seen=seen), instead)
    form = HelpersLetterForm(request.POST, request.FILES, seen=seen)
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if form.is_valid() and not claim.missing and (written := _written(request, form, instead)):
            claim.result_url = reverse("portal:letters")
            messages.success(request, _("Thank you. The office reads your letter and hands it over."))
            log_read(request.user, written, page="portal:write")
            return redirect("portal:letters")
    return _letter_page(request, form, instead)


def _written(request, form, instead):
    """The letter; None with the reason on the form."""
    scan, pairing = form.cleaned_data["scan"], form.pairing
    if instead is not None and instead.pairing.child_id == pairing.child_id:
        pairing = instead.pairing
    elif instead is not None:
        instead = None
    try:
        with transaction.atomic():
            contacts.hold(request.volunteer, [pairing])
            stored = store_image(scan, request.user) if scan else None
            text = form.cleaned_data["text"]
            facts = {"text": text, "scan": stored, "replaces": instead, "is_farewell": _is_farewell(request)}
            made = ChildLetter.write(pairing, by=request.user, **facts)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    except ValidationError as error:
        form.add_error("scan", error)
        return None
    Draft.drop(request.user, draft_key(request, LETTER, form.seen))
    return made


def _is_farewell(request):
    return "1" in (request.GET.get("farewell"), request.POST.get("farewell"))


def _beginning(request, instead, seen):
    """A letter that came back, or else a draft to a child still seen; then the child that the link names."""
    if instead is not None:
        return {"child": str(instead.pairing.child_id), "text": instead.text}
    draft, child = Draft.find(request.user, draft_key(request, LETTER, seen)) or {}, child_named(request, seen)
    may_be_to = [child] if child else [str(one.pk) for one in seen]
    if draft.get("child") not in (None, "", *may_be_to):
        draft = {}
    known = {name: value for name, value in draft.items() if name in ("child", "text") and isinstance(value, str)}
    if child:
        known["child"] = child
    return known


def _letter_page(request, form, instead):
    context = {
        "form": form,
        "instead": instead,
        "is_farewell": _is_farewell(request),
        "draft_url": reverse("records:draft", args=[draft_key(request, LETTER, form.seen)]),
        "has_draft": not form.is_bound and instead is None and bool(form.initial.get("text")),
    }
    return render(request, "portal/letter_new.html", context)
