"""The portal's pages around promises, goodbye and what the helper before has left."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.models import Child
from records.acting import act_once
from records.drafts import Draft
from records.lifecycle import refusals_shown
from records.policy import NotVisible
from records.trail import log_read
from volunteers import contacts
from volunteers.close_out_forms import GoodbyeForm, PromiseForm
from volunteers.handing_over import packs_for
from volunteers.models import CloseOut, Feedback, Pairing, Promise, Renewal
from volunteers.renewing import term_under_review
from volunteers.seen import given_name, pairings_of
from volunteers.standing import volunteer_required
from volunteers.views import child_context, own_child


@require_POST
@volunteer_required
def promise(request, pk):
    """Noted for the first of the helper's own pairings with this child."""
    one = own_child(request, pk)
    if not one.own_pairings:
        raise NotVisible(Child, pk)
    form, pairing = PromiseForm(request.POST), one.own_pairings[0]

    def give(data):
        contacts.hold(request.volunteer, [pairing])
        Promise.give(pairing, by=request.user, **data)

    def again():
        seen_now = own_child(request, pk)
        log_read(request.user, seen_now.child, page="portal:promise")
        return render(request, "portal/child.html", child_context(request, seen_now, promise_form=form))

    said = _("Your promise is noted. Tick it off when it is kept.")
    return act_once(request, give, to=reverse("portal:child", args=[pk]), said=said, form=form, again=again)


@require_POST
@volunteer_required
def keep(request, pk):
    found = Promise.objects.filter(pairing__in=Pairing.objects.open_to(request.volunteer), pk=min(pk, 2**62)).first()
    if found is None:
        raise NotVisible(Promise, pk)
    with refusals_shown(request):
        contacts.hold(request.volunteer, [found.pairing])
        found.keep(by=request.user)
        messages.success(request, _("Ticked off. Well kept!"))
    return redirect("portal:child", found.pairing.child_id)


@require_safe
@volunteer_required
def handover(request, pk):
    """What the helper before says works well, while the own pairing is in force."""
    one = own_child(request, pk)
    packs = packs_for(one.child, one.own_pairings)
    if not packs:
        raise NotVisible(Child, pk)
    log_read(request.user, one.child, page="portal:handover")
    return render(request, "portal/handover.html", {"one": one, "packs": packs})


def _own_pairing(request, pk):
    """The helper's own pairing, in force today; any other does not exist."""
    found = pairings_of(request.volunteer).filter(volunteer=request.volunteer, pk=min(pk, 2**62)).first()
    if found is None:
        raise NotVisible(Pairing, pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@volunteer_required
def goodbye(request, pk):
    """Before a pairing ends: how it was, what works well, the way to the farewell letter."""
    pairing = _own_pairing(request, pk)
    close_out, said = _said_so_far(pairing)
    settled = {"has_said": said is not None, "is_passed_on": bool(close_out and close_out.released_on)}
    form = GoodbyeForm(request.POST or None, initial=_beginning(request, pairing, close_out), **settled)
    if request.method != "POST":
        return _goodbye_page(request, pairing, form)
    thanks = _("Thank you. The office has it.")
    again = lambda: _goodbye_page(request, _own_pairing(request, pk), form)  # noqa: E731
    act = lambda data: _say(request, pairing, form, data)  # noqa: E731
    return act_once(request, act, to=reverse("portal:goodbye", args=[pk]), said=thanks, form=form, again=again)


def _said_so_far(pairing):
    close_out = CloseOut.objects.filter(pairing=pairing).select_related("written_by").first()
    return close_out, pairing.feedback.filter(side=Feedback.Side.HELPER).first()


def _beginning(request, pairing, close_out):
    """The helper's own words so far, then the draft; what somebody else wrote is read, not taken over."""
    draft = Draft.find(request.user, _draft_of(pairing)) or {}
    kept = {name: value for name, value in draft.items() if value}
    own = close_out.works_well if close_out and close_out.written_by_id == request.user.pk else ""
    return {"works_well": own, **kept, "seen_version": close_out.version if close_out else 0}


def _draft_of(pairing):
    return f"children.child.{pairing.child_id}.goodbye.{pairing.pk}"  # it goes with the child's file


def _say(request, pairing, form, data):
    contacts.hold(request.volunteer, [pairing])
    if data.get("works_well"):
        form.write(pairing, by=request.user)
    if data.get("ticks") or data.get("words"):
        said = {"ticks": data["ticks"], "words": data["words"]}
        Feedback.note(pairing, side=Feedback.Side.HELPER, by=request.user, **said)
    Draft.drop(request.user, _draft_of(pairing))


def _goodbye_page(request, pairing, form):
    log_read(request.user, pairing, page="portal:goodbye")
    close_out, said = _said_so_far(pairing)
    is_own = close_out is not None and close_out.written_by_id == request.user.pk
    context = {
        "pairing": pairing,
        "name": given_name(pairing.child.name),
        "form": form,
        "said": said,
        "close_out": close_out,
        "shows_words": close_out and close_out.works_well and (close_out.released_on or form.is_bound or not is_own),
        "letter": pairing.letters.filter(is_farewell=True).first(),
        "draft_url": reverse("records:draft", args=[_draft_of(pairing)]),
    }
    return render(request, "portal/goodbye.html", context)


@require_POST
@volunteer_required
def wish(request, pk):
    """What the helper would like for the term that has begun."""
    pairing, term = _own_pairing(request, pk), term_under_review(request.volunteer.community_id)
    if term is None:
        raise NotVisible(Pairing, pk)
    if request.POST.get("wish") in Renewal.Wish.values:
        with refusals_shown(request):
            contacts.hold(request.volunteer, [pairing])
            Renewal.wish(pairing, term, wish=request.POST["wish"], by=request.user)
            messages.success(request, _("Thank you. The office sees it when it reviews the pairings."))
    return redirect("portal:child", pairing.child_id)
