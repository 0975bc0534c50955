"""Who of the parents is away for work, as far as a row tells."""

import datetime
import re
from dataclasses import dataclass

AT_HOME = re.compile(r"在家|家里|家中|务农|种地|种田|种植|养殖|放牧|无业|待业|主妇|全职|未外出|没外出|不外出|没有外出")
LOCAL = re.compile(r"本地|当地|本县|本区|本旗|本市|本镇|本乡|本村|县城|镇上|村里")
BOTH = re.compile(r"父母|双方|夫妻|均|都")
GONE_OUT = re.compile(r"外|打工|务工")


@dataclass(slots=True)
class Away:
    place: str
    since: datetime.date | None
    is_other_county: bool


@dataclass(slots=True)
class Where:
    away: Away | None = None
    is_unable: bool = False


def whereabouts(values):
    """{"father": Where, "mother": Where}. A parent who cares for the child day by day is at home."""
    places = {who: values.get(f"{who}_workplace", "") or _in_note(values, who) for who in ("father", "mother")}
    out = {who: _is_out(place) for who, place in places.items()}
    at_home = {who for who in places if _cares(values, who)}
    if values.get("category") == "migrant" and not at_home and values.get("both_parents_out") != "Y":
        at_home = {"father", "mother"}  # who moved with the child works where they live
    unable = ""
    if values.get("both_parents_out") == "Y":
        gone, at_home = {"father", "mother"}, set()
    elif values.get("one_out_other_incapable") == "Y" and sum(o is True for o in out.values()) == 1:
        gone = {who for who, is_out in out.items() if is_out}
        unable = next(who for who in out if who not in gone)
    elif values.get("category") == "left_behind" and not any(places.values()) and not at_home:
        gone = {"father", "mother"}
    else:
        gone = {who for who, is_out in out.items() if is_out}
    return {
        who: Where(_away(values, who, places[who]) if who in gone - at_home else None, who == unable) for who in places
    }


def _cares(values, who):
    """Whether the row calls this parent the guardian."""
    if values.get("guardian_relation"):
        return values["guardian_relation"] == who
    name = values.get("guardian_name")
    return bool(name) and name == values.get(f"{who}_name")


def _is_out(place):
    """True away, False at home or nearby, None not said."""
    if not place:
        return None
    return not (AT_HOME.search(place) or LOCAL.search(place))


def _in_note(values, who):
    """父在广东深圳，母在家: the father's part."""
    mine, other = ("父", "母") if who == "father" else ("母", "父")
    for part in re.split(r"[,，;；。、\s]+", values.get("parents_work_note", "")):
        if BOTH.search(part) or (mine in part and other not in part):
            place = re.sub(r"^(父母|双方|夫妻|父亲|母亲|父|母|爸爸|妈妈)?(双方|均|都|一方)?[:：]?在?", "", part)
            return place if not AT_HOME.search(part) else "在家"
    return ""


def _away(values, who, place):
    since = values.get(f"{who}_since", "")
    said = place if _is_out(place) or LOCAL.search(place) else ""
    return Away(
        "" if GONE_OUT.fullmatch(said) else said[:100],
        datetime.date.fromisoformat(since if len(since) == 10 else f"{since}-01") if since else None,
        not LOCAL.search(place),
    )
