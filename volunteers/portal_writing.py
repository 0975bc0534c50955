"""The portal's pages to write on: a contact, a concern."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from children.models import Concern
from records import once
from records.attachments import store_image
from records.drafts import Draft
from records.lifecycle import Refused
from records.wording import listed
from volunteers import contacts
from volunteers.forms import ConcernForm, ContactForm
from volunteers.kinds import DutyKind
from volunteers.portal_drafts import ENTRY, child_named, draft_key
from volunteers.seen import children_to_write_of, given_name, with_duties
from volunteers.standing import numbers_to_call, volunteer_required

WORRIES_SHOWN = 10
KEPT_AS_LIST = [n for n, f in ContactForm.base_fields.items() if isinstance(f, forms.MultipleChoiceField)]


@require_http_methods(["GET", "HEAD", "POST"])
@volunteer_required
def log(request):
    """One short form: with whom, what, when, a few words."""
    seen = children_to_write_of(request.volunteer)
    if request.method != "POST":
        return _contact_page(request, ContactForm(initial=_beginning(request, seen), seen=seen))
    form = ContactForm(request.POST, request.FILES, seen=seen)
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if form.is_valid() and not claim.missing and (answer := _logged(request, form)):
            claim.result_url = answer
            return redirect(answer)
        _pass_on_worry(request, form)
    return _contact_page(request, form)


def _logged(request, form):
    """Write the contact; the address to go on to, or None with the reason on the form."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            photo = stored_photo(request, form, form.pairings)
            made = contacts.log(request.volunteer, pairings=form.pairings, photo=photo, **form.facts, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    except ValidationError as error:
        form.add_error("photo", error)
        return None
    Draft.drop(request.user, draft_key(request, ENTRY, form.seen))
    if form.is_worried:
        contacts.raise_concerns(form.pairings, what=data["worry"], by=request.user)
        return reverse("portal:call")
    say_what_came_of_it(request, made, form.pairings)
    may_follow = made.lacking and contacts.takes_photo(made.kinds, form.pairings)
    return reverse("portal:entry_correct", args=[made.pk]) if may_follow else reverse("portal:children")


def say_what_came_of_it(request, contact, pairings):
    """Thanks, and whether something stays open though it was written down."""
    if contact.lacking:
        messages.warning(request, _what_is_lacking(contact, pairings))
    elif contact.is_only_a_try:
        messages.success(request, _("Thank you for trying. The office sees it; nothing is ticked off yet."))
    else:
        messages.success(request, _("Thank you. Your entry is kept, and what it fulfils is ticked off."))


def _what_is_lacking(contact, pairings):
    facts = {"kinds": listed(DutyKind(kind).label for kind in contact.lacking)}
    if contacts.takes_photo(contact.kinds, pairings):
        words = _("Your entry is kept. Not ticked off yet, because a photo is needed: %(kinds)s. You can add it here.")
        return words % facts
    words = _(
        "Your entry is kept. Not ticked off yet, because a photo is needed: %(kinds)s. There is no consent to photos "
        "of %(names)s: please send the photo with an entry of its own."
    )
    return words % {**facts, "names": listed(contacts.without_photo_consent(pairings))}


def stored_photo(request, form, pairings):
    """The photo sent, refused before it is stored when a child's guardian has not agreed to photos."""
    photo = form.cleaned_data["photo"]
    if photo:
        contacts.refuse_without_photo_consent(pairings, form.cleaned_data["kinds"])
    return store_image(photo, request.user) if photo else None


def photo_context(entry, pairings, naming=given_name):
    """What the page of a correction says of the entry's children and of the consent to photos."""
    return {
        "names": list(dict.fromkeys(naming(pairing.child.name) for pairing in pairings)),
        "has_photo": entry.photo_id is not None,
        "takes_photo": entry.photo_id is None and contacts.takes_photo(entry.kinds, pairings),
        "photo_names": list(dict.fromkeys(naming(p.child.name) for p in pairings if p.photo_agreed)),
        "no_photo_names": contacts.without_photo_consent(pairings, naming),
    }


def _pass_on_worry(request, form):
    """A worry is passed on even when something else in the form is not right yet."""
    form.is_valid()
    if not form.is_worried or not form.pairings:
        return
    contacts.raise_concerns(form.pairings, what=form.cleaned_data.get("worry", ""), by=request.user)
    form.data = form.data.copy()
    form.data.pop("worried", None)
    form.data.pop("worry", None)
    messages.warning(
        request,
        _(
            "Your worry has been passed on to the community office. If the child is in danger now, call the police: "
            "110."
        ),
    )


def _beginning(request, seen):
    """What the form starts with: a draft about children still seen, then what the link that led here says."""
    draft = Draft.find(request.user, draft_key(request, ENTRY, seen)) or {}
    known = {name: value for name, value in draft.items() if name in ContactForm.base_fields}
    for name in KEPT_AS_LIST:
        if isinstance(known.get(name), str):
            known[name] = [known[name]]
    chosen = {str(key) for key in known.get("children", [])}
    child = child_named(request, seen)
    if not chosen <= {str(one.pk) for one in seen} or (child and chosen and child not in chosen):
        known = {}
    if child:
        known.setdefault("children", [child])
    if request.GET.get("kind") in DutyKind.values:
        known["kinds"] = [request.GET["kind"]]
    return known


def _contact_page(request, form):
    with_duties(form.seen)
    context = {
        "form": form,
        "numbers": numbers_to_call(request.volunteer),
        "draft_url": reverse("records:draft", args=[draft_key(request, ENTRY, form.seen)]),
        "has_draft": not form.is_bound and bool(form.initial.get("note") or form.initial.get("worry")),
        "photo_names": [one.name for one in form.seen if one.photo_agreed],
        "photo_needed": form.photo_needed,
        "no_photo_names": [one.name for one in form.seen if not one.photo_agreed],
        "takes_photo": bool(form.photo_needed) or any(one.photo_agreed for one in form.seen),
    }
    return render(request, "portal/log.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@volunteer_required
def concern(request):
    """Whom to call first; then, if the helper likes, a few words. Nothing on it can hold a worry up."""
    seen = children_to_write_of(request.volunteer)
    chosen = [request.GET["child"]] if request.GET.get("child") else None
    form = ConcernForm(request.POST or None, initial={"children": chosen} if chosen else None, seen=seen)
    if request.method == "POST" and form.is_valid():
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            contacts.raise_concerns(form.pairings, what=form.cleaned_data["worry"], by=request.user)
            claim.result_url = reverse("portal:call")
        return redirect("portal:call")
    return render(request, "portal/concern.html", {"form": form, "numbers": numbers_to_call(request.volunteer)})


@require_safe
@volunteer_required
def call(request):
    """The numbers again, and of each worry passed on only that it was received and when."""
    passed_on = Concern.objects.filter(raised_by=request.user).order_by("-raised_at", "-pk")
    worries = passed_on.values("raised_at", "received_at", "reported_at")[:WORRIES_SHOWN]
    return render(
        request, "portal/call.html", {"numbers": numbers_to_call(request.volunteer), "worries": list(worries)}
    )
