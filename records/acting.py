"""A button that does one act: once, with what came of it said, and the page again where something was not right."""

from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, resolve_url

from records import once
from records.lifecycle import refusals_shown


@contextmanager
def picture_errors_shown(request):
    """A picture that cannot be kept becomes a message, and what was begun with it is undone."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        messages.error(request, error.messages[0])


def act_once(request, act, *, to=None, said="", form=None, again=None):
    """Do `act(what the form holds)` and lead to `to`, or to what the act made, where `said` is read.

    A second click does nothing and is led there as well. What is refused is said in its words; with a form
    `again()` then draws the page on which it was sent, with what was typed.
    """
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        if not claim.missing and (form is None or form.is_valid()):
            with refusals_shown(request), picture_errors_shown(request):
                made = act(form.cleaned_data if form else {})
                claim.result_url = resolve_url(made if to is None else to)
                if said:
                    messages.success(request, said)
        if form is None:
            return redirect(to)
        if claim.result_url and not claim.missing:
            return redirect(claim.result_url)
    return again()
