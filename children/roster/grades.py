"""School grades: K1–K3, G1–G12, PRE (not yet in kindergarten), OUT (dropped out), NIS (not in school)."""

import re

from children.roster.cells import remembered, text_of
from records.text import clean_code

_HAN = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_N = r"(十[一二]|1[0-2]|[一二三四五六七八九十1-9])"
_CLASS = r"(?:[(\[-]?\s*[\d一二三四五六七八九十]{0,3}\s*[)\]]?\s*班?)?"
_STAGES = {
    "小学": 0,
    "小": 0,
    "初中": 6,
    "初": 6,
    "高中": 9,
    "高": 9,
    "中职": 9,
    "职高": 9,
    "职业高中": 9,
    "职中": 9,
    "中专": 9,
    "技校": 9,
    "职": 9,
    "普高": 9,
}
_WORDS = [
    (re.compile(r"(幼儿园)?\s*(大|中|小)\s*班"), lambda found: {"小": "K1", "中": "K2", "大": "K3"}[found[2]]),
    (re.compile("(幼儿园)?学前班"), lambda found: "K3"),
    (
        re.compile("(幼儿园)?(?:未入园|未上园|未入幼儿园|未上幼儿园|未入学|未上学|学龄前|散居|托班)"),
        lambda found: "PRE",
    ),
    (re.compile("()辍学|失学"), lambda found: "OUT"),
    (re.compile("()不在学|未在学|不在校|已毕业"), lambda found: "NIS"),
]
_IN_STAGE = re.compile(
    rf"(小学|初中|职业高中|普高|高中|中职|职高|职中|中专|技校|初|高|职|小)\s*{_N}\s*(?:年\s*级?|班)?{_CLASS}"
)
_PLAIN = re.compile(rf"{_N}\s*年\s*(?:级{_CLASS}|\Z|(?=[(\d]))")
_CLASS_ONLY = re.compile(
    rf"{_N}(?:[(\[]\s*[\d一二三四五六七八九十]+\s*[)\]]|[-.][\d]+|(?<=[一二三四五六七八九])\d+)班?"
)
_CODE = re.compile(r"(?:K[1-3]|G(?:1[0-2]|[1-9])|PRE|OUT|NIS)\Z", re.IGNORECASE)
_SCHOOL_END = re.compile(r"(?:学|校|园|院)\Z")


def _number(word):
    return int(word) if word.isdigit() else _HAN[word]


def _grade(number, stage=""):
    base = _STAGES.get(stage, 0)
    top = {0: 6 if stage else 12, 6: 4, 9: 3}[base]
    if number > top:  # 初中七年级 counts from the first year of school
        return f"G{number}" if base < number <= 12 else ""
    return f"G{base + number}"


def _readings(text):
    """(start, stage word, grade) of everything in the text that reads as a grade."""
    for pattern, read in _WORDS:
        for found in pattern.finditer(text):
            yield found.start(), found[1] or "", read(found)
    for found in _IN_STAGE.finditer(text):
        yield found.start(), found[1], _grade(_number(found[2]), found[1])
    for pattern in (_PLAIN, _CLASS_ONLY):
        for found in pattern.finditer(text):
            yield found.start(), "", _grade(_number(found[1]))


@remembered
def grade_of(cell):
    """(grade, whether something was written that names none)."""
    text = clean_code(text_of(cell))
    if not text:
        return "", False
    if _CODE.match(text):
        return text.upper(), False
    if re.fullmatch(rf"{_N}", text.removesuffix(".0")):
        return _grade(_number(text.removesuffix(".0"))), False
    found = sorted((start, -len(stage), grade) for start, stage, grade in _readings(text) if grade)
    if found:
        return found[0][2], False
    return "", text not in {"小学", "初中", "高中", "幼儿园", "中职", "中专", "职高"}


@remembered
def school_and_grade_of(cell):
    """(school, grade): the school is what stands before the grade. 万春小学三年级2班 is grade three of 万春小学."""
    text = text_of(cell)
    code = _half_width(text)
    best = None
    for start, stage, grade in _readings(code):
        if not grade:
            continue
        before = code[:start].rstrip(" 、,/-(:")
        ends = before and (_SCHOOL_END.search(before) or (stage in {"初中", "高中"} and before.endswith("中")))
        if stage not in {"", "初", "高", "职"} and before and not ends:
            start += len(stage)  # the word ends the school's name: 万春小学｜三年级
            before = code[:start].rstrip()
            grade = next((g for s, _stage, g in _readings(code[start:]) if not s and g), grade)
        rank = (bool(before) and not _SCHOOL_END.search(before), start)
        if best is None or rank < best[0]:
            best = (rank, start, grade)
    if best is None:
        return text, ""
    return text[: best[1]].rstrip(" 、，,/-—(（:：；;"), best[2]


def _half_width(text):
    """Same length as before, so that places in it are places in the original."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
