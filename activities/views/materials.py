"""The list of materials after a session: what was there, what was used up, what is left."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from activities.models import MaterialLine, Session
from activities.models.material import left_over
from records.acting import act_once
from records.policy import visible_or_404
from records.text import clean_text

State = MaterialLine.State
LEFT_AT_MOST = 60


def materials(request, pk):
    """Each thing with three states; what is not touched stays as it is."""
    session = visible_or_404(Session.objects.select_related("activity", "home"), request.user, "change", pk=pk)
    listed = session.materials_listed()
    if not listed or session.is_cancelled or not session.has_come:
        raise Http404

    def draw():
        noted = {line.what: line for line in session.material_lines.all()}
        before = {line.what: line for line in left_over(session.activity) if line.session_id != session.pk}
        lines = [_line(request.POST, number, what, noted, before) for number, what in enumerate(listed)]
        return render(request, "activities/materials.html", {"session": session, "lines": lines})

    if request.method != "POST":
        return draw()
    return act_once(
        request,
        lambda _data: session.note_materials(*_changed(request.POST), by=request.user),
        to=f"{session.get_absolute_url()}#materials",
        said=_("The materials are noted."),
        form=forms.Form(request.POST),
        again=draw,
    )


def _line(sent, number, what, noted, before):
    """`sent` is what came back; lines are told apart by what they are, for the list may have changed meanwhile."""
    line = noted.get(what)
    state, left = (line.state, line.left) if line else (State.UNMARKED, "")
    was = next((key for key in sent if key.startswith("what-") and sent[key] == what), "").removeprefix("what-")
    return {
        "number": number,
        "what": what,
        "before": before.get(what),
        "seen": sent.get(f"seen-{was}", f"{state} {left}"),
        "state": sent.get(f"state-{was}", state),
        "left": sent.get(f"left-{was}", left),
        "states": [choice for choice in State if choice != State.UNMARKED],
    }


def _changed(sent):
    """({what: (state, what is left)} of the lines that are no longer as the page was drawn, {what: as it was})."""
    found, drawn = {}, {}
    for name in sent:
        if name.startswith("what-"):
            number = name.removeprefix("what-")
            state = sent.get(f"state-{number}", State.UNMARKED)
            left = clean_text(sent.get(f"left-{number}", ""))[:LEFT_AT_MOST]
            seen = sent.get(f"seen-{number}", "")
            if f"{state} {left}" != seen:
                found[sent[name]], drawn[sent[name]] = (state, left), seen
    return found, drawn
