"""The way from any form to the concern step and back: nothing typed is lost, nothing has to be right first."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.forms import FileField
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from records.drafts import Draft, as_sent, typed_in

CONCERN = "concern"  # the name of the button on every form


def set_aside_for_a_concern(request, key, child, *, step=None, page=None):
    """Keep what was typed as the form's draft and lead to the concern step, which leads back to the form.

    `page`: the address that shows the form, where it is sent to another."""
    typed = {name: value for name, value in typed_in(request.POST).items() if name != CONCERN}
    try:
        Draft.keep(request.user, key, typed)
    except ValidationError:
        pass  # too long for a draft: the concern is not held up by it
    step = step or reverse("children:raise_concern", args=[child.pk])
    return redirect(f"{step}?{urlencode({'next': page or request.get_full_path()})}")


class TypedSoFar:
    """What was typed on a form about one of `children`, from the concern step and back. `key`: of its draft; one that
    begins as `children.erasing` looks for, so that it goes with the file. Where the children are of several families
    it holds `{child}`, for the one whom the concern is about. `is_sent`: of a form that is also opened by POST."""

    def __init__(self, request, key, children, *, is_sent=None):
        self.request, self.key, self.children = request, key, list(children)
        self.keys = {key.format(child=child.pk) for child in self.children} or {key}
        self.draft = None
        is_sent = request.method == "POST" if is_sent is None else is_sent
        if not is_sent and "afresh" not in request.GET:
            self.draft = Draft.find(request.user, *self.keys)

    def shown_in(self, form):
        """The form, not sent yet, with what was set aside in it and nothing checked; files have to be chosen again."""
        data = as_sent(self.draft or {})
        for name, field in form.fields.items() if self.draft else ():
            sent_as = form.add_prefix(name)
            is_file = isinstance(field, FileField)
            if not is_file and not field.widget.value_omitted_from_data(data, {}, sent_as):
                form.initial[name] = field.widget.value_from_datadict(data, {}, sent_as)
        return form

    def concern(self, *, step=None, page=None):
        """The way to the concern step where its button was pressed; None otherwise, 404 for anybody else's child.

        `step`, `page`: as in `set_aside_for_a_concern`."""
        if CONCERN not in self.request.POST:
            return None
        about = next((c for c in self.children if str(c.pk) == self.request.POST[CONCERN]), None)
        if about is None:
            raise Http404
        key = self.key.format(child=about.pk)
        return set_aside_for_a_concern(self.request, key, about, step=step, page=page)

    def drop(self):
        """The form is done: nothing of it is waiting any more."""
        Draft.drop(self.request.user, *self.keys)


def form_to_return_to(request):
    """The form that led here, as an address on this site; empty when there is none."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address[:500] if is_ours and address.startswith("/") else ""
