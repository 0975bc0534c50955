from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.access import LATEST, looks_at, seers
from children.guardian_copy import readable
from records.papers import paper


@paper("file_summary", model="children.child", title=_("File summary"), shows_secrets=True)
def file_summary(rows, user):
    """Everything on file about a child that the person who prints may see, for the guardian to keep or correct."""
    sheets = [(child, readable(child, user)) for child in rows]
    return {"sheets": sheets, "day": timezone.localdate(), "by": user.name, "back_url": _back(rows)}


@paper("file_access", model="children.child", title=_("Who can see this file"))
def file_access(rows, user):
    """Everybody who can open the file today and who looked lately, for the guardian."""
    sheets = [(child, seers(child), looks_at(child)) for child in rows]
    return {"sheets": sheets, "day": timezone.localdate(), "by": user.name, "latest": LATEST, "back_url": _back(rows)}


def _back(rows):
    return reverse("children:file", args=[rows[0].pk]) if len(rows) == 1 else ""
