from django.utils.translation import gettext_lazy as _

from activities.models import Session
from records.papers import paper

SPARE_LINES = 5


@paper("sign_in_sheet", model="activities.Session", title=_("Sign-in sheet"))
def sign_in_sheet(rows, user):
    """The children on the roll with lines to sign, and empty lines for those who come unexpected."""
    sessions = {s.pk: s for s in Session.objects.filter(pk__in=[r.pk for r in rows]).select_related(*_SHOWN)}
    sheets = []
    for row in rows:
        session = sessions[row.pk]
        children = session.roll() if session.activity.takes_children else []
        names = [(child.name, child.number) for child in children]
        spare = range(len(names) + 1, len(names) + 1 + SPARE_LINES)
        sheets.append({"session": session, "names": names, "spare": spare})
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


_SHOWN = ["activity__leader", "activity__helper", "community"]
