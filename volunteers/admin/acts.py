"""A page between choosing rows and doing something with them: asks what the act needs to know, then calls the verb."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from children.concern_step import CONCERN, TypedSoFar
from records.lifecycle import Refused

ROWS_AT_MOST = 50


class NoQuestions(forms.Form):
    """For acts that only need a yes."""


def act_page(
    page,
    request,
    rows,
    *,
    action,
    title,
    perform,
    form_class=NoQuestions,
    words_for=str,
    explain="",
    then=None,
    about=None,
):
    """Show `form_class` for the chosen rows; when it is sent and valid, `perform(row, answers)` for each. The rows that
    are refused stay on the page, each with the reason, and what was typed stays too.

    `then(row)`: the address to go on to when the act began on one row's own page, None for that page.
    `about(row)`: the child of whom words are typed; the concern step and the file are one step away then."""
    chosen = list(rows[: ROWS_AT_MOST + 1])
    if len(chosen) > ROWS_AT_MOST:
        messages.error(request, _("Please choose at most %(number)s rows at once.") % {"number": ROWS_AT_MOST})
        return None
    sent, refused = "apply" in request.POST, {}
    typed = _typed_so_far(page, request, action, map(about, chosen), sent) if about else None
    if typed and (answer := typed.concern(page=_row_address(page, request, chosen))):
        messages.info(request, _("What you had typed is kept. It stands in the form when you open it again."))
        return answer
    form = form_class(request.POST if sent else None)
    form = typed.shown_in(form) if typed else form
    if sent and form.is_valid():
        refused = _perform(request, chosen, form.cleaned_data, perform)
        if not refused:
            if typed:
                typed.drop()
            return _back_to_the_row(page, request, chosen, then)
        chosen = [row for row in chosen if row.pk in refused]
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "form": form,
        "typed": typed,
        "action": action,
        "explain": explain,
        "chosen": [(row.pk, words_for(row), refused.get(row.pk)) for row in chosen],
        "checkbox": ACTION_CHECKBOX_NAME,
        "from_row": "from_row" in request.POST,
        "here": request.get_full_path(),
        "back": _row_address(page, request, chosen) or request.get_full_path(),
    }
    return TemplateResponse(request, "volunteers/act.html", context)


def _typed_so_far(page, request, action, children, sent):
    """The page is opened by POST as well, so what was typed is looked for unless a button on it was pressed."""
    key = f"children.child.{{child}}.{page.opts.model_name}.{action}"
    is_sent = sent or CONCERN in request.POST or "afresh" in request.POST
    typed = TypedSoFar(request, key, {child.pk: child for child in children}.values(), is_sent=is_sent)
    if "afresh" in request.POST:
        typed.drop()
    return typed


def _perform(request, chosen, answers, perform):
    """{key: words} of the rows that were refused."""
    refused = {}
    for row in chosen:
        try:
            with transaction.atomic():
                perform(row, answers)
        except Refused as refusal:
            refused[row.pk] = refusal.message
    if done := len(chosen) - len(refused):
        words = ngettext("Done for %(count)d record.", "Done for %(count)d records.", done) % {"count": done}
        messages.success(request, words)
    return refused


def _back_to_the_row(page, request, chosen, then):
    """To the row's own page when the act began there, else to the list."""
    address = _row_address(page, request, chosen)
    if address is None:
        return None
    return HttpResponseRedirect((then and then(chosen[0])) or address)


def _row_address(page, request, chosen):
    """The page of the one row on which the act began; None where it began on a list."""
    if "from_row" not in request.POST or len(chosen) != 1:
        return None
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[chosen[0].pk])


def choices_field(db_field):
    """Tick boxes for an array of choices."""
    return forms.MultipleChoiceField(
        label=capfirst(db_field.verbose_name),
        choices=db_field.base_field.choices,
        required=not db_field.blank,
        widget=forms.CheckboxSelectMultiple,
    )
