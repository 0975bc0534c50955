"""Which acts on a child's file made its line of a roster say something else: read from the trail."""

from collections import defaultdict

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from children.models import Adult, Away, Child, Household, Kinship
from records.privacy import BASIC, CARE, FAMILY
from records.trail import TrailEntry
from records.wording import listed

LATEST = 5  # acts told of one line
TOLD = {  # verb -> the class of facts it is about
    **dict.fromkeys(["changed", "completed", "took back what a roster completed"], BASIC),
    **dict.fromkeys(["changed the class", "corrected the class", "moved up a grade"], BASIC),
    **dict.fromkeys(["added", "changed the caregiver", "merged another file into this one"], FAMILY),
    **dict.fromkeys(["noted a stay away", "corrected a stay away", "ended a stay away"], FAMILY),
    "rated the guardianship": CARE,
}
IN_A_LINE = {  # the fields that `surveys.lines` draws from; an act that names none of them changed nothing in a line
    Child: {
        *["name", "former_name", "sex", "ethnicity", "birth_date", "birth_precision", "id_number"],
        *["is_household_registered", "registered_address", "health", "disability_type", "disability_level", "illness"],
        *["is_boarding", "school", "grade", "class_teacher", "class_teacher_phone", "guardianship_quality"],
        *["household", "kinship", "away"],
    },
    Household: {
        *["address", "is_low_income", "has_temporary_aid", "has_medical_aid", "other_aid", "income_source"],
    },
    Adult: {"name", "phone", "id_number", "unable_since", "relation", "is_caregiver"},
    Kinship: {"relation", "is_caregiver", "adult"},
    Away: {"since", "until", "reported_on", "place", "is_other_county"},
}


def acts_on(children, since, until=None, user=None):
    """{child key: words} of what was done to those files in that time, the newest first; two queries a model.

    `since`, `until`: moments; only acts on facts that `user` may see, where one is given.
    """
    found = defaultdict(list)
    for model, of_child in _rows_of(children).items():
        about = {"model_label": model._meta.label_lower, "object_key__in": of_child, "verb__in": _told_to(user)}
        entries = TrailEntry.objects.acts().filter(**about, refused=False, at__gt=since)
        entries = entries.filter(at__lte=until) if until else entries
        for entry in entries.only("at", "verb", "object_key", "fields"):
            if not entry.fields or IN_A_LINE[model].intersection(entry.fields):
                for child in of_child[entry.object_key]:
                    found[child].append(entry)
    return {child: _in_words(entries) for child, entries in found.items()}


def _told_to(user):
    return [verb for verb, facts in TOLD.items() if user is None or user.sees(facts)]


def _rows_of(children):
    """{model: {key as the trail has it: keys of the children whose lines it stands in}}."""
    rows = {model: defaultdict(list) for model in IN_A_LINE}
    for child, household in Child.objects.filter(pk__in=children).values_list("pk", "household"):
        rows[Child][str(child)].append(child)
        rows[Household][str(household)].append(child)
    family = defaultdict(list)
    for key, child, adult in Kinship.objects.filter(child__in=children).values_list("pk", "child", "adult"):
        rows[Kinship][str(key)].append(child)
        rows[Adult][str(adult)].append(child)
        family[adult].append(child)
    for key, adult in Away.objects.filter(adult__in=family).values_list("pk", "adult"):
        rows[Away][str(key)] += family[adult]
    return rows


def _in_words(entries):
    latest = sorted(entries, key=lambda entry: entry.pk, reverse=True)
    said = dict.fromkeys((entry.verb, timezone.localdate(entry.at)) for entry in latest)
    acts = [_("%(act)s (%(day)s)") % {"act": _(verb), "day": date_format(day)} for verb, day in list(said)[:LATEST]]
    return listed(acts)
