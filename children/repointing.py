"""Rows that named a file, an adult or a household that goes name the one that is kept."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from records.lifecycle import Refused
from records.versions import Versioned


def repoint(rows, name, kept):
    """How many of `rows` lead to `kept` by their key `name` from now on; `Refused` where a rule allows only one."""
    newer = {"version": F("version") + 1} if issubclass(rows.model, Versioned) else {}
    try:
        with transaction.atomic():
            return rows.update(**{name: kept}, **newer)
    except IntegrityError as error:
        raise Refused(_what_stands_against(rows.model, error)) from error


def _what_stands_against(model, error):
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    rule = next((c for c in model._meta.constraints if c.name == name), None)
    words = _("Both have an entry of a kind that there can be only one of (%(kind)s): %(rule)s")
    return words % {"kind": model._meta.verbose_name_plural, "rule": rule.violation_error_message if rule else ""}
