"""Which community a row belongs to, when the roster is of a street office or district."""

import re
from dataclasses import dataclass

from records.scoping import COMMUNITY_DIGITS
from records.text import clean_code

_SUFFIXES = (
    "社区居民委员会",
    "社区居委会",
    "社区居民委",
    "村民委员会",
    "村委会",
    "嘎查委员会",
    "居民委员会",
    "居委会",
    "社区",
    "嘎查",
    "村",
)
_TOWN_SUFFIXES = ("街道办事处", "街道办", "街道", "镇人民政府", "镇政府", "乡政府", "苏木", "镇", "乡")
_AROUND = re.compile(r"^[\d一二三四五六七八九十]{1,3}[.、\-_)）]+|[(（].*")


@dataclass(frozen=True, slots=True)
class Community:
    code: str
    name: str
    town: str = ""  # name of the street office or town; its code is the first nine digits


def core_name(name):
    """民安社区居民委员会, 民安社区居委会, 民安社区 and 民安 are one name."""
    text = _AROUND.sub("", clean_code(name))
    shorter = True
    while shorter:
        shorter = next((text[: -len(end)] for end in _SUFFIXES if text.endswith(end) and len(text) > len(end)), "")
        text = shorter or text
    return text.lower()


def town_name(name):
    text = _AROUND.sub("", clean_code(name))
    return next(
        (text[: -len(end)] for end in _TOWN_SUFFIXES if text.endswith(end) and len(text) > len(end)), text
    ).lower()


class Communities:
    """The communities of one division, found by code, or by name within the street office or town that a row gives."""

    def __init__(self, division, communities, *, district=""):
        self.division = division
        self.only = division if len(division) == COMMUNITY_DIGITS else ""
        self._by_name = {}
        self._towns = {}
        self._district = clean_code(district)
        for community in communities:
            if community.code.startswith(division):
                self._by_name.setdefault(core_name(community.name), []).append(community)
                if community.town:
                    self._towns.setdefault(town_name(community.town), set()).add(community.code[:9])
        self._codes = {community.code for found in self._by_name.values() for community in found}
        self._memo = {}

    def code_for(self, *, village="", town="", sheet=""):
        """The twelve-digit code, or "" where it is unknown or could be several."""
        if self.only:
            return self.only
        key = (village, town, sheet)
        if key not in self._memo:
            self._memo[key] = self._find(village, town) if village else self._of_sheet(sheet, town)
        return self._memo[key]

    def _find(self, name, town):
        text = clean_code(name)
        if text in self._codes:
            return text
        within = self._within(town)
        if within is not None and not within:
            return ""  # a street office or town that is not of this division
        text = text.removeprefix(self._district)
        found = self._named(text, within)
        if not found and within is None:
            for word, codes in self._towns.items():
                if text.startswith(word) and len(text) > len(word):
                    rest = text[len(word) :]
                    rest = next((rest[len(end) :] for end in _TOWN_SUFFIXES if rest.startswith(end)), rest)
                    found = found or self._named(rest.lstrip("-_ 、"), codes)
        return found

    def _within(self, town):
        if not town:
            return None
        text = clean_code(town).removeprefix(self._district)
        return {text} & {code[:9] for code in self._codes} or self._towns.get(town_name(text), set())

    def _named(self, name, within):
        found = {c.code for c in self._by_name.get(core_name(name), ()) if within is None or c.code[:9] in within}
        return found.pop() if len(found) == 1 else ""

    def _of_sheet(self, sheet, town):
        if not sheet:
            return ""
        if found := self._find(sheet, town):
            return found
        text = clean_code(sheet).lower()
        within = self._within(town)
        codes = {
            community.code
            for name, communities in self._by_name.items()
            for community in communities
            if (name + "社区" in text or name + "村" in text or name + "嘎查" in text)
            and (within is None or community.code[:9] in within)
        }
        longest = [code for code in codes if not any(code != other and self._inside(code, other) for other in codes)]
        return longest[0] if len(longest) == 1 else ""

    def _inside(self, code, other):
        """Whether one community's name is only a part of the other's: 长青 in 东长青."""
        names = {c.code: name for name, communities in self._by_name.items() for c in communities}
        return names[code] != names[other] and names[code] in names[other]
