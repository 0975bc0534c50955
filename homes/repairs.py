"""From gap to repair: the task is planned, reported as done, looked at by those who inspect."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from homes.models import Answer, Home, Repair
from homes.reading import Reading
from homes.sections import sections_of
from homes.views import load_answers
from records.acting import act_once
from records.days import DayField
from records.follow_up import FollowUpForm
from records.policy import NotVisible, visible_or_404
from records.privacy import BASIC
from records.text import CleanCharField, CleanTextField, clean_key

PER_PAGE = 50
OVERDUE, OPEN, TO_LOOK_AT, SETTLED = "overdue", "open", "reported", "settled"
SHOWN = {
    OPEN: gettext_lazy("Under way"),
    OVERDUE: gettext_lazy("Overdue"),
    TO_LOOK_AT: gettext_lazy("To be looked at"),
    SETTLED: gettext_lazy("Confirmed or given up"),
}


class RepairForm(forms.ModelForm):
    what = CleanTextField(
        label=gettext_lazy("What is to be done?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = CleanCharField(label=gettext_lazy("Who sees to it?"), max_length=60)
    due_on = DayField(label=gettext_lazy("By when?"), years_around=2)
    need = CleanCharField(
        label=gettext_lazy("What do you need for it?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A thing or help that somebody could give."),
    )

    class Meta:
        model = Repair
        fields = ["what", "owner", "due_on", "cost", "need"]


class RemarkForm(forms.Form):
    remark = CleanCharField(label=gettext_lazy("What is still missing?"), max_length=300)


class ReasonForm(forms.Form):
    reason = CleanCharField(label=gettext_lazy("Why is it given up?"), max_length=200)


@require_safe
def repairs(request):
    """The repairs of all Homes in reach, what is due first on top."""
    today = timezone.localdate()
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else OPEN
    rows = Repair.objects.visible_to(request.user).select_related("home", "community", "answer__item")
    narrowed = {
        OPEN: lambda: rows.unsettled().filter(home__closed_on=None),
        OVERDUE: lambda: rows.overdue_on(today),
        TO_LOOK_AT: lambda: rows.to_look_at(),
        SETTLED: lambda: rows.exclude(status__in=Repair.UNSETTLED).order_by("-settled_on", "-pk"),
    }
    page = Paginator(narrowed[shown](), PER_PAGE).get_page(request.GET.get("page"))
    names = request.user.sees_in(BASIC)
    page.object_list = list(page.object_list)
    for row in page.object_list:
        row.sees_owner = row.community_id in names
    sees_owner = any(row.sees_owner for row in page.object_list)
    context = {"page": page, "shown": shown, "choices": SHOWN.items(), "sees_owner": sees_owner}
    return render(request, "homes/repairs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, pk):
    """A gap becomes a task; where it is one already, that one is shown."""
    rows = Answer.objects.select_related("inspection__home__community", "inspection__standard", "item")
    answer = visible_or_404(rows, request.user, pk=pk)
    check, home = answer.inspection, answer.inspection.home
    reading = Reading(check, load_answers(check), request.user)
    entry = next((entry for entry in reading.gaps if entry.answer.pk == answer.pk), None)
    if not check.is_newest or entry is None or not may_at(request.user, "add", Repair, home.community_id):
        raise NotVisible(Answer, pk)
    if under_way := home.repairs.unsettled().filter(code=answer.item.code).first():
        return redirect(under_way)
    form = RepairForm(request.POST or None)

    def again():
        return render(request, "homes/repair_plan.html", {"home": home, "check": check, "entry": entry, "form": form})

    if request.method != "POST":
        return again()
    return act_once(
        request,
        lambda data: Repair.plan(answer, by=request.user, **data),
        said=_("The gap is a task now. It stands here until it is put right."),
        form=form,
        again=again,
    )


def _found(request, pk, act="view"):
    rows = Repair.objects.select_related("home__community", "answer__item", "answer__inspection", "planned_by")
    return visible_or_404(rows, request.user, act, pk=pk)


def _to_judge(request, pk):
    """A repair in a Home that this person inspects; else as if there were none."""
    found = _found(request, pk)
    if not may_at(request.user, "inspect", Home, found.community_id):
        raise NotVisible(Repair, pk)
    return found


@require_safe
def repair(request, pk):
    return _page(request, _found(request, pk))


def _page(request, found, **forms_sent):
    reports = list(found.reports.select_related("photo", "written_by", "judged_by").order_by("-pk"))
    may_judge = may_at(request.user, "inspect", Home, found.community_id)
    may_report = may_at(request.user, "change", Repair, found.community_id)
    is_open, is_reported = found.status == Repair.Status.OPEN, found.status == Repair.Status.REPORTED
    offered = {
        "report_form": FollowUpForm if may_report and is_open else None,
        "remark_form": RemarkForm if may_judge and is_reported else None,
        "reason_form": ReasonForm if may_judge and is_open else None,
    }
    context = {name: forms_sent.get(name) or (kind and kind()) for name, kind in offered.items()}
    sees_owner = found.community_id in request.user.sees_in(BASIC)
    context |= {"repair": found, "home": found.home, "reports": reports, "sees_owner": sees_owner}
    context["beside"] = sections_of(request, found)
    return render(request, "homes/repair.html", context)


@require_POST
def report(request, pk):
    found = _found(request, pk, "change")
    form = FollowUpForm(request.POST, request.FILES)
    return act_once(
        request,
        lambda data: found.report(text=data["text"], photo=data["photo"], by=request.user),
        to=found,
        said=_("Reported. Those who inspect look at it."),
        form=form,
        again=lambda: _page(request, _found(request, pk), report_form=form),
    )


@require_POST
def confirm(request, pk):
    found = _to_judge(request, pk)
    seen = clean_key(request.POST.get("report"))
    return act_once(request, lambda _data: found.confirm(seen=seen, by=request.user), to=found, said=_("Confirmed."))


@require_POST
def send_back(request, pk):
    found, form = _to_judge(request, pk), RemarkForm(request.POST)
    seen = clean_key(request.POST.get("report"))
    return act_once(
        request,
        lambda data: found.send_back(seen=seen, remark=data["remark"], by=request.user),
        to=found,
        said=_("Sent back with your remark."),
        form=form,
        again=lambda: _page(request, _found(request, pk), remark_form=form),
    )


@require_POST
def give_up(request, pk):
    found, form = _to_judge(request, pk), ReasonForm(request.POST)
    return act_once(
        request,
        lambda data: found.give_up(reason=data["reason"], by=request.user),
        to=found,
        said=_("Given up, with the reason."),
        form=form,
        again=lambda: _page(request, _found(request, pk), reason_form=form),
    )
