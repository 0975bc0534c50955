from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.access import LATEST, looks_at, seers
from children.guardian_copy import readable
from children.models import Child, ParentContact
from records.papers import paper
from records.policy import NotVisible
from records.privacy import FAMILY
from records.trail import log_read


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


@paper("parent_contacts", model="children.Adult", title=_("Tried to reach them"))
def parent_contacts(rows, user):
    """All tries to reach each adult, in the order of their days, struck ones among them."""
    tries = ParentContact.with_struck.order_by("tried_on", "pk").select_related("tried_by", "struck_by")
    sheets = sheets_of_a_log(rows, user, tries, of="adult", log="children:parent_contact")
    log_read(user, Child.objects.visible_to(user).filter(kinships__adult__in=rows).distinct().order_by("pk"))
    return sheets


def sheets_of_a_log(rows, user, entries, *, of, log):
    """All `entries` about each of `rows`, whose foreign key is called `of`; `log` is the route of the page of one."""
    model = entries.model
    view = f"{model._meta.app_label}.view_{model._meta.model_name}"
    seen = [user.at(row.community_id) for row in rows]
    if not all(here.has_perm(view) and here.sees(FAMILY) for here in seen):
        raise NotVisible(model, rows[0].pk)
    of_each: dict = {row.pk: [] for row in rows}
    for entry in entries.visible_to(user).filter(**{f"{of}__in": rows}):
        of_each[getattr(entry, f"{of}_id")].append(entry)
    return {
        "sheets": [(row, of_each[row.pk]) for row in rows],
        "day": timezone.localdate(),
        "by": user.name,
        "back_url": reverse(log, args=[rows[0].pk]) if len(rows) == 1 else "",
    }


def _back(rows):
    return reverse("children:file", args=[rows[0].pk]) if len(rows) == 1 else ""
