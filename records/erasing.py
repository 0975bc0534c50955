"""Personal values of rows made blank: what stays are keys, dates of acts and whatever is declared not personal.

`personal` (`records.privacy`) says which columns these are. A column that can be neither null nor empty is given its
model's `erased` value, else the earliest day, nought or no.
"""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models

from records.attachments import Attachment, delete_attachments
from records.versions import Versioned

EARLIEST = dt.date(1900, 1, 1)


def said(name, instead="-"):
    """For `erased`: that something stood in this column, where a rule of the table asks for it, but not what."""
    return models.Case(models.When(**{name: ""}, then=models.Value("")), default=models.Value(instead))


def wipe(rows):
    """Blank every personal column of the queryset `rows`; pictures go with their files."""
    model = rows.model
    keys = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    found = model._base_manager.filter(pk__in=keys)
    names = [name for name in model.personal if not model._meta.get_field(name).many_to_many]
    fields = [model._meta.get_field(name) for name in names]
    pictures = [field for field in fields if field.related_model is Attachment]
    held = [key for field in pictures for key in found.values_list(field.attname, flat=True) if key]
    if any(not field.null for field in pictures):
        found.delete()  # the row is the picture
    else:
        blanks = {field.name: blank(model, field) for field in fields if not (field.is_relation and not field.null)}
        if issubclass(model, Versioned):
            blanks["version"] = models.F("version") + 1
        if blanks:
            found.update(**blanks)
    delete_attachments(held)
    return len(keys)


def blank(model, field):
    """What an erased column holds."""
    erased = getattr(model, "erased", {})
    if field.name in erased:
        return erased[field.name]
    if field.null:
        return None
    match field:
        case ArrayField():
            return []
        case models.JSONField():
            return {}
        case models.BooleanField():
            return False
        case models.DateTimeField():
            return dt.datetime.combine(EARLIEST, dt.time(), dt.UTC)
        case models.DateField():
            return EARLIEST
        case models.IntegerField() | models.DecimalField():
            return 0
    return ""
