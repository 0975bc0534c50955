"""Staff read letters before they go on, note when they were handed over, and note what the child wrote back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.concern_step import TypedSoFar
from communities.places import may_at
from records import once
from records.acting import act_once, picture_errors_shown
from records.attachments import owner_attachment_url, store_image
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.privacy import CARE
from records.text import clean_key
from records.trail import log_read
from volunteers.close_out_views import find_pairing
from volunteers.letter_forms import AnswerForm, HandOverForm, RemarkForm, WordsOrPicture
from volunteers.models import ChildLetter

PER_PAGE = 50
SHOWN = {
    "read": (gettext_lazy("To read"), lambda rows: rows.waiting()),
    "deliver": (gettext_lazy("To hand over"), lambda rows: rows.to_deliver()),
    "over": (gettext_lazy("Handed over and returned"), lambda rows: rows.over()),
}
NAMED = ["pairing__child", "pairing__volunteer", "community", "written_by", "read_by", "replaced_by"]


@require_safe
def letters(request):
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "read"
    rows = SHOWN[show][1](ChildLetter.objects.visible_to(request.user))
    rows = rows.select_related("pairing__child", "pairing__volunteer", "community").defer("text", "remark")
    page = Paginator(rows.order_by("-written_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "show": show, "groups": [(key, words) for key, (words, _rows) in SHOWN.items()]}
    return render(request, "letters/letters.html", context)


def find_letter(request, pk, action="view"):
    return visible_or_404(ChildLetter.objects.select_related(*NAMED), request.user, action, pk=pk)


@require_safe
def letter(request, pk):
    found = find_letter(request, pk)
    log_read(request.user, found, page="letters:letter")
    return letter_page(request, found)


def letter_page(request, found, **bound):
    """`bound`: forms that come back as they were typed, by name."""
    user, status = request.user, found.status
    may_change = may_at(user, "change", ChildLetter, found.community_id)
    is_waiting, is_passed = status == ChildLetter.Status.WAITING, status == ChildLetter.Status.PASSED
    context = {
        "letter": found,
        "child": found.pairing.child,
        "helper": found.pairing.volunteer,
        "sees_care": user.sees(CARE),
        "scan_url": owner_attachment_url(found, "scan") if found.scan_id else "",
        "may_pass": may_change and is_waiting,
        "may_return": may_change and (is_waiting or is_passed),
        "may_hand_over": may_change and is_passed and found.is_to_child,
        "may_answer": status == ChildLetter.Status.DELIVERED and may_at(user, "add", ChildLetter, found.community_id),
        "remark_form": RemarkForm(),
        "hand_over_form": HandOverForm(),
        **bound,
    }
    return render(request, "letters/letter.html", context)


def _acted(request, found, act, said, *, form=None, name=""):
    again = lambda: letter_page(request, find_letter(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def pass_on(request, pk):
    found = find_letter(request, pk, "change")
    said = _("The letter may be handed over.") if found.is_to_child else _("The helper can read it now.")
    return _acted(request, found, lambda _data: found.pass_on(by=request.user), said)


@require_POST
def send_back(request, pk):
    found, form = find_letter(request, pk, "change"), RemarkForm(request.POST)
    said = _("The letter is back with the helper.") if found.is_to_child else _("The letter stays with the office.")
    act = lambda data: found.send_back(by=request.user, **data)  # noqa: E731
    return _acted(request, found, act, said, form=form, name="remark_form")


@require_POST
def hand_over(request, pk):
    found, form = find_letter(request, pk, "change"), HandOverForm(request.POST)
    act = lambda data: found.deliver(by=request.user, **data)  # noqa: E731
    return _acted(request, found, act, _("The letter is handed over."), form=form, name="hand_over_form")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    """What the child of a pairing wrote, typed or as a picture; `?to=` is the letter it answers."""
    pairing = find_pairing(request, pk, "add", of=ChildLetter)
    key = clean_key(request.POST.get("to") or request.GET.get("to"))
    answered = ChildLetter.objects.visible_to(request.user).filter(pk=key)
    to = answered.filter(pairing=pairing, direction=ChildLetter.Direction.TO_CHILD).first()
    form = AnswerForm(request.POST or None, request.FILES or None)

    def note(**letter):
        return ChildLetter.note_answer(pairing, answers=to, by=request.user, **letter)

    said = _("The child's letter is on file. Read it, then pass it on.")
    return _noted(request, form, note, said, {"pairing": pairing, "to": to, "from_child": True})


@require_http_methods(["GET", "HEAD", "POST"])
def on_paper(request, pk):
    """The letter of a helper who writes on paper, put on file by the office."""
    pairing = find_pairing(request, pk, "add", of=ChildLetter)
    form = WordsOrPicture(request.POST or None, request.FILES or None)

    is_farewell = request.GET.get("farewell") == "1"

    def note(**letter):
        return ChildLetter.write(pairing, is_farewell=is_farewell, by=request.user, **letter)

    said = _("The helper's letter is on file. Read it, then pass it on.")
    return _noted(request, form, note, said, {"pairing": pairing, "is_farewell": is_farewell})


def _noted(request, form, note, said, context):
    pairing = context["pairing"]
    kind = "answer" if context.get("from_child") else "letter"
    typed = TypedSoFar(request, f"children.child.{pairing.child_id}.{kind}.{pairing.pk}", [pairing.child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(form)
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if form.is_valid() and not claim.missing:
                with refusals_shown(request), picture_errors_shown(request):
                    scan, text = form.cleaned_data["scan"], form.cleaned_data["text"]
                    made = note(text=text, scan=store_image(scan, request.user) if scan else None)
                    typed.drop()
                    claim.result_url = made.get_absolute_url()
            if claim.result_url and not claim.repeated:
                messages.success(request, said)
                return redirect(claim.result_url)
    log_read(request.user, pairing, page=request.resolver_match.view_name)
    page = {"form": form, "typed": typed, "child": pairing.child, **context}
    return render(request, "letters/answer.html", page)
