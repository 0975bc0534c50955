"""What the codes of an import mean, in words for the person who made the roster."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DISPOSITIONS = {
    "accepted": _("accepted"),
    "rejected": _("to be corrected"),
    "duplicate": _("already named"),
    "ignored": _("not about a child"),
}

REASONS = {
    "NAME_MISSING": _("The child's name is missing."),
    "ID_PRECISION_LOST": _(
        "The ID number was stored as a number and its last digits are lost. "
        "Set the cell to text and type all 18 characters again."
    ),
    "ID_FORMAT": _("The ID number contains a character that cannot be in one."),
    "ID_LENGTH": _("The ID number does not have 18 characters."),
    "ID_REGION_INVALID": _("The ID number begins with a province code that does not exist."),
    "ID_BIRTH_INVALID": _("The birth date inside the ID number does not exist."),
    "ID_CHECKSUM": _("The last character of the ID number does not fit the others: a digit is probably mistyped."),
    "BIRTH_MISSING": _("Without an ID number the birth date is needed, and it is missing."),
    "BIRTH_INVALID": _("Without an ID number the birth date is needed, and this one cannot be read."),
    "GENDER_MISSING": _("Without an ID number the sex is needed, and it is missing."),
    "BIRTH_FUTURE": _("The birth date lies after the day of the survey."),
    "AGE_OVER_18": _("The person was 18 or older on the day of the survey."),
    "ID_CONFLICT_NAME": _("This ID number already belongs to a child with another name."),
    "FORMULA": _("The row contains a formula. Please paste it as plain values."),
    "COMMUNITY_UNKNOWN": _("It is not clear which community this child belongs to."),
}

WARNINGS = {
    "ID_MISSING": _("No ID number."),
    "BIRTH_DAY_MISSING": _("Only year and month of birth are given."),
    "BIRTH_AMBIGUOUS": _(
        "The number for the birth month may mean January or October; October was taken. Please check."
    ),
    "BIRTH_UNPARSED": _("The birth date could not be read; the one in the ID number was taken."),
    "BIRTH_MISMATCH": _("The birth date differs from the ID number; the one in the ID number was taken."),
    "GENDER_MISMATCH": _("The sex differs from the ID number; the one in the ID number was taken."),
    "AGE_16_17": _("16 or 17 years old: kept on file, outside the official count."),
    "ETHNICITY_UNKNOWN": _("The ethnic group was not recognised and was left blank."),
    "RELATION_UNKNOWN": _("The guardian's relation to the child was not recognised and was left blank."),
    "GRADE_UNKNOWN": _("The grade was not recognised and was left blank."),
    "CATEGORY_MISSING": _("Neither left-behind nor migrant is marked."),
    "CATEGORY_AMBIGUOUS": _("Both left-behind and migrant are marked."),
    "PHONE_MISSING_ALL": _("No telephone number at all."),
    "GUARDIAN_ID_INVALID": _("The guardian's ID number is not valid and was left blank."),
    "ID_CONFLICT_NAME": _("A later row gives the same ID number to a child with another name."),
    "PHONE_INVALID:father_phone": _("The father's telephone number is not valid and was left blank."),
    "PHONE_INVALID:mother_phone": _("The mother's telephone number is not valid and was left blank."),
    "PHONE_INVALID:guardian_phone": _("The guardian's telephone number is not valid and was left blank."),
    "PHONE_INVALID:parent_phone": _("The parents' telephone number is not valid and was left blank."),
}

MATCHES = {
    "id": _("Same ID number and name as %(place)s."),
    "name_birth_contact": _("Same name, birth date and guardian's phone or father as %(place)s."),
    "name_birth": _("Same name and birth date as %(place)s, and the row has nothing that tells them apart."),
}
ACTIONS = {
    "merge": _("No second file is opened; what is blank in the first is filled."),
    "merge_enrich": _("No second file is opened; the ID number of this row completes the first."),
}
# Why a row was left out: the kinds of `line_kinds`.
KINDS = {
    "title": _("title"),
    "header": _("header"),
    "column_numbers": _("line of column numbers"),
    "blank": _("blank line"),
    "subtotal": _("total"),
    "note": _("note or signature"),
}
SHEETS = {
    "hidden": _("Hidden sheet: not read."),
    "no_header": _("No roster header was found in this sheet: not read."),
}


# Every fact a column can hold, for showing how the headers were read.
FIELDS = {
    "seq": _("number in the list"),
    "child_name": _("name"),
    "former_name": _("pet or former name"),
    "gender": _("sex"),
    "ethnicity": _("ethnic group"),
    "birth_date": _("birth date"),
    "age": _("age (not stored)"),
    "id_number": _("ID number"),
    "id_type": _("kind of ID (not stored)"),
    "student_no": _("student number"),
    "hukou_registered": _("household registration done"),
    "hukou_type": _("kind of household registration"),
    "hukou_address": _("registered address"),
    "current_address": _("present address"),
    "town": _("street office or town"),
    "village": _("community"),
    "grid": _("building or grid"),
    "school": _("school"),
    "grade": _("school grade"),
    "school_and_grade": _("school and grade"),
    "boarding": _("boards at school"),
    "head_teacher": _("class teacher"),
    "head_teacher_phone": _("class teacher's phone"),
    "health": _("health"),
    "disability": _("disability"),
    "illness": _("long illness"),
    "category": _("left behind or migrant"),
    "is_left_behind": _("left behind"),
    "is_migrant": _("migrant"),
    "both_parents_out": _("both parents away"),
    "one_out_other_incapable": _("one parent away, the other unable"),
    "father_name": _("father's name"),
    "father_id": _("father's ID number"),
    "father_phone": _("father's phone"),
    "father_workplace": _("father's place of work"),
    "father_since": _("father away since"),
    "mother_name": _("mother's name"),
    "mother_id": _("mother's ID number"),
    "mother_phone": _("mother's phone"),
    "mother_workplace": _("mother's place of work"),
    "mother_since": _("mother away since"),
    "parent_phone": _("parents' phone"),
    "parents_work_note": _("where the parents work"),
    "guardian_name": _("guardian's name"),
    "guardian_relation": _("guardian's relation to the child"),
    "guardian_phone": _("guardian's phone"),
    "guardian_id": _("guardian's ID number"),
    "guardian_address": _("guardian's address"),
    "guardian_age": _("guardian's age (not stored)"),
    "entrusted": _("guardianship entrusted"),
    "guardianship_type": _("guardianship quality"),
    "income_source": _("main income"),
    "low_income": _("low-income allowance"),
    "temporary_aid": _("temporary aid"),
    "medical_aid": _("medical aid"),
    "other_aid": _("other aid"),
    "hardship": _("hardship"),
    "spring_bud": _("Spring Bud girl"),
    "helper_name": _("helper's name"),
    "helper_unit": _("helper's organisation"),
    "helper_phone": _("helper's phone (not stored)"),
    "pairing_date": _("paired on (not stored)"),
    "needs": _("needs and wishes"),
    "hobby": _("hobbies"),
    "filled_by": _("filled in by (not stored)"),
    "survey_date": _("day of filling in (not stored)"),
    "remark": _("remark"),
    "returned_because": _("reason for the return (not stored)"),
    "returned_from": _("row of the earlier roster"),
}


def place_in_words(place):
    """Where an earlier mention stands: a row of this workbook, or a file."""
    sheet, mark, row = place.rpartition("!")
    if not mark:
        return gettext("file %(number)s") % {"number": place}
    if not sheet:
        return gettext("row %(row)s") % {"row": row}
    return gettext("row %(row)s of sheet “%(sheet)s”") % {"row": row, "sheet": sheet}


def sentences(codes, *, warnings=False):
    """The codes in words, in the current language."""
    words = WARNINGS if warnings else REASONS
    return [str(words.get(code, code)) for code in codes]


def explain(row):
    """Everything a person should know about one row."""
    said = sentences(row.reasons) if row.disposition == "rejected" else []
    said += sentences(row.warnings, warnings=True)
    if row.match_type:
        said.append(str(MATCHES[row.match_type]) % {"place": place_in_words(row.duplicate_of)})
        said.append(str(ACTIONS[row.action]))
    return said
