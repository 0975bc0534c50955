"""What a row of the sheet is: a child, or one of the lines that people put around children."""

import re

from children.roster.header import looks_like_header
from children.roster.vocabulary import NAME, UNUSED, header_word
from records.text import clean_text

TITLE, NOTE, HEADER, NUMBERS, BLANK, SUBTOTAL, DATA = (
    "title",
    "note",
    "header",
    "column_numbers",
    "blank",
    "subtotal",
    "data",
)

_TOTAL = re.compile(r"[^\d:：,，;；。]{0,8}(合计|小计|总计|共计|累计|总数)|(grand\s*)?(sub)?total\b", re.IGNORECASE)
_TITLE = re.compile(
    r"花名册|名册|登记表|统计表|汇总表|一览表|信息表|采集表|情况表|台账|附件|附表|摸底表|摸排表|roster", re.IGNORECASE
)
_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明|注意)\s*[\d①一:：.、，,(（\s]|注$"
    r"|(填\s*[表报写]|审\s*核|复\s*核|单\s*位|负\s*责|主\s*管|制\s*表|统\s*计|经\s*办"
    r"|登\s*记|采\s*集|联\s*系|签\s*[字名章]|盖\s*章|日\s*期|调\s*查"
    r"|报\s*送|上\s*报|时\s*间|村|社\s*区|街\s*道|乡|镇)[^:：]{0,16}[:：]"
    r"|\s*年\s*月\s*日|第\s*\d+\s*页|共\s*\d+\s*页|[（(](盖章|公章|签字|签章)"
    r"|(note|filled by|checked by|signature|date)s?\s*:",
    re.IGNORECASE,
)
_ID_LIKE = re.compile(r"[0-9０-９][0-9０-９\s]{13,}[0-9０-９xXｘＸ]")
_COUNTING = {word: place for place, word in enumerate("甲乙丙丁戊己庚辛", 1)}
_PUNCTUATION = re.compile(r"[\d０-９:：;；,，、。!！?？《》“”]")


def is_blank(line):
    return not any(cell != "" and (not isinstance(cell, str) or clean_text(cell)) for cell in line.own)


def kind_before_header(line):
    if is_blank(line):
        return BLANK
    texts = _texts(line)
    if len(texts) == 1 and not _NOTE.match(texts[0][1]):
        return TITLE
    return TITLE if any(_TITLE.search(text) for _column, text in texts) else NOTE


def kind_below_header(line, layout, *, wide, has_formula, lexicon=None):
    """`wide`: columns where a cell merged over three or more begins. `has_formula(column)`: of this row."""
    if _plainly_a_child(line, layout):
        return DATA
    if is_blank(line):
        name = layout.index_of.get(NAME)
        return DATA if name is not None and has_formula(name) and not _labelled_total(line) else BLANK
    texts = _texts(line)
    if _is_column_numbers(line):
        return NUMBERS
    first = [text for _column, text in texts[:2]]
    identified = any(_ID_LIKE.search(text) for _column, text in texts) or _numeric_id(line, layout)
    if not identified and any(_TOTAL.match(re.sub(r"\s", "", text)) for text in first):
        return SUBTOTAL
    if looks_like_header(line, lexicon)[0] and not identified:
        return HEADER
    if not identified and _is_around(line, layout, texts, wide):
        return TITLE if any(_TITLE.search(text) for _column, text in texts) else NOTE
    return DATA if _tells_of_a_child(line, layout, has_formula) else BLANK


def _plainly_a_child(line, layout):
    """Most rows are known at a glance by their ID number."""
    column = layout.index_of.get("id_number")
    cell = line.own[column] if column is not None and column < len(line.own) else ""
    return type(cell) is str and len(cell) >= 17 and cell[:6].isdigit() and cell[-4:-1].isdigit()


def _texts(line):
    return [
        (column, clean_text(cell)) for column, cell in enumerate(line.own) if isinstance(cell, str) and clean_text(cell)
    ]


def _labelled_total(line):
    return any(isinstance(cell, str) and _TOTAL.match(cell.strip()) for cell in line.own)


def _numeric_id(line, layout):
    column = layout.index_of.get("id_number")
    cell = line.own[column] if column is not None and column < len(line.own) else ""
    return isinstance(cell, float) and cell >= 1e13


def _is_column_numbers(line):
    """1 2 3 … or 甲 乙 1 2 3 … under the header."""
    numbers = []
    for cell in line.own:
        if cell == "":
            continue
        text = clean_text(cell if isinstance(cell, str) else repr(cell)).strip("()（）栏次")
        text = text.removesuffix(".0")
        if text in _COUNTING:
            continue
        if not text:
            continue
        if not re.fullmatch(r"\d{1,3}", text):
            return False
        numbers.append(int(text))
    return len(numbers) >= 4 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def _is_around(line, layout, texts, wide):
    """A title, a note or a signature: nothing that a row about a child looks like."""
    filled = [column for column, cell in enumerate(line.own) if cell != ""]
    if not texts:
        return False
    first_column, first = texts[0]
    if _NOTE.match(first) and not _name_like(line, layout):
        return True
    if len(filled) == 1:
        if first_column in wide:
            return True
        if first_column == layout.index_of.get(NAME):
            return bool(_TITLE.search(first) or _NOTE.search(first) or _PUNCTUATION.search(first) or len(first) > 30)
        return first_column not in {layout.index_of.get("id_number"), layout.index_of.get("birth_date")}
    # a line written across the sheet; its other cells are dates, seals and the like
    return first_column in wide and first_column == filled[0] and bool(_TITLE.search(first) or _NOTE.search(first))


def _name_like(line, layout):
    column = layout.index_of.get(NAME)
    cell = line.own[column] if column is not None and column < len(line.own) else ""
    text = clean_text(cell) if isinstance(cell, str) else ""
    return bool(text) and len(text) <= 20 and not _PUNCTUATION.search(text) and not _NOTE.match(text)


def _tells_of_a_child(line, layout, has_formula):
    """A row that only has its number is an empty line of the form."""
    for name, column in layout.index_of.items():
        if name in UNUSED:
            continue
        cell = line.own[column] if column < len(line.own) else ""
        if cell != "" and (not isinstance(cell, str) or clean_text(cell)):
            return True
        if name in {NAME, "id_number"} and has_formula(column):
            return True
    return False


def repeats(line, layout):
    """Whether a header-like row says the same as the header in force, as at the top of every printed page."""
    words = {header_word(cell) for cell in line.own if isinstance(cell, str) and cell.strip()}
    return words <= {word for column in layout.columns for word in column.words}
