"""Taking a roster in, held against a generic import library that does the same work row by row.

Both read the same kind of workbook, check and preview every row, then write child, household, parents, caregiver and
stays away. The peer is asked for fewer rows and its cost taken per row, which does not grow; ours for all.
"""

import datetime as dt
import io

import tablib
import xlsxwriter
from django.core.management import call_command
from import_export import fields, resources

from bench.memory import risen
from children import imports
from children.models import Adult, Away, Child, FileNumber, Household, Kinship
from communities.identity import check_character
from communities.models import Division
from records.secrets import blind_index

HEADERS = [
    *["姓名", "性别", "民族", "出生日期", "身份证号", "户籍所在地", "现居住地", "学校", "年级", "是否寄宿", "健康状况"],
    *["父亲姓名", "父亲务工地点", "父亲联系电话", "母亲姓名", "母亲务工地点", "母亲联系电话"],
    *["监护人姓名", "与儿童关系", "监护人电话", "监护类型"],
]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林", "明华芳静伟丽强敏杰娟涛艳军雪梅宇浩然欣怡"
AS_OF = dt.date(2026, 3, 1)
PLACES = ["广东省深圳市", "浙江省杭州市", "江苏省苏州市"]


def line(n):
    born = dt.date(2012, 1, 1) + dt.timedelta(days=n % 3000)
    first = f"150902{born:%Y%m%d}{n // 3000 * 2 + 101:03}"
    called = SURNAMES[n % 16] + GIVEN[n // 16 % 20] + GIVEN[n // 320 % 20]
    phones = [f"1{39 - k}{10_000_000 + n:08}" for k in range(3)]
    return [
        *[called, "男", "汉族", f"{born:%Y-%m-%d}", first + check_character(first), "新体路街道1号", f"恩和路{n}号"],
        *["实验小学", "三年级", "否", "健康", f"{called[0]}建国", PLACES[n % 3], phones[0]],
        *[f"李红{GIVEN[n % 20]}", PLACES[n % 3], phones[1], "王秀英", "祖孙", phones[2], "较好"],
    ]


def workbook(rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    for number, cells in enumerate([HEADERS, *map(line, range(rows))]):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()
    target.seek(0)
    return target


def ours(content, division):
    """How many children came of preview and taking in."""
    batch = imports.read_roster(content, division=division, as_of=AS_OF, name="roster.xlsx", by=None)
    imports.confirm(batch, by=None)
    return batch.counts["added"]


def peers(content, division):
    """The same for the library, as its own pages do it: the whole import as a trial, then once more in earnest."""
    resource_class = peer_resource(division)
    data = tablib.Dataset().load(content.read(), format="xlsx")
    for is_trial in (True, False):
        result = resource_class().import_data(data, dry_run=is_trial, raise_errors=True, use_transactions=True)
    return result.totals["new"]


def peer_resource(division):
    columns = {"name": "姓名", "birth_date": "出生日期", "id_number": "身份证号", "school": "学校"}

    class ChildResource(resources.ModelResource):
        name = fields.Field("name", columns["name"])
        birth_date = fields.Field("birth_date", columns["birth_date"])
        id_number = fields.Field("id_number", columns["id_number"])
        school = fields.Field("school", columns["school"])

        class Meta:
            model = Child
            fields = tuple(columns)
            import_id_fields = ()

        def skip_row(self, instance, original, row, import_validation_errors=None):
            digest = blind_index(row["身份证号"], "id_number")
            return Child.objects.filter(community=division, id_number_hash=digest).exists()

        def before_save_instance(self, instance, row, **kwargs):
            instance.household = Household.objects.create(community=division, address=row["现居住地"])
            instance.number = FileNumber.take(division.pk)[0]
            instance.community, instance.registered_on, instance.sex, instance.grade = division, AS_OF, "M", "G3"

        def after_save_instance(self, instance, row, **kwargs):
            for relation, who in (("father", "父亲"), ("mother", "母亲"), ("grandmother_p", "监护人")):
                adult = Adult.objects.create(
                    community=division,
                    household=instance.household,
                    name=row[f"{who}姓名"],
                    phone=row["监护人电话" if who == "监护人" else f"{who}联系电话"],
                )
                Kinship.objects.create(
                    community=division, child=instance, adult=adult, relation=relation, is_caregiver=who == "监护人"
                )
                if who != "监护人":
                    Away.objects.create(community=division, adult=adult, reported_on=AS_OF, place=row[f"{who}务工地点"])

    return ChildResource


def measure(who, rows):
    """Seconds for `rows`, and by how many MB the process rose for them."""
    call_command("load_divisions", verbosity=0, stdout=io.StringIO())
    division = Division.objects.filter(level="community").order_by("code").first()
    content = workbook(rows)
    take_in = {"ours": ours, "peer": peers}[who]
    figures, added = risen(lambda: take_in(content, division))
    assert added == rows, (who, added, rows)
    return {**figures, "rows": rows}
