"""Two entries of one adult, or of one household, side by side: which facts differ and what stands in each."""

from django.utils import formats
from django.utils.translation import gettext as _

from children.differences import Line
from children.importing.facts import UNNAMED
from children.models import Adult, Away, Household, Kinship
from children.stays import in_words
from records.privacy import FAMILY
from records.secrets import SHORTEST_WITH_LAST_FOUR, SecretField, masked
from records.wording import said_of

# What is chosen, with the columns that belong together.
FACTS = {
    Adult: {
        **{name: (name,) for name in ("name", "phone", "phone_alt", "id_number", "note")},
        "unable_since": ("unable_since", "unable_until", "unable_reason"),
    },
    Household: {name: (name,) for name in Household.personal},
}
OF_A_STAY = ["since", "expected_back_on", "place", "is_other_county", "work", "employer", "phone", "source"]


def differing(one, other):
    """Names of the facts that are not the same in both rows."""
    facts = FACTS[type(one)].items()
    return [name for name, columns in facts if any(getattr(one, c) != getattr(other, c) for c in columns)]


def is_blank(row, name):
    value = getattr(row, name)
    return value in ("", None) or (isinstance(row, Adult) and name == "name" and value == UNNAMED)


def plain(row, name):
    """The fact as the record of a joining keeps it."""
    values = [getattr(row, column) for column in FACTS[type(row)][name]]
    return [value if isinstance(value, bool) else str(value or "") for value in values]


def same_time(one, other):
    """Whether two stays of one adult can only be one: they end alike and begin alike, as far as that is known."""
    return one.until == other.until and (one.since == other.since or None in (one.since, other.since))


def one_stay_of_two(kept, gone):
    """[(stay of the adult kept, stay of the other)] of those that are one and the same."""
    mine, pairs = list(Away.objects.filter(adult=kept).order_by("pk")), []
    for other in Away.objects.filter(adult=gone).order_by("pk"):
        if twin := next((stay for stay in mine if same_time(stay, other)), None):
            mine.remove(twin)
            pairs.append((twin, other))
    return pairs


def stay_name(one, other):
    """By which name it is chosen which of the two entries of a stay is right."""
    return f"stay_{min(one.pk, other.pk)}"


def kin_of_both(kept, gone):
    """[(kinship of the adult kept, kinship of the other)] to the same child."""
    theirs = {kin.child_id: kin for kin in Kinship.objects.filter(adult=gone)}
    mine = Kinship.objects.filter(adult=kept, child__in=theirs).select_related("child").order_by("child")
    return [(kin, theirs[kin.child_id]) for kin in mine]


# For the page ---------------------------------------------------------------------------------------------------------


def lines(one, other, user):
    """Every fact that stands in either row and that `user`, a person at their place, may see."""
    shown, differ = [], set(differing(one, other))
    for name, columns in FACTS[type(one)].items():
        if not user.sees(type(one).personal[name]):
            continue
        mine, theirs = (_said(row, columns) for row in (one, other))
        if mine or theirs:
            choose = name in differ and not (is_blank(one, name) or is_blank(other, name))
            shown.append(Line(name, one._meta.get_field(name).verbose_name, mine, theirs, name in differ, choose))
    if isinstance(one, Adult) and user.sees(FAMILY):
        shown += [*_kin_lines(one, other), *_stay_lines(one, other)]
    return shown


def _said(row, columns):
    words = [_value(row, column) for column in columns]
    return " · ".join(word for word in words if word)


def _value(row, name):
    value, field = getattr(row, name), row._meta.get_field(name)
    if value in ("", None):
        return ""
    if isinstance(field, SecretField):
        return masked(value[-4:]) if len(value) >= SHORTEST_WITH_LAST_FOUR else "••••"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return formats.localize(value)


def said_otherwise(record, user):
    """[(label, what the entry kept said, what the other said)] as they stood when the two were joined."""
    model = type(record.kept)
    shown = []
    for name, both in record.facts.items():
        if name in FACTS[model] and user.sees(model.personal[name]):
            shown.append((model._meta.get_field(name).verbose_name, *(_recorded(model, name, says) for says in both)))
        elif name.startswith("kin_") and user.sees(FAMILY):
            words = dict(Kinship.Relation.choices)
            shown.append((_("relation to the child"), *(str(words.get(says, says)) for says in both)))
    return shown


def _recorded(model, name, values):
    """As `_said`, of an unsaved row that holds what was recorded."""
    columns, row = FACTS[model][name], model()
    for column, value in zip(columns, values, strict=True):
        setattr(row, column, model._meta.get_field(column).to_python(value) if value != "" else value)
    return _said(row, columns)


def _kin_lines(one, other):
    for mine, theirs in kin_of_both(one, other):
        says = [kin.get_relation_display() if kin.relation else "" for kin in (mine, theirs)]
        differs = mine.relation != theirs.relation
        label = said_of(_("relation to the child"), mine.child.name)
        yield Line(f"kin_{mine.child_id}", label, *says, differs, differs and all(says))


def _stay_lines(one, other):
    for mine, theirs in one_stay_of_two(one, other):
        differs = any(getattr(mine, name) != getattr(theirs, name) for name in OF_A_STAY)
        says = [stay_in_words(stay) for stay in (mine, theirs)]
        yield Line(stay_name(mine, theirs), _("away for work"), *says, differs, differs)


def stay_in_words(stay):
    """The stay as its timeline says it, with what the family said of the work."""
    phone = masked(stay.phone[-4:]) if stay.phone else ""
    near = "" if stay.is_other_county else _("inside this county")
    parts = [in_words(stay), near, stay.get_work_display(), stay.employer, phone, stay.get_source_display()]
    return " · ".join(part for part in parts if part)
