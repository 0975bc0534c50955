"""What a child lived through, as one story: classes, notes, awards, wishes fulfilled, needs met."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from children.grades import grade_word
from children.models import GrowthNote, Need, Wish
from children.schooling import past_of
from records.attachments import owner_attachment_url

ICONS = {GrowthNote.Kind.EXPERIENCE: "leaf", GrowthNote.Kind.AWARD: "star", GrowthNote.Kind.GROWTH: "kite"}


@dataclass
class Event:
    day: dt.date
    icon: str
    kind: Any
    title: str
    text: str = ""
    note: GrowthNote | None = None
    picture_url: str = ""


def lived(child):
    """The child's events, newest first."""
    events = [Event(child.registered_on, "child", _("register"), _("The file was opened"))]
    events += _notes(child)
    events += _classes(child)
    for wish in child.wishes.filter(status=Wish.Status.FULFILLED):
        by = _("Fulfilled by %(whom)s.") % {"whom": wish.fulfilled_by} if wish.fulfilled_by else ""
        events.append(Event(wish.ended_on, "gift", _("wish fulfilled"), wish.text, by))
    for need in Need.objects.filter(child=child).exclude(met_on=None):
        events.append(Event(need.met_on, "check", _("need met"), need.get_topic_display(), need.note))
    return sorted(events, key=attrgetter("day"), reverse=True)


def _notes(child):
    for note in child.growth_notes.filter(struck_on=None):
        url = owner_attachment_url(note, "picture") if note.picture_id else ""
        yield Event(note.day, ICONS[note.kind], note.get_kind_display(), note.title, note.text, note, url)


def _classes(child):
    """The first day in each class that is known to the day."""
    spans = [(p.since, p) for p in past_of(child).defer("class_teacher_phone")]
    for since, row in [(child.school_since, child), *spans]:
        if since and (row.school or row.grade):
            words = " · ".join(str(part) for part in (row.school, grade_word(row.grade), row.school_class) if part)
            yield Event(since, "school", _("school"), words)
