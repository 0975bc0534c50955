"""What a page of a household's form that was open meanwhile still says of entries that were joined: nothing is lost."""

import re

from django.utils.translation import gettext as _

from children.adult_form import AdultRowForm
from children.models import JoinedAdult
from records.drafts import Draft, typed_in
from records.wording import listed

ROW = re.compile(r"^adult(\d{1,18})-")


def typed_of_joined(data, household):
    """[(adult kept, [(label, what was typed)])] of rows sent for adults whose entry is gone; nothing of it is saved."""
    sent = {int(found[1]) for name in data or () if (found := ROW.match(name))}
    gone = sent - set(household.adults.values_list("pk", flat=True)) if sent else set()
    today = JoinedAdult.today(gone) if gone else {}
    kept = household.adults.in_bulk(today.values())
    return [(kept[now], _in_words(data, f"adult{key}")) for key, now in sorted(today.items()) if now in kept]


def _in_words(data, prefix):
    shown = []
    for name, field in AdultRowForm.base_fields.items():
        words = dict(getattr(field, "choices", ()))
        values = [words.get(value, value) for value in data.getlist(f"{prefix}-{name}") if value.strip()]
        if values and name != "seen_version":
            shown.append((field.label, _("yes") if values == ["on"] else listed(values)))
    return shown


def carry_to_kept(user, data, there):
    """Make what was sent for a household that was joined into another the draft of that one's form, `there`.

    It was typed over versions of other rows: where it differs from what is stored now, the form says so.
    """
    typed = {name: "0" if name.endswith("-seen_version") else value for name, value in typed_in(data).items()}
    rows = {int(found[1]) for name in typed if (found := ROW.match(name))}
    for gone, kept in JoinedAdult.today(rows).items() if rows else ():
        moved = {name: typed.pop(name) for name in list(typed) if name.startswith(f"adult{gone}-")}
        for name, value in moved.items():
            typed.setdefault(f"adult{kept}-{name.partition('-')[2]}", value)
    typed.pop("household", None)
    Draft.keep(user, there.draft_key, {**(Draft.find(user, there.draft_key) or {}), **typed})
