"""What one row says, as facts of a file. Nothing is made up: what a row leaves open stays blank."""

import datetime
from dataclasses import dataclass

from children.importing.care_words import TOPICS, hardships_in, read_disability, wish_in, words_in
from children.importing.whereabouts import whereabouts
from children.models import Away, Hardship, Kinship, Need, Wish

UNNAMED = "不详"  # the rosters' own word; read back it is a blank
HEALTH = {"healthy": "健康", "disabled": "残疾", "ill": "患病"}
INCOME = {
    "wages": "务工",
    "farming": "种养殖",
    "relief": "救助",
    "relatives": "亲友资助",
    "business": "经商",
    "other": "其他",
}
HOBBIES = {
    "music": "音乐|唱歌|歌唱|琴|乐器",
    "dance": "舞",
    "painting": "画|书法|美术",
    "table_tennis": "乒乓",
    "life_skills": "手工|做饭|烹饪|生活",
    "reading": "阅读|读书|看书|故事",
    "sport": "体育|运动|篮球|足球|羽毛球|跑步|游泳|跳绳",
    "computer": "电脑|计算机|编程",
}
# Every relation a roster can name (data/relations.csv), as a family in a file knows it.
RELATIONS = {
    "great_grandfather": Kinship.Relation.GRANDPARENT,
    "great_grandmother": Kinship.Relation.GRANDPARENT,
    "brother": Kinship.Relation.SIBLING,
    "sister": Kinship.Relation.SIBLING,
    "sister_in_law": Kinship.Relation.OTHER_RELATIVE,
    "brother_in_law": Kinship.Relation.OTHER_RELATIVE,
    "cousin": Kinship.Relation.OTHER_RELATIVE,
    "relative": Kinship.Relation.OTHER_RELATIVE,
    **{relation.value: relation for relation in Kinship.Relation},
}
STEP = {"stepfather": "father", "stepmother": "mother"}


ADULT_SAID = ("name", "phone", "phone_alt", "id_number", "note")


@dataclass(slots=True)
class AdultFacts:
    relation: str
    name: str
    phone: str = ""
    phone_alt: str = ""
    id_number: str = ""
    note: str = ""
    is_caregiver: bool = False
    away: object = None  # whereabouts.Away, or None at home or not known
    is_unable: bool = False

    def columns(self, as_of):
        """Of the adult's own row."""
        own = {name: getattr(self, name) for name in ADULT_SAID}
        return {**own, "unable_since": as_of if self.is_unable else None}

    def stay_columns(self, as_of, by):
        """Of the stay away, which the family told on the roster's day. `by`: the key of who takes the roster in."""
        return {
            "since": self.away.since,
            "place": self.away.place,
            "is_other_county": self.away.is_other_county,
            **dict.fromkeys(["reported_on", "verified_on"], as_of),
            **dict.fromkeys(["noted_by_id", "verified_by_id"], by),
            "source": Away.Source.ROSTER,
        }


def kinship(relation, *, has_father=False, has_mother=False):
    """A step- or adoptive parent is the parent where the row names no other."""
    if parent := STEP.get(relation):
        taken = has_father if parent == "father" else has_mother
        return Kinship.Relation.OTHER_RELATIVE if taken else Kinship.Relation(parent)
    return RELATIONS.get(relation, Kinship.Relation.UNKNOWN)


def day_of(text):
    return datetime.date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def child_facts(values):
    """Columns of the child's own file."""
    get = values.get
    kind, level, unread = read_disability(get("disability", ""))
    return {
        "name": get("child_name", "")[:60],
        "former_name": get("former_name", "")[:60],
        "sex": get("gender", ""),
        "birth_date": day_of(get("birth_date")),
        "birth_precision": "day" if len(get("birth_date")) == 10 else "month",
        "ethnicity": get("ethnicity", ""),
        "id_number": get("id_number", ""),
        "registered_address": get("hukou_address", ""),
        "is_household_registered": get("hukou_registered") != "N",
        "reported_as": get("category", ""),
        "school": get("school", "")[:100],
        "grade": get("grade", ""),
        "is_boarding": get("boarding") == "Y",
        "class_teacher": get("head_teacher", "")[:60],
        "class_teacher_phone": get("head_teacher_phone", ""),
        "health": "，".join(filter(None, (HEALTH.get(get("health", ""), ""), unread)))[:200],
        "disability_type": kind,
        "disability_level": level,
        "illness": get("illness", "")[:100],
        "guardianship_quality": get("guardianship_type", ""),
        "hobbies": words_in(HOBBIES, get("hobby", "")),
        "remark": _remark(values)[:500],
    }


def kept_facts(values, as_of):
    """[(model, columns)] of what the file keeps in rows of its own: needs, a small wish, hardships."""
    said = values.get("needs", "")
    rows = [(Need, {"topic": topic, "note": said[:200], "noted_on": as_of}) for topic in words_in(TOPICS, said)]
    if wish := wish_in(said):
        rows.append((Wish, {"text": wish, "noted_on": as_of}))
    rows += [(Hardship, {"kind": kind, "note": note}) for kind, note in hardships_in(values.get("hardship", ""))]
    return rows


