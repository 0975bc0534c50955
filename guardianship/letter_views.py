"""Pages of the guardianship letter: the list, one letter, and what is done with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.concern_step import TypedSoFar
from children.status import age_on
from children.views import find_child
from communities.places import may_at
from guardianship import signing
from guardianship.forms import LetterForm, SignForm
from guardianship.lapsing import standing_of, with_facts
from guardianship.letter_list import OF_CHILDREN, SHOWN, children_shown, coverage, letters_shown
from guardianship.models import Letter
from records import once
from records.attachments import owner_attachment_url
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.privacy import CARE, FAMILY
from records.scoping import Scope
from records.text import clean_key, clean_text
from records.trail import log_read
from records.wording import said_of

PER_PAGE = 50


@require_safe
def letters(request):
    user, day = request.user, timezone.localdate()
    show = request.GET.get("show", "")
    text = clean_text(request.GET.get("q", ""))[:100].strip()
    of_children = show in OF_CHILDREN
    rows = children_shown(user, show, text) if of_children else letters_shown(user, show, text)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [] if of_children else [(one, standing_of(one, day)) for one in page]
    covered, adds_at = coverage(user), Scope.of(*user.codes_for(Letter, "add"))
    context = {
        "page": page,
        "shown": shown,
        "show": show if show in SHOWN or of_children else "",
        "kinds": SHOWN,
        "of_children": of_children,
        "child_kinds": OF_CHILDREN,
        "text": text,
        "covered": covered,
        "done": sum(done for _place, done, _total in covered),
        "total": sum(total for _place, _done, total in covered),
        "adds_at": adds_at,
        "may_add": any(one.community_id in adds_at for one in page),
        "sees_family": user.sees(FAMILY),
    }
    return render(request, "guardianship/letters.html", context)


def _family_tab(child):
    return reverse("children:file", args=[child.pk]) + "?tab=family"


def find_letter(request, pk, action="view"):
    return visible_or_404(with_facts(Letter.objects), request.user, action, pk=pk)


@require_POST
def prepare(request, pk):
    child = find_child(request, pk, "change")
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(_family_tab(child) if claim.missing else claim.result_url or _family_tab(child))
        with refusals_shown(request):
            make = signing.prepare_for_family if "siblings" in request.POST else signing.prepare
            made = make(child, by=request.user)
            claim.result_url = made.get_absolute_url()
            return redirect(made)
    return redirect(_family_tab(child))


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, pk):
    """One letter to read; while it is not signed, the form to fill it in."""
    found = find_letter(request, pk)
    may_change = may_at(request.user, "change", Letter, found.community_id) and found.is_draft
    if request.method == "POST" and not may_change:
        messages.error(request, _("A signed letter is not changed. Prepare a new one."))
        return redirect(found)
    typed = _typed(request, found)
    if answer := typed.concern():
        return answer
    form = typed.shown_in(_letter_form(request, found)) if may_change else None
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            signing.fill_in(
                form.instance,
                [name for name in form.changed_data if name in form._meta.fields],
                for_siblings=form.cleaned_data.get("for_siblings", False),
                by=request.user,
            )
            typed.drop()
            messages.success(request, _("Saved."))
            return redirect(found)
    if request.method != "POST":
        log_read(request.user, found, page="guardianship:letter")
    return _letter_page(request, find_letter(request, pk), form, typed=typed)


def _typed(request, found):
    return TypedSoFar(request, f"children.child.{found.child_id}.letter.{found.pk}", [found.child])


def _letter_form(request, found, *, sent=True):
    return LetterForm(
        (sent and request.POST) or None,
        instance=found,
        user=request.user,
        age=age_on(found.child.birth_date, timezone.localdate()),
        has_siblings=signing.drafts_of_siblings(found).exists(),
    )


def _letter_page(request, found, form, sign_form=None, typed=None):
    sees_family = request.user.sees(FAMILY)
    signatures = list(found.signatures.all()) if sees_family else []
    for one in signatures:
        one.picture_url = owner_attachment_url(one, "picture") if one.picture_id else ""
    may_change = may_at(request.user, "change", Letter, found.community_id)
    context = {
        "letter": found,
        "child": found.child,
        "letter_is": standing_of(found, timezone.localdate()),
        "form": form,
        "typed": typed or _typed(request, found),
        "sign_form": sign_form or (SignForm(letter=found) if may_change and found.is_draft else None),
        "bars": signing.bars(found) if request.user.sees(CARE) else [],
        "lacks": signing.lacks(found) if found.is_draft else [],
        "signatures": signatures,
        "siblings": signing.drafts_of_siblings(found) if found.is_draft else [],
        "sees_family": sees_family,
        "sees_care": request.user.sees(CARE),
        "answers": [(Letter._meta.get_field(n).verbose_name, getattr(found, n)) for n in LetterForm.CHECK],
        "may_change": may_change,
        "may_renew": may_at(request.user, "add", Letter, found.community_id) and found.is_signed,
    }
    return render(request, "guardianship/letter.html", context)


@require_POST
def sign(request, pk):
    found = find_letter(request, pk, "change")
    form = SignForm(request.POST, request.FILES, letter=found)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(found)
        if form.is_valid():
            try:
                with refusals_shown(request):
                    signing.sign(
                        found,
                        days=form.days,
                        pictures=form.pictures,
                        witness=form.cleaned_data["witness"],
                        by=request.user,
                    )
                    claim.result_url = found.get_absolute_url()
                    messages.success(request, _("The letter is signed and holds until its last day."))
                    return redirect(found)
            except ValidationError as error:
                messages.error(request, error.messages[0])
        found = find_letter(request, pk)
        return _letter_page(request, found, _letter_form(request, found, sent=False) if found.is_draft else None, form)


@require_POST
def cancel(request, pk):
    found = find_letter(request, pk, "change")
    with refusals_shown(request):
        signing.cancel(found, by=request.user)
        messages.success(request, _("The letter is cancelled. It stays on file."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request):
    """The letters chosen in the list, once more to look over; then a new one is prepared for each."""
    day = timezone.localdate()
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for text in sent.getlist("letter")[:PER_PAGE] if (key := clean_key(text))]
    rows = Letter.objects.visible_to(request.user, "add").filter(pk__in=keys, status=Letter.Status.SIGNED)
    chosen = list(with_facts(rows).order_by("ends_on", "pk"))
    back = reverse("guardianship:letters")
    if not chosen:
        messages.info(request, _("Choose at least one signed letter in the list."))
        return redirect(back)
    if request.method != "POST":
        shown = [(one, standing_of(one, day)) for one in chosen]
        return render(request, "guardianship/renew.html", {"shown": shown})
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(claim.result_url if claim.result_url and not claim.missing else back)
        made, refused = signing.renew(chosen, by=request.user)
        for one, words in refused:
            messages.error(request, said_of(one.child.name, words))
        if made:
            claim.result_url = f"{back}?show=draft"
            words = ngettext(
                "%(n)s letter is prepared and waits to be filled in and signed.",
                "%(n)s letters are prepared and wait to be filled in and signed.",
                len(made),
            )
            messages.success(request, words % {"n": len(made)})
    return redirect(claim.result_url or back)
