"""Dates as people write them in rosters: to the day, or to the month when no day is given."""

import datetime
import re

from records.text import clean_code, clean_text

# A serial number of Excel from 1982 to 2064: wide enough for every minor on any survey day.
FIRST_SERIAL, LAST_SERIAL = 30_000, 60_000
SERIAL_ZERO = datetime.date(1899, 12, 30)
EARLIEST_YEAR = 1900

_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AP]M|Z)?\s*\Z", re.IGNORECASE)
_MARK = r"[.。．/／\\、,，\-‐‑–—−~_年月日号\s]+"
_DAY = re.compile(rf"(\d{{4}}|\d{{2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}})[日号]?\Z")
_MONTH = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}})[月.]?(份)?\Z|(\d{{2}})年(\d{{1,2}})月?(份)?\Z")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NOTE = re.compile(r"\([^)]*\)?")


def read_date(cell, as_of):
    """The dates a cell may mean: none if it says no date, `2012-03-05` or `2012-03`, and two for the number 2012.1.

    Excel drops the last nought of 2012.10: the number is October where months have two digits, else either.
    """
    if isinstance(cell, datetime.datetime):
        return [cell.date().isoformat()] if cell.year >= EARLIEST_YEAR else []
    if isinstance(cell, datetime.date):
        return [cell.isoformat()] if cell.year >= EARLIEST_YEAR else []
    if isinstance(cell, bool):
        return []
    if isinstance(cell, (int, float)):
        return _from_number(cell, as_of)
    return _from_text(cell, as_of) if isinstance(cell, str) else []


def _from_number(number, as_of):
    if number != number or abs(number) > 1e9:
        return []
    if number == int(number):
        return _from_digits(str(int(number)), as_of)
    if FIRST_SERIAL <= number < LAST_SERIAL:  # a date with a time of day
        return _serial(int(number))
    year, _, month = f"{number:.6f}".rstrip("0").partition(".")
    if len(year) != 4 or len(month) > 2:
        return []
    return _months(year, ["10", "01"] if month == "1" else [month])


def _from_text(text, as_of):
    text = _TIME.sub("", clean_text(text)).strip("'‘’ ")
    folded = _NOTE.sub("", re.sub(r"\s+", " ", _half_width(text))).strip()
    if "农历" in text or "阴历" in text:
        return []
    squeezed = clean_code(folded)
    if squeezed.endswith(".0") and squeezed[:-2].isdigit():
        squeezed = squeezed[:-2]
    if re.fullmatch("[0-9]+", squeezed):
        spaced = _DAY.match(folded)
        return _day(*spaced.groups(), as_of) if spaced else _from_digits(squeezed, as_of)
    if re.search("[〇零○一二三四五六七八九十]", squeezed):
        squeezed = _from_han(squeezed)
    squeezed = squeezed.strip(".")
    if found := _DAY.match(squeezed):
        return _day(*found.groups(), as_of)
    if found := _MONTH.match(squeezed):
        return _months(_four_digits(found[1] or found[4], as_of), [found[2] or found[5]])
    return []


def _half_width(text):
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


def _from_digits(digits, as_of):
    if len(digits) == 8:
        return _day(digits[:4], digits[4:6], digits[6:], as_of)
    if len(digits) == 6:
        return _months(digits[:4], [digits[4:]]) or _day(digits[:2], digits[2:4], digits[4:], as_of)
    if len(digits) == 5 and FIRST_SERIAL <= int(digits) < LAST_SERIAL:
        return _serial(int(digits))
    return []


def _serial(number):
    return [(SERIAL_ZERO + datetime.timedelta(days=number)).isoformat()]


def _four_digits(year, as_of):
    if len(year) == 4:
        return year
    century = as_of.year // 100 * 100
    return str(century + int(year) if int(year) <= as_of.year % 100 else century - 100 + int(year))


def _day(year, month, day, as_of):
    try:
        date = datetime.date(int(_four_digits(year, as_of)), int(month), int(day))
    except ValueError:
        return []
    return [date.isoformat()] if date.year >= EARLIEST_YEAR else []


def _months(year, months):
    if not EARLIEST_YEAR <= int(year) <= 2199:
        return []
    return [f"{year}-{int(month):02d}" for month in months if month and 1 <= int(month) <= 12]


def _from_han(text):
    def number(found):
        word = found[0]
        if "十" not in word:
            return word.translate(_HAN_DIGITS)
        tens, _, ones = word.partition("十")
        return (tens.translate(_HAN_DIGITS) or "1") + (ones.translate(_HAN_DIGITS) or "0")

    return re.sub("[〇零○一二三四五六七八九十]+", number, text)


def agree(columns_date, id_date):
    """Whether a date to the day or month does not contradict another."""
    return columns_date.startswith(id_date) or id_date.startswith(columns_date)


def last_day_meant(value):
    """The latest day a date may be: of a month, its last."""
    if len(value) == 10:
        return datetime.date.fromisoformat(value)
    year, month = map(int, value.split("-"))
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def first_day_meant(value):
    return datetime.date.fromisoformat(value if len(value) == 10 else f"{value}-01")


def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
