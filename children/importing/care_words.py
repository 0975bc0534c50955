"""Health, hardship and needs as rosters write them, read into kinds; what cannot be read stays in a note."""

import re

from children.models import Child, Hardship

NOTHING = re.compile(r"(无|否|没有|暂无|不详|健康|正常|良好|n/?a|none|no)?[。.]?\Z", re.IGNORECASE)
TYPES = {
    "视力": Child.DisabilityType.SIGHT,
    "听力": Child.DisabilityType.HEARING,
    "言语": Child.DisabilityType.SPEECH,
    "语言": Child.DisabilityType.SPEECH,
    "肢体": Child.DisabilityType.PHYSICAL,
    "智力": Child.DisabilityType.INTELLECTUAL,
    "精神": Child.DisabilityType.MENTAL,
    "多重": Child.DisabilityType.MULTIPLE,
}
LEVEL = re.compile(r"([一二三四1-4壹贰叁肆])\s*级")
LEVELS = {sign: number for signs in ("一二三四", "1234", "壹贰叁肆") for number, sign in enumerate(signs, 1)}
LEFT_OVER = re.compile(r"(残疾|级|类|人|证|程度|[一二三四1-4壹贰叁肆\s,，、。.;；:：()（）/-])+")
KINDS = {
    Hardship.Kind.LOW_INCOME: "低保|低收入|贫困|特困|困难家庭",
    Hardship.Kind.ILLNESS: "重病|大病|重大疾病|患病|白血病|癌",
    Hardship.Kind.DISABILITY: "残疾|重残",
    Hardship.Kind.ORPHAN: "孤儿",
    Hardship.Kind.UNATTENDED: "无人抚养|无人监护",
    Hardship.Kind.ONE_PARENT: "单亲|离异|丧父|丧母",
    Hardship.Kind.PRISON: "服刑|在押|戒毒",
    Hardship.Kind.DISASTER: "灾|事故|意外",
}
TOPICS = {
    Child.Topic.STUDY: "学习|学业|功课|作业|辅导",
    Child.Topic.PSYCHOLOGY: "心理",
    Child.Topic.LAW: "法律|维权",
    Child.Topic.SAFETY: "安全",
    Child.Topic.SELF_PROTECTION: "自护|自我保护",
}


def words_in(table, text):
    return [code for code, words in table.items() if re.search(words, text)]


def read_disability(text):
    """(type, level, what is left to note) of words such as 肢体残疾二级; two types make a multiple disability."""
    text = text.strip()
    if NOTHING.match(text):
        return "", None, ""
    types = list(dict.fromkeys(kind for word, kind in TYPES.items() if word in text))
    level = LEVEL.search(text)
    if not types:
        return "", None, text
    rest = LEFT_OVER.sub("", re.sub("|".join(TYPES), "", text))
    kind = types[0] if len(types) == 1 else Child.DisabilityType.MULTIPLE
    note = text if rest or len(types) > 1 else ""
    return kind, LEVELS[level[1]] if level else None, note


def hardships_in(text):
    """[(kind, note)]: each kind the words name; the words themselves stay with the first."""
    text = text.strip()
    if NOTHING.match(text):
        return []
    kinds = words_in(KINDS, text) or [Hardship.Kind.OTHER]
    return [(kind, text[:200] if place == 0 else "") for place, kind in enumerate(kinds)]


def wish_in(text):
    text = text.strip()
    return "" if NOTHING.match(text) else text[:200]
