"""Pages of those who keep the files: the list, who could apply, one application and what is done with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.concern_step import TypedSoFar
from children.models import Child
from children.views import find_child
from communities.places import may_at
from records import once
from records.acting import act_once
from records.attachments import owner_attachment_url
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.privacy import CARE
from records.scoping import Scope
from records.text import clean_key, clean_text
from records.trail import log_read
from support import applying, deciding, forms
from support.eligibility import facts_of, judge, not_ruled_out
from support.lists import SHOWN, applications_shown
from support.models import AidKind, Application, Objection, Payment, Sheet
from support.repeating import granted

PER_PAGE = 50
Status = Application.Status


def kind_asked(request, kinds):
    key = request.GET.get("kind", "")
    return next((kind for kind in kinds if str(kind.pk) == key), None)


@require_safe
def applications(request):
    user, show = request.user, request.GET.get("show", "")
    text = clean_text(request.GET.get("q", ""))[:100].strip()
    kinds = list(AidKind.objects.visible_to(user))
    kind = kind_asked(request, kinds)
    page = Paginator(applications_shown(user, show, kind, text), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "show": show if show in SHOWN else "",
        "groups": SHOWN,
        "kinds": kinds,
        "kind": kind,
        "text": text,
    }
    return render(request, "support/applications.html", context)


@require_safe
def could_apply(request):
    """Children of the register whom no rule of the kind excludes, with what is not known yet."""
    user, day = request.user, timezone.localdate()
    kinds = list(AidKind.objects.visible_to(user).open_on(day))
    kind = kind_asked(request, kinds) or (kinds[0] if kinds else None)
    shown, page = [], None
    if kind:
        rows = Child.objects.visible_to(user).filter(district=kind.district_id)
        rows = not_ruled_out(rows, kind.rules, day)
        rows = rows.exclude(pk__in=Application.objects.running().filter(kind=kind).values("child"))
        rows = rows.exclude(pk__in=granted(kind, day).values("child"))
        page = Paginator(rows.select_related("community").order_by("community", "name_pinyin", "pk"), PER_PAGE)
        page = page.get_page(request.GET.get("page"))
        facts, rules = facts_of(list(page), kind, day), kind.rules
        shown = [(child, [f for f in judge(facts[child.pk], rules, day) if f.state != "met"]) for child in page]
    context = {"kinds": kinds, "kind": kind, "shown": shown, "page": page}
    context["adds_at"] = adds_at = Scope.of(*user.codes_for(Application, "add"))
    context["may_add"] = any(child.community_id in adds_at for child, _missing in shown)
    return render(request, "support/could_apply.html", context)


@require_POST
def prepare(request, pk):
    child = find_child(request, pk, "change")
    care = reverse("children:file", args=[child.pk]) + "?tab=care"
    kind = visible_or_404(AidKind.objects, request.user, pk=clean_key(request.POST.get("kind")))
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(care if claim.missing else claim.result_url or care)
        with refusals_shown(request):
            made = applying.prepare(child, kind, by=request.user)
            claim.result_url = made.get_absolute_url()
            return redirect(made)
    return redirect(care)


def find_application(request, pk, action="view"):
    rows = Application.objects.select_related("child", "kind", "community", "submitted_by", "checked_by", "decided_by")
    return visible_or_404(rows, request.user, action, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request, pk):
    """One application to read; while it is with the community, the form to fill it in."""
    found = find_application(request, pk)
    may_change = may_at(request.user, "change", Application, found.community_id) and found.is_with_the_community
    typed = _typed(request, found) if may_change else None
    if typed and (answer := typed.concern()):
        return answer
    if request.method != "POST":
        log_read(request.user, found, page="support:application")
        return application_page(request, found)
    if not may_change:
        messages.error(request, _("An application that was submitted is not changed. The street office can return it."))
        return redirect(found)
    form = forms.ApplicationForm(request.POST, instance=found, user=request.user)
    if form.is_valid():
        with refusals_shown(request):
            changed = [name for name in form.changed_data if name in form._meta.fields]
            applying.fill_in(form.instance, changed, by=request.user)
            typed.drop()
            messages.success(request, _("Saved."))
            return redirect(found)
    return application_page(request, find_application(request, pk), form=form)


def _typed(request, found):
    return TypedSoFar(request, f"children.child.{found.child_id}.support.{found.pk}", [found.child])


def application_page(request, found, **bound):
    """`bound`: forms that come back as they were typed, by name."""
    user, status = request.user, found.status
    code = found.community_id
    may_change, may_check = (may_at(user, act, Application, code) for act in ("change", "check"))
    rules = found.made_under
    is_open = found.is_with_the_community
    may_school = may_change and (is_open or status == Status.SUBMITTED)
    typed = _typed(request, found) if may_change and is_open else None
    findings = applying.findings_for(found.child, found.kind, rules) if found.is_running else []
    context = {
        "application": found,
        "child": found.child,
        "rules": rules,
        "findings": findings,
        "steps_done": _step(found),
        "sees_care": user.sees(CARE),
        "lacks": applying.lacks(found) if is_open else [],
        "bar": deciding.bar_to_decision(found) if found.is_running else "",
        "sheet": Sheet.objects.current().filter(application=found).first(),
        "scan_url": owner_attachment_url(found, "school_scan") if found.school_scan_id else "",
        "objections": list(found.objections.all()),
        "typed": typed,
        "form": typed and typed.shown_in(forms.ApplicationForm(instance=found, user=user)),
        "school_form": (may_school and forms.SchoolForm(initial=_school_initial(found))) or None,
        "is_own_submission": found.submitted_by_id == user.pk,
        "may_change": may_change,
        "may_check": may_check and status == Status.SUBMITTED,
        "may_return": may_check and status in (Status.SUBMITTED, Status.CHECKED, Status.ON_NOTICE),
        "may_post": may_change and status == Status.CHECKED and rules.notice_days,
        "may_settle": may_at(user, "check", Objection, code),
        "remark_form": forms.RemarkForm(),
        "withdraw_form": forms.WithdrawForm(),
        "objection_form": forms.ObjectionForm() if may_change and status == Status.ON_NOTICE else None,
        **_payments(user, found),
        **bound,
    }
    return render(request, "support/application.html", context)


def _school_initial(found):
    if not found.school_reviewed_on:
        return {}
    return {"teacher": found.school_teacher, "on": found.school_reviewed_on, "opinion": found.school_opinion}


def _step(found):
    order = [Status.DRAFT, Status.SUBMITTED, Status.CHECKED, Status.ON_NOTICE, Status.APPROVED]
    if found.status == Status.RETURNED:
        return 1
    if found.status in order:
        return order.index(found.status) + 1
    return 0


def _payments(user, found):
    if found.status != Status.APPROVED:
        return {"payments": []}
    payments = list(found.payments.select_related("corrected_by"))
    for one in payments:
        one.is_taken_back = hasattr(one, "corrected_by")
        one.scan_url = owner_attachment_url(one, "receipt") if one.receipt_id else ""
    sums = found.payments.all().sums()
    return {
        "payments": payments,
        "sums": sums,
        "left": found.granted - sums["planned"],
        "may_pay": may_at(user, "add", Payment, found.community_id),
        "plan_form": forms.PlanForm(
            initial={"planned_on": timezone.localdate(), "amount": found.granted - sums["planned"]}
        ),
        "paid_form": forms.PaidForm(initial={"on": timezone.localdate()}),
        "receipt_form": forms.ReceiptForm(initial={"on": timezone.localdate()}),
        "take_back_form": forms.TakeBackForm(),
    }


def acted(request, found, act, said, *, form=None, name=""):
    again = lambda: application_page(request, find_application(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def submit(request, pk):
    found = find_application(request, pk, "change")
    return acted(
        request, found, lambda _d: applying.submit(found, by=request.user), _("Submitted to the street office.")
    )


@require_POST
def school(request, pk):
    found = find_application(request, pk, "change")
    form = forms.SchoolForm(request.POST, request.FILES)
    act = lambda data: applying.note_school(found, by=request.user, **data)  # noqa: E731
    return acted(request, found, act, _("The school's opinion is noted."), form=form, name="school_form")


@require_POST
def withdraw(request, pk):
    found = find_application(request, pk, "change")
    form = forms.WithdrawForm(request.POST)
    act = lambda data: applying.withdraw(found, by=request.user, **data)  # noqa: E731
    return acted(request, found, act, _("The application is withdrawn."), form=form, name="withdraw_form")


def _seen(request):
    """The version that the page showed; 0 where it says none."""
    return clean_key(request.POST.get("seen")) or 0


@require_POST
def check(request, pk):
    found = find_application(request, pk, "check")
    act = lambda _d: deciding.check(found, seen=_seen(request), by=request.user)  # noqa: E731
    return acted(request, found, act, _("The application is checked."))


@require_POST
def give_back(request, pk):
    found = find_application(request, pk, "check")
    form = forms.RemarkForm(request.POST)
    act = lambda data: deciding.give_back(found, seen=_seen(request), by=request.user, **data)  # noqa: E731
    return acted(request, found, act, _("Returned to the community."), form=form, name="remark_form")


@require_POST
def post_notice(request, pk):
    found = find_application(request, pk, "change")
    said = _("The public notice begins today. Print the poster and hang it up.")
    return acted(request, found, lambda _d: deciding.post_notice(found, by=request.user), said)


@require_POST
def object_to(request, pk):
    found = find_application(request, pk, "change")
    form = forms.ObjectionForm(request.POST)
    act = lambda data: deciding.object_to(found, by=request.user, **data)  # noqa: E731
    return acted(request, found, act, _("The objection is noted."), form=form, name="objection_form")


@require_POST
def settle(request, pk):
    objection = visible_or_404(Objection.objects.select_related("application"), request.user, "check", pk=pk)
    form = forms.AnswerForm(request.POST)
    act = lambda data: deciding.settle(objection, by=request.user, **data)  # noqa: E731
    return acted(request, objection.application, act, _("The objection is settled."), form=form, name="answer_form")
