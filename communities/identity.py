"""Resident identity numbers (GB 11643) and telephone numbers: normalised to one stored form, checked, read."""

import datetime
import re
from dataclasses import dataclass

from records.text import clean_code, clean_text

PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

ID_PRECISION_LOST = "ID_PRECISION_LOST"
ID_FORMAT = "ID_FORMAT"
ID_LENGTH = "ID_LENGTH"
ID_REGION_INVALID = "ID_REGION_INVALID"
ID_BIRTH_INVALID = "ID_BIRTH_INVALID"
ID_CHECKSUM = "ID_CHECKSUM"

_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d*)?E[+-]?\d+\Z")
_ID_CHARACTERS = re.compile(r"\d*[\dX]\Z")
_EARLIEST = datetime.date(1850, 1, 1)


@dataclass(frozen=True, slots=True)
class ResidentID:
    """What an identity number says, or why it is none."""

    value: str
    problem: str = ""
    birth_date: datetime.date | None = None
    sex: str = ""


def normalise_id(value):
    """One stored form: half-width, no spaces, no leading apostrophe, upper-case X."""
    return clean_code(value).lstrip("'‘’`´").upper()


def check_character(first_seventeen):
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_resident_id(value):
    """Check in a fixed order, so that one number has one reason: characters, length, province, date, check."""
    text = normalise_id(value)
    if _EXPONENT.match(text):
        return ResidentID(text, ID_PRECISION_LOST)
    if not text.isascii() or not _ID_CHARACTERS.match(text):
        return ResidentID(text, ID_FORMAT)
    if len(text) != 18:
        return ResidentID(text, ID_LENGTH)
    if text[:2] not in PROVINCES:
        return ResidentID(text, ID_REGION_INVALID)
    try:
        born = datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return ResidentID(text, ID_BIRTH_INVALID)
    if born < _EARLIEST:
        return ResidentID(text, ID_BIRTH_INVALID)
    if check_character(text[:17]) != text[17]:
        return ResidentID(text, ID_CHECKSUM)
    return ResidentID(text, "", born, "M" if int(text[16]) % 2 else "F")


_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_LANDLINE = re.compile(r"(0\d{2,3})-(\d{7,8})\Z")
_LANDLINE_DIGITS = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})\Z")
_COUNTRY = re.compile(r"(?:\+86|0086)-?")
_NOTE = re.compile(r"[(\[【〔{][^)\]】〕}]*[)\]】〕}]?")
_BETWEEN = re.compile(r"[、,;/|\\\n\r。]|或|和")
_DASHES = re.compile("[‐‑‒–—―−－_]")


def normalise_phone(value):
    """A mobile as eleven digits or a landline as `area-number`; "" for anything else."""
    text = _DASHES.sub("-", clean_code(value))
    text = _COUNTRY.sub("", text, count=1) if text[:1] in "+0" else text
    if text.endswith(".0"):
        text = text[:-2]
    if not text.isascii():
        return ""
    digits = text.replace("-", "")
    if _MOBILE.match(digits):
        return digits
    landline = _LANDLINE.match(re.sub("[()]", "", text)) or _LANDLINE_DIGITS.match(digits)
    return f"{landline[1]}-{landline[2]}" if landline else ""


def read_phones(value):
    """(numbers in order, whether a part of the text was no number). Notes in brackets are dropped."""
    if type(value) is str and value.isascii() and _MOBILE.match(value):
        return [value], False
    text = clean_text(value, lines=True).translate(_HALF_WIDTH)
    area = re.match(r"\((0\d{2,3})\)", text.strip())
    text = f"{area[1]}-{text.strip()[area.end() :]}" if area else text
    numbers, wrong = [], False
    for part in _BETWEEN.split(_NOTE.sub("", text)):
        if not part.strip():
            continue
        found = _one_or_two(part)
        wrong = wrong or not found
        numbers += [number for number in found if number not in numbers]
    return numbers, wrong or not numbers


_HALF_WIDTH = {full: chr(full - 0xFEE0) for full in range(0xFF01, 0xFF5F)}


def _one_or_two(part):
    number = normalise_phone(part)
    if number:
        return [number]
    digits = clean_code(part)
    if len(digits) == 22:  # two numbers with nothing but a space between them
        pair = [normalise_phone(digits[:11]), normalise_phone(digits[11:])]
        return pair if all(pair) else []
    return []
