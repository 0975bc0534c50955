"""Calls for nominations: the list, one call with criteria, committee and nominations, and the acts of its office."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appraisal.appraisal_forms import CallForm, CriterionForm, NominateForm, SeatForm
from appraisal.measuring import MEASURED, scores_of
from appraisal.models import Call, Nomination
from appraisal.naming import names_for
from communities.places import places_to_add
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.text import clean_key
from records.trail import log_act, log_read

PER_PAGE = 30
SHOWN = Call.objects.select_related("division", "drafted_by")


@require_safe
def calls(request):
    rows = Call.objects.visible_to(request.user).select_related("division")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_draft": bool(request.user.codes_for(Call, "add")),
    }
    return render(request, "appraisal/calls.html", context)


def draft(request):
    form = CallForm(request.POST or None, by=request.user)

    def again():
        return render(request, "appraisal/call_form.html", {"form": form})

    def act(data):
        facts = {name: data[name] for name in ("kind", "year", "title", "who", "nominate_until", "places")}
        return Call.draft(form.instance.division, **facts, by=request.user)

    if request.method != "POST":
        return again()
    return act_once(
        request, act, said=_("Drafted. Look at criteria and committee, then open it."), form=form, again=again
    )


@require_safe
def call(request, pk):
    return draw(request, visible_or_404(SHOWN, request.user, pk=pk))


def draw(request, shown, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    is_mine = shown.is_run_by(request.user)
    rows = Nomination.objects.visible_to(request.user).filter(call=shown).select_related("community", "call")
    nominations = list(rows.order_by("community", "pk"))
    names, scores = names_for(nominations, request.user), scores_of(nominations)
    if seen := [named.child for named in names.values() if named.child]:
        log_read(request.user, seen)
    lines = [
        (one, names[one.pk], scores[one.pk] if _may_read_score(one, names[one.pk]) else None) for one in nominations
    ]
    may_seat = is_mine and not shown.is_voting and shown.status != Call.Status.CLOSED
    context = {
        "call": shown,
        "is_mine": is_mine,
        "criteria": [(one, MEASURED.get(one.measured)) for one in shown.criteria.all()],
        "seats": shown.seats.select_related("member", "division"),
        "lines": sorted(lines, key=lambda line: -(line[2][0] if line[2] else 0)),
        "awarded": shown.nominations.awarded().count(),
        "may_nominate": shown.takes_nominations and _asked(request.user, shown).exists(),
        "criterion_form": CriterionForm(call=shown) if is_mine and shown.is_draft else None,
        "seat_form": SeatForm(call=shown) if may_seat else None,
        "leaving": set(_to_take_off(shown, may_seat).values_list("pk", flat=True)) if is_mine else set(),
    }
    return render(request, "appraisal/call.html", {**context, **bound})


def _to_take_off(shown, may_seat):
    """Seats that may be taken off: before the vote any, afterwards of those who have no post here any more."""
    if may_seat:
        return shown.seats.all()
    return shown.seats_left() if shown.is_voting else shown.seats.none()


def _may_read_score(one, named):
    """What the work of a single child or parent comes to is read with the file, never without it."""
    return one.child_id is None or named.child is not None


def _asked(user, shown):
    return places_to_add(user, Nomination).within(Scope.of(shown.division_id))


def _found_to_change(request, pk):
    return visible_or_404(SHOWN, request.user, "change", pk=pk)


def change(request, pk):
    changed = _found_to_change(request, pk)
    if not changed.is_draft:
        messages.error(request, _("The call is open: it stays as it is."))
        return redirect(changed)
    form = CallForm(request.POST or None, instance=changed, by=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            log_act(request.user, "changed", changed, fields=[n for n in form.changed_data if n != "seen_version"])
        messages.success(request, _("Saved."))
        return redirect(changed)
    return render(request, "appraisal/call_form.html", {"form": form, "call": changed})


@require_POST
def add_criterion(request, pk):
    found = _found_to_change(request, pk)
    form = CriterionForm(request.POST, call=found)
    return act_once(
        request,
        lambda data: found.add_criterion(**data, by=request.user) and None,
        to=f"{found.get_absolute_url()}#criteria",
        said=_("Added."),
        form=form,
        again=lambda: draw(request, found, criterion_form=form),
    )


@require_POST
def remove_criterion(request, pk):
    found, key = _found_to_change(request, pk), clean_key(request.POST.get("criterion"))
    act = lambda _data: found.remove_criterion(key, by=request.user)  # noqa: E731
    return act_once(request, act, to=f"{found.get_absolute_url()}#criteria", said=_("Removed."))


@require_POST
def seat(request, pk):
    found = _found_to_change(request, pk)
    form = SeatForm(request.POST, call=found)
    return act_once(
        request,
        lambda data: found.seat(data["member"], by=request.user) and None,
        to=f"{found.get_absolute_url()}#committee",
        said=_("On the committee now."),
        form=form,
        again=lambda: draw(request, found, seat_form=form),
    )


@require_POST
def unseat(request, pk):
    found, key = _found_to_change(request, pk), clean_key(request.POST.get("seat"))
    act = lambda _data: found.unseat(key, by=request.user)  # noqa: E731
    return act_once(request, act, to=f"{found.get_absolute_url()}#committee", said=_("Off the committee."))


@require_POST
def open_call(request, pk):
    found = _found_to_change(request, pk)
    said = _("Open: the communities find it on their first pages.")
    return act_once(request, lambda _data: found.open(by=request.user), to=found, said=said)


@require_POST
def close_call(request, pk):
    found = _found_to_change(request, pk)
    return act_once(request, lambda _data: found.close(by=request.user), to=found, said=_("Closed."))


def nominate(request, pk):
    found = visible_or_404(SHOWN, request.user, pk=pk)
    if not _asked(request.user, found).exists():
        raise NotVisible(Call, pk)
    if not found.takes_nominations:
        messages.error(request, _("Nominations are not taken any more, or not yet."))
        return redirect(found)
    form = NominateForm(request.POST or None, call=found, by=request.user)

    def again():
        return render(request, "appraisal/nominate.html", {"form": form, "call": found})

    if request.method != "POST":
        return again()
    act = lambda data: Nomination.propose(found, **data, by=request.user)  # noqa: E731
    return act_once(request, act, said=_("Nominated. Now link what proves it."), form=form, again=again)
