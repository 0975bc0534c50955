"""Rosters and uploads for the tests of the import. Invented people only."""

import datetime as dt
import io
import re
from pathlib import Path

from children import imports
from tests.roster.workbooks import build, resident_id

SURVEY_DAY = dt.date(2026, 9, 10)
KNOWN = Path(__file__).parent.parent / "roster" / "data" / "A_community_60.xlsx"
HEADER = [
    *["姓名", "性别", "出生年月", "身份证号码", "就读学校", "年级", "父亲姓名", "父亲务工地点", "父亲电话"],
    *["母亲姓名", "母亲务工地点", "母亲电话", "监护人", "与儿童关系", "监护人电话", "家庭住址", "儿童类别", "备注"],
]
CHEN = {
    "姓名": "陈小雨",
    "身份证号码": resident_id("20150316", 996),
    "就读学校": "实验小学",
    "年级": "五年级",
    "父亲姓名": "陈建国",
    "父亲务工地点": "广东深圳",
    "父亲电话": "16100000001",
    "母亲姓名": "李红",
    "母亲务工地点": "浙江义乌",
    "母亲电话": "16100000002",
    "监护人": "王秀英",
    "与儿童关系": "奶奶",
    "监护人电话": "16100000003",
    "家庭住址": "恩和路1号",
    "儿童类别": "留守儿童",
}


def row(**changes):
    values = {**CHEN, **changes}
    return [values.get(word, "") for word in HEADER]


def somebody(number, **changes):
    """A row about a child of a family of its own."""
    return row(
        **{
            "姓名": f"王{chr(0x4E00 + number)}",
            "身份证号码": resident_id(f"2012{number // 28 % 12 + 1:02}{number % 28 + 1:02}", 996 + number % 4),
            "父亲姓名": f"王大{chr(0x4E00 + number)}",
            "父亲电话": f"161{number:08}",
            "母亲电话": "",
            "监护人电话": f"154{number:08}",
            "家庭住址": f"恩和路{number}号",
            **changes,
        }
    )


def workbook(*rows, sheet="恩和路社区", header=None):
    target = build((sheet, [header or HEADER, *rows]))
    target.name = "名单.xlsx"
    return target


def read(division, *rows, by=None, sheet="恩和路社区"):
    return imports.read_roster(
        workbook(*rows, sheet=sheet), division=division, as_of=SURVEY_DAY, name="名单.xlsx", by=by
    )


def verdicts(batch):
    return [(row.disposition, *row.reasons) for row in batch.rows.exclude(disposition="ignored").order_by("position")]


def upload(client, content, as_of=SURVEY_DAY, **data):
    """Send the form as a browser would; its answer."""
    page = client.get("/children/import/").content.decode()
    data["once_token"] = re.search(r'name="once_token" value="([^"]+)"', page)[1]
    if not hasattr(content, "name"):
        content = io.BytesIO(content.read() if hasattr(content, "read") else content)
        content.name = "roster.xlsx"
    return client.post("/children/import/", {"file": content, "as_of": str(as_of), **data})


def seen(client, batch):
    """What the page of a roster sends when it is taken in."""
    page = client.get(batch.get_absolute_url()).content.decode()
    return {"once_token": "", **dict(re.findall(r'name="(once_token|seen)" value="([^"]+)"', page))}


def confirm(client, batch):
    return client.post(f"{batch.get_absolute_url()}confirm/", seen(client, batch))
