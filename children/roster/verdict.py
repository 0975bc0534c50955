"""The verdict on one row about a child: accepted or rejected, for what reasons, with which clean values."""

from dataclasses import dataclass, field

from children.roster import cells as read
from children.roster.dates import age_on, agree, first_day_meant, last_day_meant, read_date
from children.roster.grades import grade_of, school_and_grade_of
from children.roster.vocabulary import UNUSED
from communities.identity import ID_FORMAT, ID_PRECISION_LOST, ResidentID, normalise_id, read_phones, read_resident_id

IGNORED, ACCEPTED, REJECTED, DUPLICATE = "ignored", "accepted", "rejected", "duplicate"

TEXTS = (
    "school",
    "disability",
    "illness",
    "father_workplace",
    "mother_workplace",
    "parents_work_note",
    "hukou_address",
    "current_address",
    "town",
    "village",
    "remark",
    "former_name",
    "hobby",
    "needs",
    "hardship",
    "other_aid",
    "helper_unit",
    "guardian_address",
    "head_teacher",
    "student_no",
    "hukou_type",
    "grid",
)
YES_NO = (
    "boarding",
    "hukou_registered",
    "both_parents_out",
    "one_out_other_incapable",
    "entrusted",
    "low_income",
    "temporary_aid",
    "medical_aid",
    "spring_bud",
    "is_left_behind",
    "is_migrant",
)
USUALLY_TICKED = {"is_left_behind", "is_migrant", "low_income", "temporary_aid", "medical_aid"}
PHONES = ("father_phone", "mother_phone", "guardian_phone", "parent_phone")
SINCE = ("father_since", "mother_since")
PARENTS = {"father_name": "父亲", "mother_name": "母亲"}
GONE = {"已故", "去世", "死亡", "亡故", "病故", "改嫁", "失联", "失踪", "离家出走", "出走", "离异", "离婚", "服刑"}
NO_ID_WORDS = {"", "未上户", "未上户口", "未落户", "无户口", "没有", "未办理", "未办"}


@dataclass(slots=True)
class RosterRow:
    """One row of a sheet and what becomes of it. `values` holds clean text by field, only what is not blank."""

    sheet: str
    row: int
    disposition: str
    reasons: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    duplicate_of: str = ""
    match_type: str = ""
    action: str = ""
    values: dict = field(default_factory=dict)
    community: str = ""
    cells: list | None = None  # as shown; kept for rejected rows only, to be handed back
    layout: object = None
    returned_from: str = ""  # the row of an earlier roster that this one corrects

    @property
    def place(self):
        return f"{self.sheet}!{self.row}"

    def reject(self, *reasons):
        self.disposition = REJECTED
        self.reasons += reasons
        self.warnings = []

    def warn(self, code):
        if code not in self.warnings:
            self.warnings.append(code)
            self.warnings.sort()


def judge(row, cell, as_of, *, tick_columns, has):
    """Fill in `row`. `cell(field)`: what is shown in that field's column; `has`: the fields with a column."""
    values = row.values
    name, note = read.name_of(cell("child_name"))
    identity, problem = _identity(cell("id_number"))
    if name:
        values["child_name"] = name
    if identity and identity.value:
        values["id_number"] = identity.value
    if not name:
        return row.reject("NAME_MISSING")
    if problem:
        return row.reject(problem)
    born, sex = _birth_and_sex(row, cell, identity, as_of)
    if row.reasons:
        return row.reject()
    if first_day_meant(born) > as_of:
        return row.reject("BIRTH_FUTURE")
    age = age_on(last_day_meant(born), as_of)
    if age >= 18:
        return row.reject("AGE_OVER_18")
    if age >= 16:
        row.warn("AGE_16_17")
    values["birth_date"], values["gender"] = born, sex
    _read_rest(row, cell, as_of, tick_columns, has, note)
    row.values = {name: value for name, value in values.items() if value}


