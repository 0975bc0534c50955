"""Each child of a household's form has one father, one mother and one who looks after it; a sister may have others."""

from django.utils.translation import gettext as _

from children.adult_form import DIFFERS
from children.models.adult import PARENTS

CARES = "is_caregiver"


def check_roles(children, adults):
    """Say it of every adult whose role for a child is another's already; `children` and `adults` are checked rows."""
    keys = [form.prefix for form in children]
    eldest = min((form.instance.pk for form in children if form.instance.pk), default=None)
    own = _own(adults, keys)
    taken: set[tuple[str, str]] = set()
    for form in adults:
        roles = _roles_of_new(form, keys) if form.instance.pk is None else _roles_on_file(form, keys, eldest, own)
        ticked = form.cleaned_data.get("only_of")
        if ticked and not set(keys).intersection(ticked):
            words = _("Nothing is filled in of the child you ticked. Tick another, or nobody for an adult of all.")
            form.add_error("only_of", words)
            continue
        if any(role != CARES for role, _key in roles & taken):
            form.add_error("only_of" if "only_of" in form.fields else "relation", _twice(len(keys)))
        if any(role == CARES for role, _key in roles & taken):
            form.add_error(CARES, _("Only one adult is noted as looking after the children day by day."))
        taken |= roles


def _twice(how_many):
    if how_many < 2:
        return _("The children already have a father or mother on this form.")
    return _("One of the children already has a father or mother on this form. Tick of which children this one is.")


def _own(adults, keys):
    """What new adults are to single children opened now: it comes before what those would have of the eldest."""
    new = {key for key in keys if key.startswith("newchild")}
    own = set()
    for form in adults:
        alone = new.intersection(form.cleaned_data.get("only_of", ()))
        own |= {(role, key) for role, key in _roles_of_new(form, keys) if key in alone}
    return own


def _roles_of_new(form, keys):
    data = form.cleaned_data
    of = [key for key in keys if key in data.get("only_of", ())] or keys
    return _roles(dict.fromkeys(of, data.get("relation")), of if data.get(CARES) else ())


def _roles_on_file(form, keys, eldest, own):
    """As the form leaves them. A child opened now belongs to whom the eldest does, but for what it has of its `own`."""
    typed, kinships = form.cleaned_data, {kin.child_id: kin for kin in form.instance.kinships.all()}
    relations = {f"child{key}": kin.relation for key, kin in kinships.items()}
    cares = {f"child{key}" for key, kin in kinships.items() if kin.is_caregiver}
    if pattern := kinships.get(eldest):
        new = [key for key in keys if key.startswith("newchild") and (pattern.relation, key) not in own]
        relations |= dict.fromkeys(new, pattern.relation)
        cares |= set(new) if pattern.is_caregiver else set()
    if "relation" in typed and typed["relation"] != DIFFERS:
        relations = dict.fromkeys(relations, typed["relation"])
    if CARES in form.changed_data:
        cares = set(relations) if typed.get(CARES) else set()
    cares = {key for key in cares if key in keys and (CARES, key) not in own}
    return _roles({key: role for key, role in relations.items() if key in keys}, cares)


def _roles(relations, cares):
    return {(role, key) for key, role in relations.items() if role in PARENTS} | {(CARES, key) for key in cares}
