"""Finding the header of a table and what each of its columns stands for. By rule; never by the name of a file."""

import re
from dataclasses import dataclass, field

from children.roster.vocabulary import NAME, UNUSED, header_word, header_words, without_note

DEEPEST = 4
IDENTIFYING = {
    "id_number",
    "birth_date",
    "gender",
    "age",
    "ethnicity",
    "school",
    "grade",
    "school_and_grade",
    "guardian_name",
    "father_name",
    "mother_name",
    "current_address",
    "hukou_address",
    "guardian_phone",
    "parent_phone",
}
CONTINUED = {
    "联系电话",
    "电话",
    "手机",
    "手机号",
    "手机号码",
    "联系方式",
    "务工地点",
    "务工地",
    "打工地",
    "工作单位",
    "当前务工地点",
    "身份证号",
    "身份证号码",
    "身份证",
    "公民身份号码",
    "外出时间",
    "务工地址",
}


@dataclass(slots=True)
class Column:
    index: int
    words: tuple  # the header's words from the outermost group to the column's own, as compared
    field: str | None


@dataclass(slots=True)
class Layout:
    """One table's header: its rows and columns, to be shown to a person and corrected (`Layout.mapped`)."""

    header_rows: tuple
    columns: list
    cells: list = field(default_factory=list)  # the header's cells as shown, row by row, for the returned workbook
    index_of: dict = field(default_factory=dict)

    def __post_init__(self):
        self.index_of = {}
        for column in self.columns:
            if column.field:
                self.index_of.setdefault(column.field, column.index)

    @classmethod
    def mapped(cls, header_rows, fields):
        """A layout given by hand: `fields` is {column index: field name}."""
        unknown = set(fields.values()) - header_words().fields
        if unknown:
            raise ValueError(f"no such roster fields: {sorted(unknown)}")
        columns = [Column(index, (), name) for index, name in sorted(fields.items())]
        return cls(tuple(header_rows), columns)

    @property
    def unknown(self):
        """Headers nobody could place: to be reported, never guessed."""
        return [column for column in self.columns if column.field is None and column.words]

    def used(self, column):
        """Whether a cell of this column reaches a child's file."""
        return column in self._used_columns()

    def _used_columns(self):
        return {index for name, index in self.index_of.items() if name not in UNUSED}


def looks_like_header(line, lexicon=None):
    """(looks like one, known words): mostly words of headers, or some with that for a child's name among them."""
    words = [header_word(cell) for cell in line.own if isinstance(cell, str) and cell.strip()]
    filled = sum(1 for cell in line.own if cell != "")
    lexicon = lexicon or header_words()
    known = sum(1 for word in words if lexicon.knows(word))
    named = any(word in lexicon.names for word in words)
    is_said = named and any(lexicon.said((word,)) is not None for word in words)
    return known >= 2 and (known * 2 >= filled or (named and known >= 3) or is_said), known


def find_header(lines, merges_at, lexicon=None):
    """The layout whose header begins at `lines[0]`, if one does. `merges_at(number)`: merges that start in that row."""
    lexicon = lexicon or header_words()
    if not looks_like_header(lines[0], lexicon)[0]:
        return None
    depth = _depth(lines, merges_at, lexicon)
    for rows in dict.fromkeys((depth, 1, 2, 3)):
        if rows > len(lines):
            continue
        layout = _layout(lines[:rows], merges_at, lexicon)
        if NAME in layout.index_of and IDENTIFYING & layout.index_of.keys():
            return layout
    return None


def _depth(lines, merges_at, lexicon):
    depth = 1
    named = _has_name(lines[0], lexicon)
    while depth < min(DEEPEST, len(lines)):
        spanned = max(
            (bottom + 1 for line in lines[:depth] for (_top, _left), (bottom, _right) in merges_at(line.number)),
            default=0,
        )
        line = lines[depth]
        if spanned >= line.number:
            depth += 1
            named = named or _has_name(line, lexicon)
            continue
        filled = [cell for cell in line.own if cell != ""]
        known = sum(1 for cell in filled if isinstance(cell, str) and lexicon.knows(header_word(cell)))
        if not filled or known * 2 < len(filled) or (known < 2 and len(filled) > 1) or _numbers(filled):
            break
        if named and _has_name(line, lexicon) and known == len(filled) and known > 2 and _same_words(lines[0], line):
            break  # the header again, not its second level
        depth += 1
        named = named or _has_name(line, lexicon)
    return depth


