"""What is decided about one child's standing: leaving the register, coming back, keeping the file, rating."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from children import closing
from children.concern_step import TypedSoFar
from children.destinations import has_destinations
from children.follow_ups import follow_ups
from children.models import Child
from children.rating import rate as keep_rating
from children.standing_forms import KeepForm, LeaveForm, RatingForm, ReturnForm
from children.status import COUNTED_UNDER, MINOR_UNDER, Facts, months_after
from children.status_words import explain, with_family
from children.views import find_child
from records import once
from records.lifecycle import refusals_shown
from records.trail import log_read

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _file(child, tab="overview"):
    return reverse("children:file", args=[child.pk]) + f"?tab={tab}"


def _shown(request, template, child, **context):
    if request.method != "POST":
        log_read(request.user, child, page=request.resolver_match.view_name)
    return render(request, template, {"child": child, **context})


@PAGE
def leave(request, pk):
    child, today = find_child(request, pk, "change"), timezone.localdate()
    typed = TypedSoFar(request, f"children.child.{child.pk}.leave", [child])
    if answer := typed.concern():
        return answer
    usual = {"on": today, "reason": request.GET.get("reason", "")}
    form = typed.shown_in(LeaveForm(request.POST or None, initial=usual))
    asks_where = False
    if request.method == "POST" and form.is_valid():
        moved = form.cleaned_data["reason"] == Child.LeftReason.MOVED_OUT
        asks_where = moved and "not_here" not in request.POST and has_destinations(child)
    if request.method == "POST" and form.is_valid() and not asks_where:
        with refusals_shown(request):
            closing.leave_register(
                child, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], by=request.user
            )
            typed.drop()
            messages.success(request, _("The file is closed. It stays readable, and the child leaves the count."))
            return redirect("children:file", pk=child.pk)
    turns = {years: months_after(child.birth_date, 12 * years) for years in (COUNTED_UNDER, MINOR_UNDER)}
    return _shown(
        request,
        "children/leave.html",
        child,
        form=form,
        typed=typed,
        asks_where=asks_where,
        turns_16=turns[COUNTED_UNDER],
        turns_18=turns[MINOR_UNDER],
        is_16=turns[COUNTED_UNDER] <= today,
    )


@PAGE
def return_to_register(request, pk):
    child = find_child(request, pk, "change")
    typed = TypedSoFar(request, f"children.child.{child.pk}.return", [child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(ReturnForm(request.POST or None, initial={"on": timezone.localdate()}))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_shown(request):
            closing.return_to_register(child, on=data["on"], was_mistake=data["was_mistake"], by=request.user)
            typed.drop()
            messages.success(request, _("The file is open again."))
            return redirect("children:file", pk=child.pk)
    return _shown(request, "children/return.html", child, form=form, typed=typed)


@PAGE
def review(request, pk):
    """Does the file stay open? Whoever looks decides in one act."""
    child, today = find_child(request, pk, "change"), timezone.localdate()
    typed = TypedSoFar(request, f"children.child.{child.pk}.review", [child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(KeepForm(request.POST or None))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                with refusals_shown(request):
                    closing.keep_on_register(child, note=form.cleaned_data["note"], by=request.user)
                    claim.result_url = _file(child)
                    typed.drop()
                    messages.success(request, _("The file stays open. What you decided is kept with its day."))
                    return redirect(claim.result_url)
    return _shown(
        request,
        "children/review.html",
        child,
        form=form,
        typed=typed,
        standings=explain(Facts.of(with_family(child)), today),
        follow_ups=follow_ups(child, today),
        reviews=child.status_reviews.select_related("reviewed_by"),
    )


@PAGE
def rate(request, pk):
    child = find_child(request, pk, "change")
    today = timezone.localdate()
    typed = TypedSoFar(request, f"children.child.{child.pk}.rating", [child])
    if answer := typed.concern():
        return answer
    usual = {"on": today, "quality": child.guardianship_quality}
    form = typed.shown_in(RatingForm(request.POST or None, initial=usual))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                data = form.cleaned_data
                with refusals_shown(request):
                    keep_rating(
                        child,
                        data["quality"],
                        reasons=data["reasons"],
                        note=data["note"],
                        on=data["on"],
                        by=request.user,
                    )
                    claim.result_url = _file(child, "care")
                    typed.drop()
                    _say_rated(request, data["quality"])
                    return redirect(claim.result_url)
    ratings = child.ratings.select_related("rated_by")
    return _shown(request, "children/rate.html", child, form=form, ratings=ratings, typed=typed)


def _say_rated(request, quality):
    if quality == Child.Quality.POOR:
        messages.success(request, _("The rating is kept. The child is a priority child now."))
    else:
        messages.success(request, _("The rating is kept."))
