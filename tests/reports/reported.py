"""Accepted reports with given figures, made as rows: what was counted from files is told elsewhere."""

import datetime as dt
import re
from io import BytesIO

import python_calamine
from django.utils import timezone

from communities.models import Division, User
from reports.models import Figure, QuarterlyReport

A, B, C = "150902001001", "150902001002", "150902002001"  # two streets
ELSEWHERE = "150903001001"  # another district


def account(name):
    return User.objects.get_or_create(username=name, defaults={"name": name})[0]


def report(code, period, figures, status="accepted"):
    """A report of a community; `figures`: {measure: number, or {"": number, (breakdown, part): n}}."""
    by, other = account("wrote"), account("decided")
    decided = {"decided_at": timezone.now(), "decided_by": other} if status in ("accepted", "returned") else {}
    sent = (
        {"submitted_at": timezone.now(), "submitted_by": by, "handed_in_on": timezone.localdate()}
        if status != "draft"
        else {}
    )
    found = QuarterlyReport.objects.create(
        community_id=code,
        year=period.start.year,
        quarter=period.number,
        due_on=period.end + dt.timedelta(days=10),
        status=status,
        done="完成",
        **sent,
        **decided,
    )
    rows = []
    for measure, numbers in figures.items():
        numbers = numbers if isinstance(numbers, dict) else {"": numbers}
        for name, n in numbers.items():
            breakdown, part = name or ("", "")
            rows.append(
                Figure(
                    report=found,
                    community_id=code,
                    district=code[:6],
                    measure=measure,
                    breakdown=breakdown,
                    part=part,
                    value=n,
                    definition_version=1,
                    drawn_at=timezone.now(),
                )  # fmt: skip
            )
    Figure.objects.bulk_create(rows)
    return found


def divisions(*codes):
    """The communities with these codes, and what they lie in."""
    for code in codes:
        for digits, level, above in ((6, "district", None), (9, "street", 6), (12, "community", 9)):
            Division.objects.get_or_create(
                code=code[:digits],
                defaults={"name": f"区划{code[:digits]}", "level": level, "parent_id": above and code[:above]},
            )
    return [Division.objects.get(pk=code) for code in codes]


def cells(page):
    """[[text of each cell]] of every table row."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.content.decode(), re.DOTALL)
    return [
        [
            re.sub(r"<[^>]+>", "", text).replace("hidden", "").strip()
            for text in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)
        ]
        for row in rows
    ]


def sheet(answer):
    assert answer.status_code == 200
    return python_calamine.load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
