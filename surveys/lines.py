"""What the register says of a child in the boxes of the roster, in the words of the form, which rosters are read by."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Prefetch
from django.utils.translation import override

from children.ethnic_groups import ethnic_word
from children.importing.facts import UNNAMED
from children.models import Child, Kinship
from children.status import AWAY_MONTHS, Facts, left_behind
from surveys.layout import LAYOUTS, NEWEST

AT_A_TIME = 500
YES_NO = {True: "是", False: "否"}
LEVELS = {1: "一", 2: "二", 3: "三", 4: "四"}
SEX = {"M": "男", "F": "女"}
QUALITY = {"good": "较好", "fair": "一般", "poor": "差"}
LEFT_BEHIND, MIGRANT = "留守儿童", "流动儿童"
SOMEWHERE, AT_HOME, NEARBY = "务工", "在家", "本地"
GRADES = {
    "PRE": "未入园",
    **{f"K{n}": f"幼儿园{size}班" for n, size in enumerate("小中大", 1)},
    **{f"G{n}": f"{word}年级" for n, word in enumerate("一二三四五六七八九", 1)},
    **{f"G{n + 9}": f"高{word}" for n, word in enumerate("一二三", 1)},
    "OUT": "辍学",
    "NIS": "不在学",
}
RELATIONS = {
    "father": "父亲",
    "mother": "母亲",
    "grandfather_p": "祖父",
    "grandmother_p": "祖母",
    "grandfather_m": "外祖父",
    "grandmother_m": "外祖母",
    "grandparent": "祖父母或外祖父母",
    "uncle_aunt": "叔伯姑舅姨",
    "sibling": "兄弟姐妹",
    "other_relative": "其他亲属",
    "non_relative": "非亲属",
}


@dataclass(slots=True)
class Line:
    """One child's line. `texts` stand in the order of the boxes of `layout`."""

    child_id: int
    texts: list
    layout: int = NEWEST

    @classmethod
    def blank(cls, child_id, layout, words):
        """A line that tells nothing of a child but `words`."""
        texts = [""] * len(LAYOUTS[layout])
        texts[_places(layout)["child_name"]] = words
        return cls(child_id, texts, layout)

    def get(self, field):
        place = _places(self.layout).get(field)
        return "" if place is None else self.texts[place]


@cache
def _places(layout):
    return {box.field: place for place, box in enumerate(LAYOUTS[layout])}


def counted_children(code, day):
    """The children of a community who stand on its roster of that day, in the order of the form."""
    return with_families(Child.objects.filter(community=code).counted_on(day)).order_by("name_pinyin", "pk")


def with_families(children):
    """With all that a line is drawn from, read a few hundred children at a time."""
    family = Kinship.objects.select_related("adult").prefetch_related("adult__aways")
    rows = children.select_related("household", "community__parent")
    return rows.prefetch_related(Prefetch("kinships", family), "hardships", "wishes")


def draw(children, day):
    """A `Line` for each child, as the register stands; memory holds a few hundred."""
    for child in children.iterator(chunk_size=AT_A_TIME):
        yield line_of(child, day)


def line_of(child, day):
    facts = Facts.of(child, past=False)
    said = {**_own(child), **_family(child, facts, day), "category": _category(facts, day)}
    return Line(child.pk, [said.get(box.field, "") for box in LAYOUTS[NEWEST]])


def _category(facts, day):
    return LEFT_BEHIND if left_behind(facts, day) else MIGRANT


def _own(child):
    home = child.household
    return {
        "town": child.community.parent.name,
        "village": child.community.name,
        "child_name": child.name,
        "former_name": child.former_name,
        "gender": SEX[child.sex],
        "ethnicity": _ethnicity(child.ethnicity) if child.ethnicity else "",
        "birth_date": child.birth_date.isoformat()[: 10 if child.birth_precision == "day" else 7],
        "id_number": child.id_number,
        "hukou_registered": YES_NO[child.is_household_registered],
        "hukou_address": child.registered_address,
        "current_address": home.address,
        "health": child.health,
        "disability": _disability(child.disability_type, child.disability_level),
        "illness": child.illness,
        "boarding": YES_NO[child.is_boarding],
        "school": child.school,
        "grade": GRADES.get(child.grade, ""),
        "head_teacher": child.class_teacher,
        "head_teacher_phone": child.class_teacher_phone,
        "guardianship_type": QUALITY.get(child.guardianship_quality, ""),
        "income_source": home.income_source,
        "low_income": YES_NO[home.is_low_income],
        "temporary_aid": YES_NO[home.has_temporary_aid],
        "medical_aid": YES_NO[home.has_medical_aid],
        "other_aid": home.other_aid,
    }


@cache
def _disability(kind, level):
    """肢体残疾二级, as the certificate has it and the import reads it."""
    if not kind:
        return ""
    with override("zh-hans"):
        words = str(Child.DisabilityType(kind).label)
    return words.removesuffix("残疾") + "残疾" + (f"{LEVELS[level]}级" if level else "")


@cache
def _ethnicity(code):
    with override("zh-hans"):
        return ethnic_word(code)


def _family(child, facts, day):
    kinships = list(child.kinships.all())
    said = {}
    for who in ("father", "mother"):
        parent = next((k.adult for k in kinships if k.relation == who), None)
        if parent:
            said |= _parent(who, parent, day)
    away = {p.relation for p in facts.parents if p.is_away(day, AWAY_MONTHS, other_county=True)}
    carer = next((k for k in kinships if k.is_caregiver), None)
    said["both_parents_out"] = YES_NO[len(away) == 2]
    said["one_out_other_incapable"] = YES_NO[len(away) < 2 and left_behind(facts, day)]
    said["entrusted"] = YES_NO[bool(carer) and carer.relation not in ("father", "mother")]
    return said | (_carer(carer) if carer else {})


def _parent(who, adult, day):
    stay = next((s for s in adult.aways.all() if _lasts(s, day)), None)
    return {
        f"{who}_name": _name(adult),
        f"{who}_id": adult.id_number,
        f"{who}_phone": adult.phone,
        f"{who}_workplace": _workplace(stay),
        f"{who}_since": stay.since.isoformat() if stay and stay.since else "",
    }


def _lasts(stay, day):
    return (stay.since or stay.reported_on) <= day and (stay.until is None or stay.until > day)


def _workplace(stay):
    if stay is None:
        return AT_HOME
    if stay.is_other_county:
        return stay.place or SOMEWHERE
    return f"{NEARBY} {stay.place}".strip()


def _carer(kinship):
    adult = kinship.adult
    return {
        "guardian_name": _name(adult),
        "guardian_relation": RELATIONS.get(kinship.relation, ""),
        "guardian_phone": adult.phone,
        "guardian_id": adult.id_number,
    }


def _name(adult):
    return "" if adult.name == UNNAMED else adult.name