def _remark(values):
    get = values.get
    helper = "，".join(filter(None, (get("helper_name"), get("helper_unit"))))
    parts = [
        get("remark"),
        f"爱好：{get('hobby')}" if get("hobby") and not words_in(HOBBIES, get("hobby")) else "",
        f"学籍号：{get('student_no')}" if get("student_no") else "",
        f"户口性质：{get('hukou_type')}" if get("hukou_type") else "",
        "春蕾女童" if get("spring_bud") == "Y" else "",
        f"帮扶人：{helper}" if helper else "",
    ]
    return "；".join(filter(None, parts))


def household_facts(values):
    get = values.get
    return {
        "address": get("current_address", ""),
        "grid": get("grid", "")[:40],
        "is_low_income": get("low_income") == "Y",
        "has_temporary_aid": get("temporary_aid") == "Y",
        "has_medical_aid": get("medical_aid") == "Y",
        "other_aid": get("other_aid", "")[:200],
        "income_source": "、".join(INCOME.get(code, code) for code in get("income_source", "").split(";") if code)[
            :100
        ],
        "note": get("parents_work_note", "")[:500],
    }


def adults_of(values):
    """Father, mother and whoever looks after the child; one person once."""
    get = values.get
    places = whereabouts(values)
    parents = {who: _parent(values, who, places) for who in ("father", "mother")}
    guardian = _guardian(values, parents)
    family = [adult for adult in (*parents.values(), guardian) if adult]
    spare = get("parent_phone", "")
    if spare and not any(spare in (adult.phone, adult.phone_alt) for adult in family):
        without = next((parent for parent in parents.values() if parent and not parent.phone), None)
        if without:
            without.phone = spare
        elif first := next((parent for parent in parents.values() if parent and not parent.phone_alt), None):
            first.phone_alt = spare
    return family


def _parent(values, who, places):
    name, phone, number = (values.get(f"{who}_{what}", "") for what in ("name", "phone", "id"))
    place = places.get(who)
    if not (name or phone or number or place.away or place.is_unable):
        return None
    return AdultFacts(
        Kinship.Relation(who),
        name[:60] or UNNAMED,
        phone,
        id_number=number,
        away=place.away,
        is_unable=place.is_unable,
    )


def _guardian(values, parents):
    """A new adult who cares; None where there is none, or where it is a parent, who is then marked as caring."""
    get = values.get
    name, phone, relation = get("guardian_name", "")[:60], get("guardian_phone", ""), get("guardian_relation", "")
    if not (name or phone or relation):
        return None
    has = {f"has_{who}": bool(parent) for who, parent in parents.items()}
    kin = kinship(relation, **has)
    same = next((p for who, p in parents.items() if p and _is_parent(p, who, name, relation)), None)
    if same:
        same.is_caregiver, same.name = True, name if same.name == UNNAMED and name else same.name
        if phone and phone != same.phone:  # the guardian's phone is what a later roster is compared by
            same.phone, same.phone_alt = phone, same.phone
        same.phone_alt = same.phone_alt or get("guardian_phone_alt", "")
        same.id_number = same.id_number or get("guardian_id", "")
        return None
    if kin in ("father", "mother") and parents[kin]:
        kin = Kinship.Relation.UNKNOWN  # another name than the parent's own
    return AdultFacts(
        kin,
        name or UNNAMED,
        phone,
        get("guardian_phone_alt", ""),
        get("guardian_id", ""),
        "；".join(filter(None, ("已委托监护" if get("entrusted") == "Y" else "", get("guardian_address"))))[:200],
        is_caregiver=True,
    )


def _is_parent(parent, who, name, relation):
    if relation in (who, STEP and next((s for s, p in STEP.items() if p == who), "")):
        return not name or parent.name in (name, UNNAMED)
    return bool(name) and not relation and parent.name == name


def enrich(child, values):
    """Fill what the file leaves blank; what stands there stays. The names of the fields that changed."""
    changed = []
    facts = child_facts(values)
    if child.disability_type and child.disability_type != facts["disability_type"]:
        facts["disability_level"] = None  # the level of another disability
    for name, value in facts.items():
        if name in FILLED_WHEN_BLANK and value and not getattr(child, name):
            setattr(child, name, value)
            changed.append(name)
    said = values.get("birth_date", "")
    if len(said) == 10 and child.birth_precision == "month" and said[:7] == child.birth_date.isoformat()[:7]:
        child.birth_date, child.birth_precision = day_of(said), "day"
        changed += ["birth_date", "birth_precision"]
    return changed


FILLED_WHEN_BLANK = {
    *["former_name", "ethnicity", "id_number", "registered_address", "reported_as", "school", "grade"],
    *["class_teacher", "class_teacher_phone", "health", "illness", "guardianship_quality", "hobbies", "remark"],
    *["disability_type", "disability_level"],
}
