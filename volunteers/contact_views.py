"""Staff read an entry of a helper: check it, thank, ask back, note, settle what it asks for, correct it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from records import once
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.lifecycle import Refused
from records.policy import NotVisible, visible_or_404
from records.privacy import BASIC, CARE
from records.trail import log_read
from volunteers import contacts, correcting
from volunteers.contact_forms import AskBackForm, SettledForm, StaffNoteForm, WordsOfThanksForm
from volunteers.forms import CorrectionForm, TakeAnswerForm, as_initial
from volunteers.models import Contact, ContactDuty, Pairing, Thanks
from volunteers.portal_writing import photo_context, stored_photo

NAMED = ["volunteer__user", "community", "created_by", "verified_by", "settled_by"]
HIDDEN = ["volunteer__phone", "volunteer__id_number"]


def find_contact(request, pk, action="view"):
    rows = Contact.objects.select_related(*NAMED).defer(*HIDDEN)
    return visible_or_404(rows, request.user, action, pk=pk)


def _lines(request, contact):
    lines = ContactDuty.objects.visible_to(request.user).filter(contact=contact)
    return list(lines.select_related("pairing__child", "duty__term").order_by("pairing_id", "pk"))


@require_safe
def contact(request, pk):
    found = find_contact(request, pk)
    log_read(request.user, found, page="contacts:contact")
    return contact_page(request, found)


def contact_page(request, found, **bound):
    """`bound`: a form that comes back as it was typed, by name."""
    user, status = request.user, found.status
    lines = _lines(request, found)
    is_own = found.volunteer.user_id == user.pk
    may_change = not is_own and may_at(user, "change", Contact, found.community_id)
    may_thank = not is_own and may_at(user, "add", Thanks, found.community_id)
    thanks = Thanks.objects.filter(contact=found).select_related("noted_by").first()
    context = {
        "contact": found,
        "seen": found.seen_mark,
        "helper": found.volunteer,
        "lines": lines,
        "children": list({line.pairing.child_id: line.pairing.child for line in lines}.values()),
        "questions": found.asked_questions.select_related("asked_by", "answered_by"),
        "remarks": found.remarks.select_related("noted_by"),
        "versions": _versions(found),
        "thanks": thanks,
        "sees_care": user.sees(CARE),
        "sees_basic": user.sees(BASIC),
        "photo_url": owner_attachment_url(found, "photo") if found.photo_id and user.sees(BASIC) else "",
        "may_change": may_change,
        "may_verify": may_change and Contact.Status.VERIFIED in Contact.TRANSITIONS[status],
        "may_ask": may_change and Contact.Status.ASKED in Contact.TRANSITIONS[status],
        "may_note_answer": may_change and status == Contact.Status.ASKED,
        "may_thank": thanks is None and may_thank,
        "ask_form": AskBackForm(),
        "answer_form": TakeAnswerForm(),
        "note_form": StaffNoteForm(),
        "settled_form": SettledForm(),
        "thanks_form": WordsOfThanksForm(),
        **bound,
    }
    return render(request, "contacts/contact.html", context)


def _versions(found):
    """The entry's earlier versions, each with who wrote it and when."""
    versions = list(found.versions.select_related("replaced_by"))
    writer, at = found.created_by, found.created_at
    for version in versions:
        version.written_by, version.written_at = writer, at
        writer, at = version.replaced_by, version.replaced_at
    return versions


def _acted(request, found, act, said, *, form=None, name=""):
    again = lambda: contact_page(request, find_contact(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def verify(request, pk):
    found = find_contact(request, pk, "change")
    seen = request.POST.get("seen", "")
    act = lambda _data: found.verify(seen=seen, by=request.user)  # noqa: E731
    return _acted(request, found, act, _("Checked. The helper sees it."))


@require_POST
def ask(request, pk):
    found, form = find_contact(request, pk, "change"), AskBackForm(request.POST)
    said = _("The helper finds your question in the portal.")
    if found.volunteer.user_id is None:
        said = _("The helper has no account: ask by phone, then note the answer here.")
    return _acted(
        request, found, lambda data: found.ask_back(by=request.user, **data), said, form=form, name="ask_form"
    )


@require_POST
def note_answer(request, pk):
    """What the helper told the office, who noted it."""
    found, form = find_contact(request, pk, "change"), TakeAnswerForm(request.POST)
    act = lambda data: found.take_answer(by=request.user, **data)  # noqa: E731
    return _acted(request, found, act, _("The answer is noted."), form=form, name="answer_form")


@require_POST
def remark(request, pk):
    found, form = find_contact(request, pk, "change"), StaffNoteForm(request.POST)
    act = lambda data: found.remark(by=request.user, **data)  # noqa: E731
    return _acted(request, found, act, _("Noted, for staff alone."), form=form, name="note_form")


@require_POST
def settle(request, pk):
    found, form = find_contact(request, pk, "change"), SettledForm(request.POST)
    seen = request.POST.get("seen", "")
    act = lambda data: found.settle_follow_up(seen=seen, by=request.user, **data)  # noqa: E731
    return _acted(request, found, act, _("Settled."), form=form, name="settled_form")


@require_POST
def thank(request, pk):
    """Thanks for this entry; shown as long as the pairing holds, for the words may speak of the child."""
    found, form = find_contact(request, pk), WordsOfThanksForm(request.POST)
    if not may_at(request.user, "add", Thanks, found.community_id):
        raise NotVisible(Contact, pk)

    def say(data):
        pairing = next((line.pairing for line in _lines(request, found)), None)
        Thanks.say(found.volunteer, pairing=pairing, contact=found, by=request.user, **data)

    said = _("The helper finds your thanks in the portal.")
    return _acted(request, found, say, said, form=form, name="thanks_form")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """Set an entry right for the helper; what stood there before is kept."""
    found = find_contact(request, pk, "change")
    if request.method != "POST":
        log_read(request.user, found, page="contacts:correct")
        seen = found.versions.count()
        return _correction_page(request, found, CorrectionForm(initial={**as_initial(found), "seen": seen}))
    form = CorrectionForm(request.POST, request.FILES)
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if form.is_valid() and not claim.missing and _corrected(request, found, form):
            claim.result_url = found.get_absolute_url()
            messages.success(request, _("It is corrected. What stood there before is kept below."))
            return redirect(found)
    return _correction_page(request, found, form)


def _corrected(request, found, form):
    data = form.cleaned_data
    kept = {name: data[name] for name in ("seen", "reason", "confirmed")}
    try:
        with transaction.atomic():
            photo = stored_photo(request, form, _pairings(request, found))
            return correcting.correct(found, facts=form.facts, photo=photo, **kept, by=request.user)
    except correcting.TakesPastDutyAway as refusal:
        form.asks_to_confirm = True
        form.add_error("confirmed", refusal.message)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error("photo", error)
    return None


def _pairings(request, found):
    lines = ContactDuty.objects.visible_to(request.user).filter(contact=found)
    rows = contacts.with_photo_consent(Pairing.objects.filter(pk__in=lines.values("pairing")))
    return list(rows.select_related("child").order_by("pk"))


def _correction_page(request, found, form):
    context = {"contact": found, "form": form, **photo_context(found, _pairings(request, found), naming=str)}
    return render(request, "contacts/correct.html", context)
