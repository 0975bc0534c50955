"""The four communities of the story, and how each of them fares."""

import datetime as dt
from dataclasses import dataclass, field

AFTERNOON = (dt.time(16), dt.time(18, 30))
MORNING = (dt.time(9), dt.time(11, 30))
LONG_MORNING = (dt.time(9), dt.time(13, 30))


@dataclass(frozen=True)
class Place:
    code: str
    short: str
    worker: str  # user names
    officer: str
    kindergarten: str
    area: str  # of the Home's room
    hours: dict  # {weekday: (opens at, closes at)} of the Home in term
    paired: int  # children with a loving mother or acting parent
    diligence: float  # share of the five ones that get done
    primary: str = "集宁区示例第一小学"
    junior: str = "集宁区示例初级中学"
    senior: str = "集宁区示例高级中学"
    files_complete: bool = False
    lapsed: tuple[int, ...] = ()  # helpers whose record check has ended, by their place in the list
    lapsing: tuple[int, ...] = ()
    checks: tuple[tuple[str, str], ...] = ()  # (kind of check, who makes it)
    failing: frozenset[str] = field(default_factory=frozenset)  # requirements the Home does not meet
    has_pictures: bool = False
    was_inspected: bool = False  # a year before


ENHE = Place(
    "150902001001",
    "恩和路",
    "director",
    "supervisor",
    kindergarten="恩和路示例幼儿园",
    area="36.0",
    hours={**dict.fromkeys(range(5), AFTERNOON), 5: (dt.time(9), dt.time(12)), 6: MORNING},
    paired=15,
    diligence=0.85,
    lapsed=(6,),
    lapsing=(4, 5),
    checks=(("self_check", "director"),),
    failing=frozenset(["S14", "O14"]),
)
STADIUM = Place(
    "150902001002",
    "体育场",
    "worker.stadium",
    "supervisor",
    kindergarten="体育场示例幼儿园",
    area="22.0",
    hours={1: AFTERNOON, 3: AFTERNOON, 5: MORNING, 6: MORNING},
    paired=10,
    diligence=0.7,
    lapsed=(5,),
    checks=(("inspection", "supervisor"),),  # and it has not checked itself
    failing=frozenset(
        ["H01", "H02", "H03", "H05", "H08", "H09", "H12", "H14", "H17", "S01", "S09", "S11", "S12", "S14"]
        + ["O02", "O10", "O13", "O14", "O15"]
    ),
)
LONGWAN = Place(
    "150902002001",
    "龙湾",
    "worker.longwan",
    "officer.qiaodong",
    kindergarten="龙湾示例幼儿园",
    primary="集宁区示例第二小学",
    area="85.5",
    hours={**dict.fromkeys(range(5), (dt.time(15, 30), dt.time(18, 30))), 5: LONG_MORNING, 6: LONG_MORNING},
    paired=27,
    diligence=1.0,
    files_complete=True,
    checks=(("self_check", "worker.longwan"), ("inspection", "officer.qiaodong")),
    has_pictures=True,
    was_inspected=True,
)
DONGMINJIAN = Place(
    "150902002002",
    "东民建",
    "worker.dongminjian",
    "officer.qiaodong",
    kindergarten="东民建示例幼儿园",
    primary="集宁区示例第二小学",
    area="40.0",
    hours={**dict.fromkeys(range(5), AFTERNOON), 5: (dt.time(9), dt.time(12, 30))},
    paired=10,
    diligence=0.85,
    lapsing=(4,),
    checks=(("self_check", "worker.dongminjian"),),
    failing=frozenset(["S12", "O14"]),
)
PLACES = [ENHE, STADIUM, LONGWAN, DONGMINJIAN]
