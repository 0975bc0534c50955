"""Says in a sentence why a helper was suggested, and why a child is left over."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from children.models import Child
from volunteers.kinds import Language
from volunteers.matching.bars import BARS
from volunteers.matching.scores import WEIGHTS

NAMED = {"topics": Child.Topic, "hobbies": Child.Hobby, "languages": Language}
MEANING = {weight.key: weight.meaning for weight in WEIGHTS}


def why(line):
    """One sentence for a line of a proposal."""
    return _why_suggested(line) if line.volunteer_id else _why_left(line)


def _why_suggested(line):
    if not line.reasons:
        return _("No rule stands against it; nothing in particular speaks for it.")
    return capfirst(_("; ").join(_reason(text) for text in line.reasons) + _("."))


def _reason(text):
    key, _points, found = text.split(":", 2)
    words = str(MEANING[key])
    if key in NAMED:
        names = _(", ").join(str(NAMED[key](one).label) for one in found.split(",") if one in NAMED[key].values)
        words = _("%(what)s (%(names)s)") % {"what": words, "names": names}
    return words


def _why_left(line):
    key, _colon, number = (line.reasons[0] if line.reasons else "bars:0").partition(":")
    if key == "taken":
        count = int(number)
        words = ngettext(
            "%(count)d helper could come, but accompanies another child in this proposal: one more place is needed.",
            "%(count)d helpers could come, but all their places are given to others in this proposal: "
            "more places are needed.",
            count,
        )
        return words % {"count": count}
    if key == "family":
        return _(
            "No helper may take all %(count)s brothers and sisters together. They could have different helpers."
        ) % {"count": number}
    if key not in BARS:
        return _("No helper here offers to help in this way.")
    counts = [text.partition(":") for text in line.reasons]
    said = [BARS[bar].words % int(count) for bar, _colon, count in counts if bar in BARS]
    return _("No helper here may be suggested: %(bars)s.") % {"bars": _("; ").join(said)}


def cost(lost):
    """What a change costs, (priority children, children, points) lost, or brings, in words."""
    priority, children, points = lost
    if priority > 0:
        return ngettext(
            "%(count)d priority child fewer has a helper", "%(count)d priority children fewer have a helper", priority
        ) % {"count": priority}
    if children > 0:
        return ngettext("%(count)d child fewer has a helper", "%(count)d children fewer have a helper", children) % {
            "count": children
        }
    if points > 0 and not priority and not children:
        return ngettext("%(count)d point less in all", "%(count)d points less in all", points) % {"count": points}
    if priority < 0:
        return ngettext(
            "%(count)d priority child more has a helper", "%(count)d priority children more have a helper", -priority
        ) % {"count": -priority}
    if children < 0:
        return ngettext("%(count)d child more has a helper", "%(count)d children more have a helper", -children) % {
            "count": -children
        }
    if points < 0:
        return ngettext("%(count)d point more in all", "%(count)d points more in all", -points) % {"count": -points}
    return _("costs nothing")