def _identity(cell):
    """(what the ID says or None without one, the reason to reject)."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        text = repr(float(cell)) if abs(cell) >= 1e16 else read.as_text(cell)
        return ResidentID(text, ID_PRECISION_LOST), ID_PRECISION_LOST
    text = normalise_id(read.as_text(cell))
    if text in NO_ID_WORDS or read.is_blank_word(text):
        return None, ""
    if type(cell) is not str:
        return ResidentID(text, ID_FORMAT), ID_FORMAT
    identity = read_resident_id(text)
    return identity, identity.problem


def _birth_and_sex(row, cell, identity, as_of):
    """The ID decides where there is one; a column that differs is only a warning."""
    written = cell("birth_date")
    said = bool(read.text_of(written))
    dates = read_date(written, as_of) if said else []
    sex = read.gender_of(cell("gender"))
    if identity:
        born = identity.birth_date.isoformat()
        if said and not dates:
            row.warn("BIRTH_UNPARSED")
        elif dates and not any(agree(date, born) for date in dates):
            row.warn("BIRTH_MISMATCH")
        if sex and sex != identity.sex:
            row.warn("GENDER_MISMATCH")
        return born, identity.sex
    row.warn("ID_MISSING")
    if not dates:
        row.reasons.append("BIRTH_INVALID" if said else "BIRTH_MISSING")
    if not sex:
        row.reasons.append("GENDER_MISSING")
    born = dates[0] if dates else ""
    if len(born) == 7:
        row.warn("BIRTH_DAY_MISSING")
    if len(dates) > 1:
        row.warn("BIRTH_AMBIGUOUS")
    return born, sex


def _read_rest(row, cell, as_of, tick_columns, has, note):
    values = row.values
    for name in TEXTS:
        if name in has:
            values[name] = read.text_of(cell(name))
    values["ethnicity"], unknown = read.ethnicity_of(cell("ethnicity"))
    if unknown:
        row.warn("ETHNICITY_UNKNOWN")
    _read_school(row, cell, has)
    for name in YES_NO:
        if name in has:
            values[name] = read.yes_or_no(cell(name), name, tick_column=name in tick_columns)
    values["health"] = read.health_of(cell("health"))
    values["guardianship_type"] = read.guardianship_of(cell("guardianship_type"))
    values["income_source"] = read.income_of(cell("income_source"))
    _read_category(row, cell)
    remarks = [values.get("remark", ""), note]
    _read_people(row, cell, has, remarks)
    _read_phones(row, cell, has)
    for name in SINCE:
        if name in has:
            values[name] = next(iter(read_date(cell(name), as_of)), "")
    values["remark"] = "；".join(dict.fromkeys(remark for remark in remarks if remark))


def _read_school(row, cell, has):
    values = row.values
    if "school_and_grade" in has and read.text_of(cell("school_and_grade")):
        school, grade = school_and_grade_of(cell("school_and_grade"))
        values["school"] = values.get("school") or school
        values["grade"] = grade
        if grade or "grade" not in has:
            return
    if "grade" not in has:
        return
    written = cell("grade")
    values["grade"], unknown = grade_of(written)
    if unknown:
        row.warn("GRADE_UNKNOWN")
    if values["grade"] and not {"school", "school_and_grade"} & has:
        values["school"] = school_and_grade_of(written)[0]


def _read_category(row, cell):
    values = row.values
    word = read.text_of(cell("category")).replace(" ", "")
    yes = read.yes_or_no(cell("category"), "", tick_column=False)
    left = (
        values.get("is_left_behind") == "Y"
        or ("留守" in word and not word.startswith(("非", "不")))
        or word == "left_behind"
    )
    migrant = values.get("is_migrant") == "Y" or "流动" in word or "随迁" in word or word == "migrant"
    away = values.get("both_parents_out") == "Y" or values.get("one_out_other_incapable") == "Y"
    left = left or yes == "Y" or (away and not migrant)
    if left and migrant:
        row.warn("CATEGORY_AMBIGUOUS")
    elif left or migrant:
        values["category"] = "left_behind" if left else "migrant"
    else:
        row.warn("CATEGORY_MISSING")


def _read_people(row, cell, has, remarks):
    values = row.values
    for name, who in PARENTS.items():
        if name not in has:
            continue
        person, note = read.name_of(cell(name))
        if person in GONE:
            remarks.append(person if (who, person) in {("母亲", "改嫁"), ("母亲", "失联")} else who + person)
            person = ""
        elif note and not read.relations().get(note):
            remarks.append(who + note)
        values[name] = person
    values["guardian_name"], given = read.guardian_of(cell("guardian_name"))
    values["guardian_relation"], unknown = read.relation_of(cell("guardian_relation"))
    if unknown:
        row.warn("RELATION_UNKNOWN")
    if not values["guardian_relation"] and not unknown:
        values["guardian_relation"] = given
    for name in ("guardian_id", "father_id", "mother_id"):
        if name not in has:
            continue
        identity, problem = _identity(cell(name))
        if problem:
            if name == "guardian_id":
                row.warn("GUARDIAN_ID_INVALID")
        elif identity:
            values[name] = identity.value
    if "helper_name" in has:
        values["helper_name"] = read.name_of(cell("helper_name"))[0]


def _read_phones(row, cell, has):
    values = row.values
    anything = False
    for name in PHONES:
        text = _phone_text(cell(name)) if name in has else ""
        if not text:
            continue
        anything = True
        numbers, wrong = read_phones(text)
        if wrong:
            row.warn(f"PHONE_INVALID:{name}")
        values[name] = numbers[0] if numbers else ""
        if name == "guardian_phone" and len(numbers) > 1:
            values["guardian_phone_alt"] = numbers[1]
    if not anything:
        row.warn("PHONE_MISSING_ALL")
    if "head_teacher_phone" in has:
        values["head_teacher_phone"] = next(iter(read_phones(_phone_text(cell("head_teacher_phone")))[0]), "")


def _phone_text(cell):
    """Line breaks part two numbers, so they are kept."""
    if type(cell) is str and "\n" in cell.strip():
        return cell
    return read.text_of(cell)


def used_fields(layout):
    return {name for name in layout.index_of if name not in UNUSED}
