"""One cell at a time: what a name, a grade, a tick or a relation says, in one clean form."""

import datetime
import re
import unicodedata
from functools import lru_cache

from children.roster.vocabulary import ethnic_groups, relations
from records.text import clean_code, clean_text

LONGEST_NAME = 60
BLANK_WORDS = {"", "无", "不详", "暂无", "未知"}
SAME_AS_ABOVE = {"同上", "〃", "″", "''", '"', "“", "”", "＂", "′′", "\u201d\u201d", "〞", "同前"}
_BLANK_STROKES = re.compile(r"[-—–－―─−/／\\]+\Z")
_ALL_SPACE = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\ufffc]+")
_DOTS = "·.．。・•‧∙⋅●᛫﹒･∘◦˙"
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DOT_IN_NAME = re.compile(f"(?<=[{_HAN}])[{_DOTS}]+(?=[{_HAN}])")
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]+\\Z")
_NOTE_AFTER = re.compile(r"[(（\[【〔{｛]([^()（）\[\]【】〔〕{}｛｝]*)[)）\]】〕}｝]?\Z")


# A column says the same few things thousands of times; 1, 1.0 and True are kept apart.
remembered = lru_cache(maxsize=4096, typed=True)


def as_text(cell):
    """What a cell shows as one clean line."""
    if type(cell) is str:
        return clean_text(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell == cell and abs(cell) < 1e15 and cell == int(cell) else repr(cell)
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat()[:10]
    return clean_text(cell)


def is_blank_word(text):
    return text in BLANK_WORDS or bool(_BLANK_STROKES.match(text))


@remembered
def text_of(cell):
    """Free text, "" for the words that mean nothing is known."""
    text = as_text(cell)
    return "" if text.replace(" ", "") in BLANK_WORDS or _BLANK_STROKES.match(text) else text


def same_as_above(cell):
    return type(cell) is str and len(cell) < 8 and cell.strip() in SAME_AS_ABOVE


def name_of(cell):
    """(name, the note in brackets after it)."""
    if type(cell) is str and len(cell) <= LONGEST_NAME and _PLAIN_NAME.match(cell):
        return ("" if is_blank_word(cell) else cell), ""
    text = unicodedata.normalize("NFC", _ALL_SPACE.sub("", as_text(cell)))
    notes = []
    while text and (found := _NOTE_AFTER.search(text)):
        if not found.start() and found[1]:  # nothing but a note: it is the name
            text = found[1]
            break
        notes.insert(0, found[1])
        text = text[: found.start()]
    text = _DOT_IN_NAME.sub("·", text)[:LONGEST_NAME]
    return ("" if is_blank_word(text) else text), "；".join(note for note in notes if note)


@remembered
def gender_of(cell):
    text = clean_code(as_text(cell)).lower()
    return GENDERS.get(text) or GENDERS.get(text[:1] if text[1:] in {"孩", "童", "生", "性", "子", "娃"} else "", "")


GENDERS = {
    "男": "M",
    "女": "F",
    "1": "M",
    "2": "F",
    "m": "M",
    "f": "F",
    "male": "M",
    "female": "F",
    "boy": "M",
    "girl": "F",
    "1-男": "M",
    "2-女": "F",
    "1.男": "M",
    "2.女": "F",
    "01": "M",
    "02": "F",
    "1男": "M",
    "2女": "F",
}


@remembered
def ethnicity_of(cell):
    """(GB/T 3304 code, whether a word was given that names no group)."""
    text = clean_code(text_of(cell)).lower()
    if not text or is_blank_word(text):
        return "", False
    groups = ethnic_groups()
    code = groups.get(text) or groups.get(re.sub(r"^\d{1,2}[-.、:_]?|[(].*", "", text))
    if not code and (found := re.match(r"(\d{1,2})[-.、:_]", text)):
        code = groups.get(found[1])
    return code or "", not code


_RELATION_ORDINAL = re.compile("^[大二两三四五六七八小老]")


@remembered
def relation_of(cell):
    """(relation, whether a word was given that names none)."""
    text = clean_code(text_of(cell)).lower()
    if not text or is_blank_word(text):
        return "", False
    words = relations()
    bare = re.sub(r"\(.*|^\d{1,2}[-.、]", "", text).removeprefix("系").removesuffix("关系")
    for word in (text, bare, _RELATION_ORDINAL.sub("", bare)):
        if word in words:
            return words[word], False
        if word * 2 in words:  # 三姑, 二舅
            return words[word * 2], False
    return "", True


def guardian_of(cell):
    """(name, relation given with it): 奶奶 王桂兰 and 王桂兰(奶奶) are both 王桂兰."""
    text = as_text(cell)
    words = relations()
    first, _, rest = re.sub("[:：]", " ", text).partition(" ")
    relation = ""
    if rest.strip() and first in words:
        relation, text = words[first], rest
    name, note = name_of(text)
    if note and not relation:
        relation = words.get(note, "")
    if not relation and len(name) >= 4 and name[:2] in words and name not in words:
        relation, name = words[name[:2]], name[2:]
    return name, relation


YES = {"是", "有", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "对", "v", "∨"}
NO = {"否", "无", "0", "n", "no", "false", "没有", "不是", "×", "x", "✗", "✘", "☐", "□"}
TICKS = {"√", "✓", "✔", "☑", "∨"}
SAID_YES = {
    "boarding": ("住校", "寄宿", "住宿"),
    "low_income": ("低保户", "类低保", "低保"),
    "hukou_registered": ("已上户", "已登记", "有户口"),
    "entrusted": ("已委托", "已签订"),
    "is_left_behind": ("留守",),
    "is_migrant": ("流动", "随迁"),
}
SAID_NO = {
    "boarding": ("走读", "不住校", "未住校", "不寄宿", "非寄宿"),
    "low_income": ("非低保",),
    "hukou_registered": ("未上户", "无户口", "未登记", "未落户"),
    "entrusted": ("未委托", "未签订"),
    "is_left_behind": ("非留守",),
    "is_migrant": ("非流动",),
}


@remembered
def yes_or_no(cell, field, *, tick_column):
    """Y, N or "". In a column of ticks an empty cell says no."""
    if cell is True or cell is False:
        return "Y" if cell else "N"
    text = clean_code(as_text(cell)).lower().strip("()")
    if text in YES:
        return "Y"
    if text in NO:
        return "N"
    if any(word in text for word in SAID_NO.get(field, ())):
        return "N"
    if any(word in text for word in SAID_YES.get(field, ())):
        return "Y"
    return "N" if tick_column and (not text or is_blank_word(text)) else ""


@remembered
def health_of(cell):
    text = clean_code(text_of(cell))
    if ticked := re.search(r"(健康|残疾|患病)[(\[]?[√✓✔][)\]]?", text):
        text = ticked[1]
    if not text:
        return ""
    if "残" in text or text == "disabled":
        return "disabled"
    if ("病" in text or "患" in text or text in {"ill", "哮喘", "癫痫", "体弱"}) and not re.match("[无未没]", text):
        return "ill"
    return "healthy" if re.match(r"(身体)?(健康|良好|较好|好|正常|一般|[无未没]患?.*病|healthy|good)", text) else ""


@remembered
def guardianship_of(cell):
    text = clean_code(text_of(cell)).lower()
    if not text:
        return ""
    if text in {"good", "fair", "poor"}:
        return text
    if re.search("差|不好|无人|无监护|缺失|不足|不力", text):
        return "poor"
    if "一般" in text or "尚可" in text:
        return "fair"
    return "good" if re.search("好|良|优", text) else ""


INCOME = {
    "打工": "wages",
    "务工": "wages",
    "工资": "wages",
    "种": "farming",
    "养殖": "farming",
    "务农": "farming",
    "农业": "farming",
    "救助": "relief",
    "低保": "relief",
    "政府": "relief",
    "亲": "relatives",
    "经商": "business",
    "个体": "business",
    "生意": "business",
    "其他": "other",
    "其它": "other",
    "wages": "wages",
    "farming": "farming",
}


@remembered
def income_of(cell):
    """`wages;farming`: each source once, in the order given."""
    found = []
    for part in re.split(r"[、,，;；/\s和及+]+", text_of(cell)):
        source = next((code for word, code in INCOME.items() if word in part), "other" if part else "")
        if source and source not in found:
            found.append(source)
    return ";".join(found)