def _numbers(cells):
    return any(not isinstance(cell, str) or re.fullmatch(r"\s*\d+\s*", cell) for cell in cells)


def _has_name(line, lexicon):
    return any(isinstance(cell, str) and header_word(cell) in lexicon.names for cell in line.own)


def _same_words(one, other):
    def words(line):
        return [header_word(cell) for cell in line.own if isinstance(cell, str) and cell]

    return words(one) == words(other)


def supposed_header(line, lexicon):
    """A row taken for a header though its words are strange, for a person to say what they mean."""
    return _layout([line], lambda _number: (), lexicon)


def _layout(lines, merges_at, lexicon):
    width = max(len(line.own) for line in lines)
    grid = [
        [cell if isinstance(cell, str) else "" for cell in line.own] + [""] * (width - len(line.own)) for line in lines
    ]
    base = lines[0].number
    merged = False
    for line in lines:
        for (top, left), (bottom, right) in merges_at(line.number):
            value = grid[top + 1 - base][left] if left < width else ""
            merged = merged or right > left
            for row in range(top + 1 - base, min(bottom + 2 - base, len(grid))):
                grid[row][left : min(right + 1, width)] = [value] * (min(right + 1, width) - left)
    if not merged:
        _spread_groups(grid, lexicon)
    return Layout(tuple(line.number for line in lines), _columns(grid, width, lexicon), grid)


def _spread_groups(grid, lexicon):
    """Without merged cells a group's word stands over its first column only."""
    for row in range(len(grid) - 1):
        group = ""
        for column, cell in enumerate(grid[row]):
            if cell.strip():
                group = cell if lexicon.kind(header_word(cell)) and grid[row + 1][column].strip() else ""
            elif group and grid[row + 1][column].strip() and not any(above[column].strip() for above in grid[:row]):
                grid[row][column] = group


def _columns(grid, width, lexicon):
    columns = []
    for index in range(width):
        path = []
        for row in grid:
            word = header_word(row[index])
            if word and word not in path[-1:]:
                path.append(word)
        columns.append(Column(index, tuple(path), lexicon.field(path) if path else None))
    _settle_repeated(columns, lexicon)
    return columns


def _settle_repeated(columns, lexicon):
    """A field belongs to one column. Of several, a column under a group that is known has the better claim.

    Ungrouped, a bare phone column belongs to the guardian, unless the same bare word also follows the father or mother.
    """
    bare = {}
    for column in columns:
        if len(column.words) == 1 and without_note(column.words[0]) in CONTINUED:
            bare.setdefault(without_note(column.words[0]), []).append(column)
    for word, repeated in bare.items():
        if len(repeated) > 1:
            for column in repeated:
                person = _person_before(columns, column)
                if person and lexicon.said(column.words) is None and word in lexicon.under[person]:
                    column.field = lexicon.under[person][word]
    claims = {}
    for column in columns:
        if column.field:
            claims.setdefault(column.field, []).append(column)
    for name, claimants in claims.items():
        strongest = max(claimants, key=lambda column: (_claim(column, name, lexicon), -column.index))
        for column in claimants:
            if column is not strongest:
                column.field = None


def _claim(column, name, lexicon):
    *groups, leaf = column.words
    if lexicon.said(column.words) is not None:
        return 4
    kinds = [lexicon.kind(group) for group in groups]
    if any(kind and lexicon.under[kind].get(leaf) == name for kind in kinds):
        return 3
    return 1 if groups and not any(kinds) else 2


def _person_before(columns, column):
    for earlier in reversed(columns[: column.index]):
        person, _, what = (earlier.field or "").partition("_")
        if person in {"father", "mother", "guardian"} and what:
            return person
        if earlier.field in {NAME, "school", "current_address"}:
            return None
    return None
