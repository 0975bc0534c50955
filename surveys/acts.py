"""Which acts on a child's file made its line of a roster say something else: read from the trail."""

from collections import defaultdict

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from children.models import Adult, Away, Child, Household, JoinedAdult, Kinship
from records.trail import TrailEntry
from records.wording import listed

LATEST = 5  # acts told of one line
STATUS = {"category", "both_parents_out", "one_out_other_incapable"}
STAYS = STATUS | {"father_workplace", "father_since", "mother_workplace", "mother_since"}
CARER = {"entrusted", "guardian_name", "guardian_relation", "guardian_phone", "guardian_id"}
PHONES = {"father_phone", "mother_phone", "guardian_phone"}
ID_NUMBERS = {"father_id", "mother_id", "guardian_id"}
FAMILY_BOXES = STAYS | CARER | PHONES | ID_NUMBERS | {"father_name", "mother_name"}
AID = {"is_low_income": "low_income", "has_temporary_aid": "temporary_aid", "has_medical_aid": "medical_aid"}
FEEDS = {  # model -> field -> the boxes that `surveys.lines` draws from it
    Child: {
        **{name: {name} for name in ("former_name", "ethnicity", "birth_date", "id_number")},
        **{name: {name} for name in ("health", "illness", "school", "grade")},
        "name": {"child_name"},
        "sex": {"gender"},
        "birth_precision": {"birth_date"},
        "is_household_registered": {"hukou_registered"},
        "registered_address": {"hukou_address"},
        **dict.fromkeys(["disability_type", "disability_level"], {"disability"}),
        "is_boarding": {"boarding"},
        "class_teacher": {"head_teacher"},
        "class_teacher_phone": {"head_teacher_phone"},
        "guardianship_quality": {"guardianship_type"},
        "kinship": FAMILY_BOXES,  # of a roster that added one
        "away": STAYS,
    },
    Household: {
        **{name: {box} for name, box in AID.items()},
        **{name: {name} for name in ("income_source", "other_aid")},
        "address": {"current_address"},
    },
    Adult: {
        "name": {"father_name", "mother_name", "guardian_name"},
        "phone": PHONES,
        "id_number": ID_NUMBERS,
        **dict.fromkeys(["unable_since", "unable_until"], STATUS),
        **dict.fromkeys(["relation", "is_caregiver"], FAMILY_BOXES),
    },
    Kinship: dict.fromkeys(["relation", "is_caregiver", "adult"], FAMILY_BOXES),
    Away: dict.fromkeys(["since", "until", "reported_on", "place", "is_other_county"], STAYS),
}
BY_FIELDS = [  # verbs whose entries name the fields that were changed
    *["changed", "completed", "changed the class", "corrected the class", "moved up a grade"],
    *["corrected a stay away", "ended a stay away"],
    *["joined another entry into this one", "joined another household into this one"],
]
WHOLE = {  # verbs whose entries name none, or not all -> the boxes that follow from them
    **dict.fromkeys(["added", "tied an adult", "untied an adult", "changed the kinship"], FAMILY_BOXES),
    **dict.fromkeys(["merged another file into this one", "joined two entries of an adult"], FAMILY_BOXES),
    "took back what a roster completed": FAMILY_BOXES,
    "changed the caregiver": CARER,
    "noted a stay away": STAYS,
    "rated the guardianship": {"guardianship_type"},
}


def acts_on(boxes, since, until=None):
    """{child key: words} of what was done to those files in that time, the newest first; two queries a model.

    `boxes`: of each child the names of those boxes of its line that say something else. `since`, `until`: moments.
    """
    found = defaultdict(list)
    for model, of_child in _rows_of(boxes).items():
        about = {"model_label": model._meta.label_lower, "object_key__in": of_child, "verb__in": [*BY_FIELDS, *WHOLE]}
        entries = TrailEntry.objects.acts().filter(**about, refused=False, at__gt=since)
        entries = entries.filter(at__lte=until) if until else entries
        for entry in entries.only("at", "verb", "object_key", "fields"):
            fed = _fed(model, entry)
            for child in of_child[entry.object_key]:
                if fed & boxes[child]:
                    found[child].append(entry)
    return {child: _in_words(entries) for child, entries in found.items()}


def _fed(model, entry):
    """The boxes that may say something else after this act."""
    return WHOLE.get(entry.verb, set()).union(*(FEEDS[model].get(name, ()) for name in entry.fields))


def _rows_of(children):
    """{model: {key as the trail has it: keys of the children whose lines it stands in}}."""
    rows = {model: defaultdict(list) for model in FEEDS}
    for child, household in Child.objects.filter(pk__in=children).values_list("pk", "household"):
        rows[Child][str(child)].append(child)
        rows[Household][str(household)].append(child)
    family = defaultdict(list)
    for key, child, adult in Kinship.objects.filter(child__in=children).values_list("pk", "child", "adult"):
        rows[Kinship][str(key)].append(child)
        rows[Adult][str(adult)].append(child)
        family[adult].append(child)
    for key, adult in JoinedAdult.objects.filter(kept__in=family).values_list("gone_key", "kept"):
        rows[Adult][str(key)] += family[adult]
    for key, adult in Away.objects.filter(adult__in=family).values_list("pk", "adult"):
        rows[Away][str(key)] += family[adult]
    return rows


def _in_words(entries):
    latest = sorted(entries, key=lambda entry: entry.pk, reverse=True)
    said = dict.fromkeys((entry.verb, timezone.localdate(entry.at)) for entry in latest)
    acts = [_("%(act)s (%(day)s)") % {"act": _(verb), "day": date_format(day)} for verb, day in list(said)[:LATEST]]
    return listed(acts)
