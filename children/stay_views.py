"""Where a parent is: a stay noted, corrected, verified, ended; and whether somebody reached them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children import stays
from children.act_views import strike_row
from children.concern_step import TypedSoFar
from children.models import Adult, Away, Child, JoinedAdult, ParentContact
from children.places import suggestions
from children.stay_forms import CameBackForm, ContactForm, NewStayForm, StayForm
from communities.places import may_at
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.privacy import CONTACT, FAMILY
from records.trail import log_read
from records.versions import stored_for_update

TRIES_PER_PAGE = 50
PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _adult(request, pk):
    """The adult of this key, or the one into whose entry it was joined while the page was open."""
    rows = Adult.objects.all()
    return _seen(request, visible_or_404(rows, request.user, "change", pk=JoinedAdult.key_today(pk)))


def _stay(request, pk):
    stay = visible_or_404(Away.objects.select_related("adult", "verified_by"), request.user, "change", pk=pk)
    _seen(request, stay.adult)
    return stay


def _seen(request, adult):
    if not request.user.sees(FAMILY):
        raise Http404
    adult.of_children = list(Child.objects.visible_to(request.user).filter(kinships__adult=adult).order_by("pk"))
    return adult


def _typed(request, adult, name):
    return TypedSoFar(request, f"children.household.{adult.household_id}.{name}.{adult.pk}", adult.of_children)


def _file(adult):
    """The family page of the first of the adult's children."""
    if not adult.of_children:
        return reverse("admin:children_child_changelist")
    return reverse("children:file", args=[adult.of_children[0].pk]) + "?tab=family"


def _shown(request, template, adult, **context):
    if request.method != "POST":
        log_read(request.user, adult.of_children, page=request.resolver_match.view_name)
    page = {"adult": adult, "back_url": _file(adult), "sees_contact": request.user.sees(CONTACT), **context}
    return render(request, template, page)


def _saved(request, adult, words, act):
    """Run the act once; the answer that follows, or None where a rule forbade it."""
    with once.claim(request) as claim:
        if claim.missing:
            return None
        if claim.repeated:
            return redirect(claim.result_url)
        with refusals_shown(request):
            act()
            claim.result_url = _file(adult)
            messages.success(request, words)
            return redirect(claim.result_url)
    return None


@PAGE
def note(request, pk):
    adult = _adult(request, pk)
    typed = _typed(request, adult, "stay")
    if answer := typed.concern():
        return answer
    going_on = adult.aways.filter(until=None).first()
    facts = {"instance": Away(adult=adult), "user": request.user, "going_on": going_on, "prefix": "stay"}
    form = typed.shown_in(NewStayForm(request.POST or None, **facts))
    if request.method == "POST" and form.is_valid():
        moved_on = form.cleaned_data.get("moved_on", False)
        answer = _saved(
            request,
            adult,
            _("The stay away is on file."),
            lambda: stays.note_stay(form.instance, by=request.user, moved_on=moved_on),
        )
        if answer:
            typed.drop()
            return answer
    context = {"form": form, "going_on": going_on, "places": suggestions(), "typed": typed}
    return _shown(request, "children/stay_form.html", adult, **context)


@PAGE
def stay(request, pk):
    found = _stay(request, pk)
    typed = _typed(request, found.adult, f"stay{found.pk}")
    if answer := typed.concern():
        return answer
    if request.method == "POST":
        stored_for_update(found.adult)  # before the stay itself, as every act on stays does
    form = typed.shown_in(StayForm(request.POST or None, instance=found, user=request.user, prefix="stay"))
    if request.method == "POST" and form.is_valid():
        fields = [name for name in form.changed_data if name != "seen_version"]
        with refusals_shown(request):
            stays.correct_stay(form.instance, fields, by=request.user)
            typed.drop()
            messages.success(request, _("Saved. What was on file before is kept below."))
            return redirect("children:stay", pk=found.pk)
    return _shown(
        request,
        "children/stay_form.html",
        found.adult,
        form=form,
        stay=Away.objects.select_related("noted_by", "verified_by").get(pk=found.pk),
        earlier=found.revisions.select_related("noted_by"),
        came_back_form=CameBackForm(initial={"on": timezone.localdate()}),
        typed=typed,
        places=suggestions(),
    )


@require_POST
def verify(request, pk):
    found = _stay(request, pk)
    with refusals_shown(request):
        stays.verify_stay(found, by=request.user)
        messages.success(request, _("Noted: still so today."))
    return redirect(_file(found.adult))


@require_POST
def came_back(request, pk):
    found = _stay(request, pk)
    form = CameBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(words for errors in form.errors.values() for words in errors))
        return redirect("children:stay", pk=found.pk)
    with refusals_shown(request):
        stays.end_stay(found, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, _("Noted. Look whether the child still counts."))
        return redirect(_file(found.adult))
    return redirect("children:stay", pk=found.pk)


@PAGE
def contact(request, pk):
    adult = _adult(request, pk)
    typed = _typed(request, adult, "contact")
    if answer := typed.concern():
        return answer
    form = typed.shown_in(ContactForm(request.POST or None, initial={"on": timezone.localdate()}))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = _saved(
            request,
            adult,
            _("The contact is on file."),
            lambda: stays.log_contact(
                adult,
                on=data["on"],
                reached=data["reached"] == "yes",
                means=data["means"],
                note=data["note"],
                by=request.user,
            ),
        )
        if answer:
            typed.drop()
            return answer
    tries = ParentContact.with_struck.filter(adult=adult).select_related("tried_by", "struck_by")
    may_strike = may_at(request.user, "change", ParentContact, adult.community_id)
    page = Paginator(tries, TRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "typed": typed, "may_strike": may_strike}
    return _shown(request, "children/parent_contact.html", adult, **context)


@require_POST
def strike_contact(request, pk):
    rows = ParentContact.with_struck.select_related("adult")
    found = visible_or_404(rows, request.user, "change", pk=pk)
    strike_row(request, found, stays.strike_contact)
    return redirect("children:parent_contact", pk=found.adult_id)
