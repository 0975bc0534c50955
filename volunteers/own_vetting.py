"""What is asked of a helper, as they see it, and what they do alone: sign the pledge, read the training, take the quiz.

No child is on these pages, so they are open to helpers who are not cleared (yet, or any more).
"""

from functools import wraps

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from records import once
from records.lifecycle import refusals_shown
from volunteers.models import PledgeText
from volunteers.models.requirement import Asked
from volunteers.standing import LEFT, listed_as, problem_of
from volunteers.training import LESSONS, QUIZ, is_passed, right_answers
from volunteers.vetting import lines_of

DOES_ALONE = {Asked.PLEDGE: "portal:pledge", Asked.TRAINING: "portal:training"}


class PledgeForm(forms.Form):
    agreed = forms.BooleanField(label=gettext_lazy("I have read this and promise it."))


class QuizForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, question in enumerate(QUIZ):
            self.fields[f"q{number}"] = forms.TypedChoiceField(
                label=question.words,
                choices=list(enumerate(question.answers)),
                coerce=int,
                widget=forms.RadioSelect,
            )

    @property
    def score(self):
        return right_answers([self.cleaned_data[f"q{number}"] for number in range(len(QUIZ))])


def helper_required(view):
    """For helpers in service, cleared or not, as `request.volunteer`."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        request.volunteer = listed_as(request.user)
        if request.volunteer is None or problem_of(request.volunteer) == LEFT:
            return redirect("portal:standing")
        return view(request, *args, **kwargs)

    return asked


@require_safe
@helper_required
def asked(request):
    """Everything asked of me, and how each thing stands."""
    lines = [
        (line, reverse(DOES_ALONE[line.what]) if line.what in DOES_ALONE else "")
        for line in lines_of(request.volunteer)
    ]
    context = {"lines": lines, "helper": request.volunteer, "problem": problem_of(request.volunteer)}
    return render(request, "portal/asked.html", context)


@helper_required
def pledge(request):
    number, words = PledgeText.objects.text_on(request.volunteer.community_id, timezone.localdate())
    form = PledgeForm(request.POST or None)
    if request.method == "POST" and request.POST.get("number") != str(number):
        messages.error(request, _("The words of the pledge have changed meanwhile. Please read them again."))
        return redirect("portal:pledge")
    if request.method == "POST" and form.is_valid():
        thanks = _("Thank you. Your promise is on file.")
        if _put_on_file(request, Asked.PLEDGE, thanks, pledge_number=number):
            return redirect("portal:asked")
    context = {"form": form, "number": number, "paragraphs": words.splitlines()}
    return render(request, "portal/pledge.html", context)


@helper_required
def training(request):
    """Lessons and quiz on one page. A quiz that is not passed leaves no trace: read again and try again."""
    form = QuizForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_passed(form.score):
            words = _("%(right)s of %(all)s answers are right. Read the pages again and try once more.")
            form.add_error(None, words % {"right": form.score, "all": len(QUIZ)})
        elif _put_on_file(request, Asked.TRAINING, _("Well done. The training is on file."), score=form.score):
            return redirect("portal:asked")
    return render(request, "portal/training.html", {"form": form, "lessons": LESSONS})


def _put_on_file(request, what, thanks, **details):
    """Whether it is on file, by this click or an earlier one."""
    with once.claim(request) as claim:
        if claim.repeated:
            return not claim.missing
        with refusals_shown(request):
            request.volunteer.show(what, by=request.user, **details)
            messages.success(request, thanks)
            claim.result_url = reverse("portal:asked")
        return bool(claim.result_url)
