"""The portal's pages to look at. Everything is reached through `request.volunteer`; writing is in `portal_writing`."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from children.models import Child
from records.acting import act_once
from records.attachments import attachment_response
from records.policy import NotVisible
from records.trail import log_act, log_read
from records.wording import listed
from volunteers import contacts
from volunteers.close_out_forms import PromiseForm
from volunteers.forms import TakeAnswerForm
from volunteers.handing_over import packs_for
from volunteers.models import ContactDuty, Duty, HomeDuty, Pairing, Promise, Renewal
from volunteers.portal_entries import own_entries, own_entry, questions_to
from volunteers.portal_home import next_duties
from volunteers.renewing import term_under_review
from volunteers.seen import children_of, family_to_reach
from volunteers.standing import WHY_NOT, listed_as, numbers_to_call, problem_of, volunteer_required
from volunteers.vetting import ends_soon


@require_safe
@volunteer_required
def children(request):
    return children_page(request)


def children_page(request, entry=None, form=None):
    """Who they are, what is next with each, and what the office asks about an entry; `form`: an answer about `entry`
    that came back as it was typed."""
    seen = children_of(request.volunteer)
    names = {pairing.pk: one.name for one in seen for pairing in one.pairings}
    asked = [
        (
            question,
            listed(dict.fromkeys(names[key] for key in question.about if key in names)),
            form if entry and question.contact_id == entry.pk else TakeAnswerForm(),
        )
        for question in questions_to(request.volunteer, list(names))
    ]
    rests = not seen and request.volunteer.pairings.filter(status=Pairing.Status.PAUSED).exists()
    context = {"seen": seen, "asked": asked, "rests": rests}
    context["ends_soon"] = ends_soon(request.volunteer, timezone.localdate())
    return render(request, "portal/children.html", context)


@require_POST
@volunteer_required
def answer(request, pk):
    """One field under the office's question."""
    entry, _pairings = own_entry(request, pk)
    form, said = TakeAnswerForm(request.POST), _("Thank you. The office has your answer.")
    act = lambda data: contacts.answer(entry, data["answer"], by=request.user)  # noqa: E731
    again = lambda: children_page(request, entry, form)  # noqa: E731
    return act_once(request, act, to="portal:children", said=said, form=form, again=again)


@require_safe
@volunteer_required
def due(request):
    """What is still to do, the earliest first."""
    seen = children_of(request.volunteer)
    lines = [(one, line) for one in seen for line in one.lines if not line.duty.is_settled]
    lines.sort(key=lambda pair: (pair[1].duty.due_on, pair[0].pk))
    groups = [
        (Duty.Status.OVERDUE, [pair for pair in lines if pair[1].status == Duty.Status.OVERDUE]),
        (Duty.Status.DUE, [pair for pair in lines if pair[1].status == Duty.Status.DUE]),
        (Duty.Status.LATER, [pair for pair in lines if pair[1].status == Duty.Status.LATER]),
    ]
    done = sum(len(one.done) for one in seen)
    context = {"seen": seen, "groups": dict(groups), "done": done, "owed": sum(len(one.owed) for one in seen)}
    context["at_home"] = next_duties(request.volunteer).taking_place().filter(status=HomeDuty.Status.ON).first()
    return render(request, "portal/due.html", context)


def own_child(request, pk):
    """The helper's child as seen today; a child that is not theirs does not exist."""
    found = children_of(request.volunteer, only=pk)
    if not found:
        raise NotVisible(Child, pk)
    return found[0]


@require_safe
@volunteer_required
def child(request, pk):
    one = own_child(request, pk)
    log_read(request.user, one.child, page="portal:child")
    return render(request, "portal/child.html", child_context(request, one))


def child_context(request, one, **bound):
    """`bound`: the form of a promise that came back as it was typed."""
    own = one.own_pairings
    return {
        "one": one,
        "entries": _entries(request.volunteer, one),
        "promises": Promise.objects.filter(pairing__in=one.pairings).still_open(),
        "promise_form": PromiseForm() if own else None,
        "wishes": _wishes(own),
        "wish_choices": Renewal.Wish.choices,
        "others": _others(one),
        "has_packs": bool(own) and bool(packs_for(one.child, own)),
        **bound,
    }


@require_POST
@volunteer_required
def reveal(request, pk):
    """Phone and address on one page, each time on the trail."""
    one = own_child(request, pk)
    fields = ["address", "phone", *(["class_teacher_phone"] if one.needs_teacher else [])]
    log_act(request.user, "revealed", one.child, fields=fields)
    family = family_to_reach(one.child, with_teacher=one.needs_teacher)
    return render(request, "portal/reach.html", {"one": one, "family": family})


def _wishes(pairings):
    """(pairing, renewal or None) of those that wait for the office's review of the term."""
    term = term_under_review(pairings[0].community_id) if pairings else None
    if term is None:
        return []
    renewals = {one.pairing_id: one for one in Renewal.objects.filter(pairing__in=pairings, term=term)}
    older = [(pairing, renewals.get(pairing.pk)) for pairing in pairings if pairing.starts_on < term.starts_on]
    return [(pairing, renewal) for pairing, renewal in older if renewal is None or not renewal.decision]


def _others(one):
    """Who else accompanies the child, by name and kind: helpers of one child know of each other."""
    beside = Pairing.objects.current().filter(child=one.pk).exclude(pk__in=[p.pk for p in one.pairings])
    beside = beside.select_related("volunteer").only("kind", "volunteer__name")
    return [(p.volunteer.name, p.get_kind_display()) for p in beside.order_by("pk")]


def _entries(volunteer, one):
    rows = own_entries(volunteer, Pairing.objects.open_to(volunteer))
    lines = ContactDuty.objects.filter(pairing__in=one.pairings)
    return rows.filter(pk__in=lines.values("contact")).order_by("-made_on", "-pk")[:5]


@require_safe
@volunteer_required
def child_photo(request, pk):
    one = own_child(request, pk)
    if not one.has_photo:
        raise NotVisible(Child, pk)
    log_read(request.user, one.child, page="portal:child_photo")
    return attachment_response(Child.objects.select_related("photo").only("photo").get(pk=one.pk).photo)


@require_safe
def standing(request):
    """Why nothing is shown, and what to do about it."""
    problem = problem_of(listed_as(request.user))
    if problem is None:
        return redirect("portal:children")
    context = {"problem": problem, "why": WHY_NOT[problem], "numbers": numbers_to_call()}
    return render(request, "portal/standing.html", context)
