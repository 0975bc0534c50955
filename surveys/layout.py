"""How a roster is laid out: the boxes of the national form of 2016, which facts each holds, and who may see it.

A frozen line keeps its texts in the order of the layout it was drawn by. A layout is never changed once a roster was
handed in by it: a new one is added to `LAYOUTS`.
"""

from dataclasses import dataclass
from itertools import groupby

from children.roster.words import FIELDS
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET


@dataclass(frozen=True)
class Box:
    """One column: its name among a roster's facts, the words of its header from the outermost in, its class."""

    field: str
    words: tuple[str, ...]
    facts: str
    width: int = 10

    @property
    def label(self):
        return FIELDS[self.field]


def _under(group, *boxes):
    return tuple(Box(field, (group, *words.split("/")), facts, width) for field, words, facts, width in boxes)


PLACE = ("town", "village")  # the same in every line of a roster, and therefore never a difference

LAYOUT_1 = (
    Box("town", ("乡镇(街道)",), BASIC, 14),
    Box("village", ("村(社区)",), BASIC, 14),
    *_under(
        "儿童个人基本情况",
        ("child_name", "姓名", BASIC, 10),
        ("gender", "性别", BASIC, 6),
        ("ethnicity", "民族", BASIC, 8),
        ("birth_date", "出生日期", BASIC, 12),
        ("id_number", "公民身份号码", SECRET, 21),
        ("hukou_registered", "是否登记户口", FAMILY, 8),
        ("hukou_address", "户籍所在地", CONTACT, 26),
        ("current_address", "现居住地", CONTACT, 26),
        ("health", "身体情况", HEALTH, 10),
        ("disability", "残疾类别及等级", HEALTH, 10),
        ("illness", "患病类型", HEALTH, 10),
        ("boarding", "是否学校寄宿", BASIC, 8),
        ("grade", "就学情况", BASIC, 10),
    ),
    *_under(
        "家庭情况",
        ("father_name", "父亲/姓名", FAMILY, 10),
        ("father_workplace", "父亲/当前务工地点", FAMILY, 16),
        ("father_phone", "父亲/联系电话", CONTACT, 14),
        ("mother_name", "母亲/姓名", FAMILY, 10),
        ("mother_workplace", "母亲/当前务工地点", FAMILY, 16),
        ("mother_phone", "母亲/联系电话", CONTACT, 14),
    ),
    *_under(
        "监护情况",
        ("both_parents_out", "父母双方同时外出", FAMILY, 8),
        ("one_out_other_incapable", "父母一方外出、另一方无监护能力", FAMILY, 10),
        ("entrusted", "父母外出有无委托其他监护人", FAMILY, 8),
        ("guardian_name", "受委托监护人情况/委托监护人姓名", FAMILY, 10),
        ("guardian_relation", "受委托监护人情况/与被监护人关系", FAMILY, 10),
        ("guardian_phone", "受委托监护人情况/受委托监护人电话", CONTACT, 14),
        ("guardian_id", "受委托监护人情况/公民身份号码", SECRET, 21),
        ("guardianship_type", "监护类型", CARE, 8),
    ),
    Box("income_source", ("家庭经济来源",), BASIC, 12),
    *_under(
        "救助帮扶情况",
        ("low_income", "享受低保", BASIC, 8),
        ("temporary_aid", "临时救助", BASIC, 8),
        ("medical_aid", "医疗救助", BASIC, 8),
        ("other_aid", "其他救助", BASIC, 8),
    ),
    # What the form's boxes leave out and the register holds.
    Box("category", ("儿童类别",), FAMILY, 10),
    Box("school", ("就读学校",), BASIC, 18),
    Box("former_name", ("曾用名",), BASIC, 10),
    Box("head_teacher", ("班主任",), BASIC, 10),
    Box("head_teacher_phone", ("班主任电话",), CONTACT, 14),
    Box("father_id", ("父亲身份证号",), SECRET, 21),
    Box("father_since", ("父亲外出时间",), FAMILY, 12),
    Box("mother_id", ("母亲身份证号",), SECRET, 21),
    Box("mother_since", ("母亲外出时间",), FAMILY, 12),
)

NEWEST = 1
LAYOUTS = {1: LAYOUT_1}


def boxes_for(user, number=NEWEST):
    """[(place in a line's texts, box)] of what this person may see."""
    return [(place, box) for place, box in enumerate(LAYOUTS[number]) if user.sees(box.facts)]


def place_of(field, number=NEWEST):
    """Where a fact stands among a line's texts; None where that layout has no box for it."""
    return next((place for place, box in enumerate(LAYOUTS[number]) if box.field == field), None)


@dataclass(frozen=True)
class HeaderCell:
    words: str
    across: int = 1
    down: int = 1


def header_rows(columns):
    """The header over columns that are each given as their words from the outermost in: its rows of cells.

    Neighbours under one group share its cell; a column with fewer words than the deepest reaches down to the lines."""
    depth = max(len(words) for words in columns)
    return [list(_header_row(columns, level, depth)) for level in range(depth)]


def _header_row(columns, level, depth):
    deep_enough = (words for words in columns if len(words) > level)
    for (words, is_group), under in groupby(deep_enough, lambda w: (w[: level + 1], len(w) > level + 1)):
        below = len(list(under))
        if is_group:
            yield HeaderCell(words[level], across=below)
        else:
            yield from [HeaderCell(words[level], down=depth - level)] * below
