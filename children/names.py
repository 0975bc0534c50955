"""How a Chinese name is found: by characters, by pinyin, by initials. Surnames have readings of their own."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "查": "zha", "解": "xie", "朴": "piao", "任": "ren",
    "盖": "ge", "华": "hua", "纪": "ji", "乐": "yue", "缪": "miao", "宁": "ning", "覃": "qin", "冼": "xian",
    "燕": "yan", "尉": "yu", "翟": "zhai", "员": "yun", "臧": "zang", "牟": "mu", "洗": "xian", "种": "chong",
    "葛": "ge", "那": "na", "能": "nai", "繁": "po", "秘": "bi", "折": "she", "黑": "he", "重": "chong",
    "句": "gou", "祭": "zhai", "召": "shao", "车": "che", "万": "wan", "俞": "yu", "应": "ying", "晁": "chao",
}  # fmt: skip
COMPOUND = {
    "尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "单于": ["chan", "yu"], "长孙": ["zhang", "sun"],
    "澹台": ["tan", "tai"], "宇文": ["yu", "wen"], "令狐": ["ling", "hu"], "尉犁": ["yu", "li"],
}  # fmt: skip
GRAM = 2
COMPOUND_SURNAMES = {
    *COMPOUND, "欧阳", "司马", "上官", "诸葛", "皇甫", "东方", "夏侯",
    "公孙", "慕容", "司徒", "申屠", "钟离", "闻人", "赫连",
}  # fmt: skip


def family_name(name):
    """ "欧阳小雨" → "欧阳"; of a name with a dot, what stands behind the last one."""
    if "·" in name:
        return name.rpartition("·")[2]
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]


@lru_cache(maxsize=1024)
def syllables(name):
    """The name's readings, one for each Han character; other letters as they stand, lower case."""
    name = unicodedata.normalize("NFC", name).strip()
    if name[:2] in COMPOUND:
        head, rest = COMPOUND[name[:2]], name[2:]
    elif name[:1] in SURNAMES:
        head, rest = [SURNAMES[name[:1]]], name[1:]
    else:
        head, rest = [], name
    tail = lazy_pinyin(rest, style=Style.NORMAL, errors=lambda text: list(text))
    return [s.lower() for s in [*head, *tail] if s.strip()]


def pinyin(name):
    """ "单小雨" → "shan xiao yu"."""
    return " ".join(syllables(name))[:240]


def initials(name):
    """ "单小雨" → "sxy"."""
    return "".join(s[0] for s in syllables(name))[:60]


def grams(name, spoken, first_letters):
    """What a search of one or two characters, of pinyin or of initials can hit, for a GIN index."""
    name = unicodedata.normalize("NFC", name).lower()
    found = {name[i : i + n] for n in range(1, GRAM + 1) for i in range(len(name) - n + 1)}
    joined = spoken.replace(" ", "")
    found |= {f"p:{joined[:n]}" for n in range(1, len(joined) + 1)}
    found |= {f"p:{s}" for s in spoken.split()}
    found |= {f"i:{first_letters[:n]}" for n in range(1, len(first_letters) + 1)}
    return sorted(g for g in found if g.strip())
