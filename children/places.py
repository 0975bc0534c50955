"""Where people go for work: provinces and cities by the first two or four digits of GB/T 2260.

A place is kept as people write it; its code is read from the words where they name a province or a city of the list.
"""

import csv
from functools import cache
from pathlib import Path

ENDINGS = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "自治州", "地区", "省", "市", "盟")
PEOPLES = (
    *("朝鲜族", "土家族", "苗族", "藏族", "羌族", "彝族", "布依族", "侗族", "哈尼族", "壮族", "傣族", "白族", "景颇族"),
    *("傈僳族", "回族", "蒙古族", "蒙古", "柯尔克孜", "哈萨克"),
)


@cache
def places():
    """{code: name}, provinces of two digits and cities of four."""
    path = Path(__file__).parent / "data" / "places_of_work.csv"
    with path.open(encoding="utf-8", newline="") as table:
        return {row["code"]: row["name"] for row in csv.DictReader(table)}


@cache
def suggestions():
    """What a place field offers: every province, and every city behind its province."""
    return [_whole(code) for code in places()]


def place_words(code):
    return _whole(code) if code in places() else ""


def _whole(code):
    return places()[code[:2]] + (places()[code] if len(code) == 4 else "")


@cache
def _beginnings():
    """[(words, code)] of the provinces, 广东省 and 广东 alike, and {province: [(words, code)]} of the cities."""
    provinces, cities = [], {}
    for code, name in places().items():
        alike = [(words, code) for words in {name, _short(name)}]
        if len(code) == 2:
            provinces += alike
        else:
            cities.setdefault(code[:2], []).extend(alike)
    return provinces, cities


def _short(name):
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
            break
    shorter = name
    for people in PEOPLES:
        shorter = shorter.replace(people, "")
    return shorter if len(shorter) > 1 else name


def code_of(text):
    """The code of the city or province the words begin with; "" where they name neither."""
    text = "".join((text or "").split())
    provinces, cities = _beginnings()
    province = _longest(provinces, text)
    city = _longest([pair for few in cities.values() for pair in few], text)
    if len(city[0]) > len(province[0]):  # 吉林市 is no province
        return city[1]
    rest = text.removeprefix(province[0]).lstrip("省市区,，-·/、")
    return _longest(cities.get(province[1], ()), rest)[1] or province[1]


def _longest(beginnings, text):
    return max(
        (pair for pair in beginnings if text.startswith(pair[0])), key=lambda pair: len(pair[0]), default=("", "")
    )
