"""What the codes of an import mean, in words for the person who made the roster."""

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
    "merge": _("Nothing new is added."),
    "merge_enrich": _("The ID number of this row completes the earlier one."),
}
SHEETS = {
    "hidden": _("Hidden sheet: not read."),
    "no_header": _("No roster header was found in this sheet: not read."),
}


def sentences(codes, *, warnings=False):
    """The codes in words, in the current language."""
    words = WARNINGS if warnings else REASONS
    return [str(words.get(code, code)) for code in codes]


def explain(row):
    """Everything a person should know about one row."""
    said = sentences(row.reasons) if row.disposition == "rejected" else []
    said += sentences(row.warnings, warnings=True)
    if row.match_type:
        said.append(str(MATCHES[row.match_type]) % {"place": row.duplicate_of})
        said.append(str(ACTIONS[row.action]))
    return said
