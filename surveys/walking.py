"""The order in which one walks from door to door: numbers count as numbers, so that 2号楼 comes before 10号楼."""

import re
import unicodedata

_PARTS = re.compile(r"([0-9]+)|([零〇一二两三四五六七八九十百]+)")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100}


def natural(text):
    """A key that sorts text by the numbers in it, whether written 12, １２ or 十二."""
    key, rest = [], unicodedata.normalize("NFKC", text or "").casefold()
    while found := _PARTS.search(rest):
        if before := rest[: found.start()].strip():
            key.append((1, 0, "", before))
        digits = (found[1] or str(_chinese(found[2]))).lstrip("0")
        key.append((0, len(digits), digits, ""))
        rest = rest[found.end() :]
    if rest := rest.strip():
        key.append((1, 0, "", rest))
    return tuple(key)


def _chinese(numeral):
    """二十三 is 23, 一百零五 is 105, 二〇三 is 203."""
    if not any(sign in _UNITS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, digit = 0, None
    for sign in numeral:
        if sign in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[sign]
            digit = None
        else:
            digit = _DIGITS[sign]
    return total + (digit or 0)


def walking_order(household):
    """By grid, then by address; what has none of them comes last."""
    grid, address = household.grid, household.address
    return (not grid, natural(grid), grid, not address, natural(address), household.pk)
