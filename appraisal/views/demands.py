"""What visits require: the list, one requirement with its answers, and the acts of both sides."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from appraisal.forms import AnswerForm, AskAgainForm, DemandForm, WithdrawForm
from appraisal.models import Demand
from appraisal.points import BY_KEY
from appraisal.views.visits import draw, found_to_change
from communities.places import may_at
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.text import clean_key

PER_PAGE = 50
OPEN, OVERDUE, ANSWERED, SETTLED = "open", "overdue", "answered", "settled"
SHOWN = {
    OPEN: pgettext_lazy("requirements", "To be met"),
    OVERDUE: pgettext_lazy("requirements", "Past their day"),
    ANSWERED: pgettext_lazy("requirements", "To be looked at again"),
    SETTLED: pgettext_lazy("requirements", "Closed or withdrawn"),
}


@require_safe
def demands(request):
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else OPEN
    rows = Demand.objects.visible_to(request.user).select_related("community", "visit__office")
    narrowed = {
        OPEN: lambda: rows.to_answer(),
        OVERDUE: lambda: rows.overdue_on(timezone.localdate()),
        ANSWERED: lambda: rows.to_look_at(),
        SETTLED: lambda: rows.exclude(status__in=Demand.UNSETTLED).order_by("-settled_on", "-pk"),
    }
    page = Paginator(narrowed[shown](), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "supervision/demands.html", {"page": page, "shown": shown, "choices": SHOWN.items()})


@require_POST
def require(request, pk):
    visit = found_to_change(request, pk)
    form = DemandForm(request.POST, visit=visit)
    return act_once(
        request,
        lambda data: Demand.make(visit, **data, by=request.user) and None,
        to=f"{visit.get_absolute_url()}#demands",
        said=_("The requirement is put down. The community finds it on its first page."),
        form=form,
        again=lambda: draw(request, visit, demand_form=form),
    )


FOUND = Demand.objects.select_related("visit__office", "visit__community", "community", "asked_by")


@require_safe
def demand(request, pk):
    return _page(request, visible_or_404(FOUND, request.user, pk=pk))


def _may_answer(user, found):
    return may_at(user, "answer", Demand, found.community_id)


def _page(request, found, **forms_sent):
    answers = list(found.answers.select_related("photo", "written_by", "judged_by").order_by("-pk"))
    may_judge = found.visit.is_of(request.user)
    is_open, is_answered = found.status == Demand.Status.OPEN, found.status == Demand.Status.ANSWERED
    offered = {
        "answer_form": AnswerForm if is_open and _may_answer(request.user, found) else None,
        "again_form": AskAgainForm if may_judge and is_answered else None,
        "withdraw_form": WithdrawForm if may_judge and is_open else None,
    }
    context = {name: forms_sent.get(name) or (kind and kind()) for name, kind in offered.items()}
    context |= {
        "demand": found,
        "visit": found.visit,
        "point": BY_KEY.get(found.point),
        "answers": answers,
    }
    return render(request, "supervision/demand.html", context)


@require_POST
def answer(request, pk):
    found = visible_or_404(FOUND, request.user, pk=pk)
    if not _may_answer(request.user, found):
        raise NotVisible(Demand, pk)
    form = AnswerForm(request.POST, request.FILES)
    return act_once(
        request,
        lambda data: found.answer(text=data["text"], photo=data["photo"], by=request.user),
        to=found,
        said=_("Answered. Those who inspect look again."),
        form=form,
        again=lambda: _page(request, visible_or_404(FOUND, request.user, pk=pk), answer_form=form),
    )


def _to_judge(request, pk):
    """A requirement of this person's office; else as if there were none."""
    found = visible_or_404(FOUND, request.user, pk=pk)
    if not found.visit.is_of(request.user):
        raise NotVisible(Demand, pk)
    return found


def _judged(request, pk, act, said, form=None, name=""):
    found = _to_judge(request, pk)
    return act_once(
        request,
        lambda data: act(found, data),
        to=found,
        said=said,
        form=form,
        again=lambda: _page(request, _to_judge(request, pk), **{name: form}),
    )


@require_POST
def close(request, pk):
    seen = clean_key(request.POST.get("answer"))
    return _judged(request, pk, lambda found, _data: found.close(seen=seen, by=request.user), _("Closed: it is met."))


@require_POST
def ask_again(request, pk):
    seen, form = clean_key(request.POST.get("answer")), AskAgainForm(request.POST)
    act = lambda found, data: found.ask_again(seen=seen, **data, by=request.user)  # noqa: E731
    return _judged(request, pk, act, _("Asked again, with a new day."), form, "again_form")


@require_POST
def withdraw(request, pk):
    form = WithdrawForm(request.POST)
    act = lambda found, data: found.withdraw(**data, by=request.user)  # noqa: E731
    return _judged(request, pk, act, _("Withdrawn, with the reason."), form, "withdraw_form")
