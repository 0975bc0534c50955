"""The portal's own entries: reading them, correcting one, what the office asks about them."""

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import once
from records.attachments import attachment_response
from records.lifecycle import Refused
from records.policy import NotVisible
from records.trail import log_read
from volunteers import contacts, correcting
from volunteers.forms import CorrectionForm, as_initial
from volunteers.models import Contact, ContactDuty, ContactQuestion, Pairing
from volunteers.portal_writing import photo_context, say_what_came_of_it, stored_photo
from volunteers.seen import given_name, pairings_of
from volunteers.standing import volunteer_required

ENTRIES_PER_PAGE = 20


def own_entries(volunteer, pairings):
    """The helper's entries, each with all its children among those they accompany today: what is written about
    brothers and sisters at once speaks of all of them."""
    lines = ContactDuty.objects.filter(contact=OuterRef("pk"))
    are_all_open = Exists(lines) & ~Exists(lines.exclude(pairing__in=pairings))
    return Contact.objects.filter(are_all_open, volunteer=volunteer)


def questions_to(volunteer, pairings):
    """What the office asks and the helper has not answered, the oldest first."""
    rows = ContactQuestion.objects.filter(contact__volunteer=volunteer, answered_at=None)
    rows = rows.filter(contact__in=own_entries(volunteer, pairings).order_by().values("pk"))
    about = ArraySubquery(ContactDuty.objects.filter(contact=OuterRef("contact")).order_by("pk").values("pairing"))
    return rows.annotate(about=about).select_related("contact").order_by("asked_at", "pk")


def own_entry(request, pk):
    """(entry, pairings it is about that are in force); NotVisible for any other."""
    pairings = {p.pk: p for p in contacts.with_photo_consent(pairings_of(request.volunteer))}
    try:
        found = own_entries(request.volunteer, pairings).annotate(seen=Count("versions")).get(pk=pk)
    except (Contact.DoesNotExist, OverflowError):
        raise NotVisible(Contact, pk) from None
    lines = ContactDuty.objects.filter(contact=found, pairing__in=pairings).order_by("pk")
    return found, list({line.pairing_id: pairings[line.pairing_id] for line in lines}.values())


@require_safe
@volunteer_required
def entries(request):
    pairings = {p.pk: p for p in pairings_of(request.volunteer)}
    rows = own_entries(request.volunteer, pairings).prefetch_related("asked_questions")
    page = Paginator(rows.order_by("-made_on", "-pk"), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    names = {}
    for line in ContactDuty.objects.filter(contact__in=[c.pk for c in page], pairing__in=pairings).order_by("pk"):
        name = given_name(pairings[line.pairing_id].child.name)
        known = names.setdefault(line.contact_id, [])
        if name not in known:
            known.append(name)
    shown = [(contact, names.get(contact.pk, [])) for contact in page]
    context = {"page": page, "shown": shown, "can_write": bool(pairings), "first_day": contacts.first_day()}
    return render(request, "portal/entries.html", context)


@require_safe
@volunteer_required
def entry_photo(request, pk):
    pairings = Pairing.objects.open_to(request.volunteer)
    contact = own_entries(request.volunteer, pairings).filter(pk=pk).select_related("photo").first()
    if contact is None or contact.photo is None:
        raise NotVisible(Contact, pk)
    log_read(request.user, contact, page="portal:entry_photo")
    return attachment_response(contact.photo)


@require_http_methods(["GET", "HEAD", "POST"])
@volunteer_required
def correct(request, pk):
    """The entry as it stands, to be set right; what stood there before is kept for the office."""
    entry, pairings = own_entry(request, pk)
    if request.method != "POST":
        form = CorrectionForm(initial={**as_initial(entry), "seen": entry.seen})
        return _correction_page(request, entry, pairings, form)
    form = CorrectionForm(request.POST, request.FILES)
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if form.is_valid() and not claim.missing and (made := _corrected(request, entry, pairings, form)):
            claim.result_url = reverse("portal:entries")
            say_what_came_of_it(request, made, pairings) if made.lacking else messages.success(
                request, _("It is corrected.")
            )
            return redirect(claim.result_url)
    return _correction_page(request, entry, pairings, form)


def _corrected(request, entry, pairings, form):
    """The entry as it is now; None with the reason on the form."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            photo = stored_photo(request, form, pairings)
            facts = {"seen": data["seen"], "reason": data["reason"], "photo": photo}
            return correcting.correct(entry, facts=form.facts, **facts, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error("photo", error)
    return None


def _correction_page(request, entry, pairings, form):
    context = {"form": form, **photo_context(entry, pairings)}
    return render(request, "portal/entry_correct.html", context)
