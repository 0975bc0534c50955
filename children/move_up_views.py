"""A new school year: every pupil's next grade on one page, looked over and moved up in one act."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from children.grades import IN_SCHOOL, NEW_SCHOOL_AFTER, grade_word, school_year_start
from children.kept_forms import MoveUpForm
from children.models import Child
from children.schooling import AT_A_TIME, barred_from_moving_up, due_to_move_up, move_up
from records import once
from records.text import clean_key
from records.trail import log_read

ORDER = {code: place for place, code in enumerate(IN_SCHOOL)}


@require_http_methods(["GET", "HEAD", "POST"])
def move_up_page(request):
    today = timezone.localdate()
    mine = Child.objects.visible_to(request.user, "add").on_register(today)
    due = mine.filter(due_to_move_up(today))
    if request.method == "POST":
        return _sent(request, mine, due)
    return _shown(request, due, data=None)


def _sent(request, mine, due):
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        children = _listed(due.filter(pk__in=_keys(request.POST)))
        forms = [MoveUpForm(request.POST, child=child) for child in children]
        if not claim.missing and not [form for form in forms if not form.is_valid()]:
            moved = move_up({f.child.pk: f.decision() for f in forms}, children=mine, by=request.user)
            _say(request, moved, left=due.count())
            claim.result_url = request.path
            return redirect(claim.result_url)
    return _shown(request, due, request.POST)


def _keys(data):
    """The children whose lines were sent: `c12-grade` is child 12's."""
    names = (name.removesuffix("-grade")[1:] for name in data if name.startswith("c") and name.endswith("-grade"))
    return [key for name in names if (key := clean_key(name))]


def _say(request, moved, left):
    words = ngettext("%(n)d pupil is in the new grade.", "%(n)d pupils are in their new grades.", moved)
    messages.success(request, words % {"n": moved})
    if left:
        messages.info(request, _("Some pupils are still to be moved up: look at them now."))


def _listed(rows):
    """At most one page of them, school by school and grade by grade, without what the page does not show."""
    shown = rows.only("number", "name", "name_pinyin", "school", "grade", "school_class", "birth_date", "community")
    children = list(shown.order_by("school", "grade", "name_pinyin", "pk")[:AT_A_TIME])
    return sorted(children, key=lambda child: (ORDER[child.grade], child.school))


def _shown(request, due, data):
    children = _listed(due)
    if request.method != "POST":
        log_read(request.user, children, page="children:move_up")
    keys = set(_keys(data)) if data else set()
    forms = [MoveUpForm(data if child.pk in keys else None, child=child) for child in children]
    barred = barred_from_moving_up([child.pk for child in children], timezone.localdate())
    for form in forms:
        form.barred_until = barred.get(form.child.pk)
        form.grade_words = grade_word(form.child.grade)
        form.asks_school = form.child.grade in NEW_SCHOOL_AFTER
    start = school_year_start(timezone.localdate())
    page = {"forms": forms, "count": len(forms), "more": max(due.count() - len(forms), 0), "start": start}
    return render(request, "children/move_up.html", {**page, "years": f"{start.year}–{start.year + 1}"})
