"""What becomes of rows once a roster is taken in."""

import datetime as dt

import pytest

from children import imports
from children.importing import facts
from children.models import Adult, Away, Child, Household, ImportBatch, ImportRow, Kinship
from children.roster.vocabulary import relations
from records.lifecycle import Refused
from records.models import TrailEntry
from tests.children.factories import a_child, an_adult
from tests.imports.factories import CHEN, HEADER, SURVEY_DAY, read, row, somebody, verdicts, workbook
from tests.roster.workbooks import resident_id


def take_in(division, *rows, by=None, **details):
    return imports.confirm(read(division, *rows, by=by, **details), by=by)


def test_a_row_becomes_a_whole_file(community, director):
    take_in(community, row(备注="双胞胎"), by=director)
    child = Child.objects.get()
    assert (child.name, child.sex, child.birth_date, child.grade) == ("陈小雨", "F", dt.date(2015, 3, 16), "G5")
    assert (child.id_number, child.id_number_last4) == (CHEN["身份证号码"], CHEN["身份证号码"][-4:])
    assert (child.school, child.remark, child.reported_as) == ("实验小学", "双胞胎", "left_behind")
    assert (child.number, child.registered_on, child.district) == (f"{community.pk}-0001", SURVEY_DAY, "150902")
    assert child in Child.objects.search("cxy")
    assert child.household.address == "恩和路1号"
    family = {k.relation: (k.adult.name, k.adult.phone, k.is_caregiver) for k in child.kinships.all()}
    assert family == {
        "father": ("陈建国", "16100000001", False),
        "mother": ("李红", "16100000002", False),
        "grandmother_p": ("王秀英", "16100000003", True),
    }
    stays = Away.objects.values_list("adult__name", "place", "since", "reported_on", "is_other_county")
    assert sorted(stays) == [
        ("李红", "浙江义乌", None, SURVEY_DAY, True),
        ("陈建国", "广东深圳", None, SURVEY_DAY, True),
    ]
    assert child in Child.objects.left_behind_on(SURVEY_DAY)
    assert ImportRow.objects.get(child=child).row == 2
    assert set(TrailEntry.objects.about(child).values_list("verb", "actor")) == {("opened the file", director.pk)}


def test_the_aid_a_row_names_stands_in_fields_of_its_own(community):
    header = [*HEADER, "享受低保", "临时救助", "医疗救助", "其他救助", "父母务工情况"]
    one = [*row(), "是", "√", "", "住房救助", "腊月回来"]
    other = [*somebody(1), "", "", "是", "无", ""]
    imports.confirm(imports.read_roster(workbook(one, other, header=header), division=community, as_of=SURVEY_DAY,
                                        name="r.xlsx", by=None), by=None)  # fmt: skip
    aid = ["is_low_income", "has_temporary_aid", "has_medical_aid", "other_aid", "note"]
    assert list(Household.objects.order_by("pk").values_list(*aid)) == [
        (True, True, False, "住房救助", "腊月回来"),
        (False, False, True, "", ""),
    ]


def test_brothers_and_sisters_share_household_and_parents(community):
    take_in(
        community,
        row(),
        somebody(1),
        row(姓名="陈小雪", 身份证号码=resident_id("20160420", 998)),
        row(姓名="陈小雷", 身份证号码=resident_id("20180420", 997), 监护人电话="", 母亲电话="", 家庭住址="别处"),
        row(姓名="陈同名", 身份证号码=resident_id("20170420", 997), 父亲电话="16100000009", 母亲电话="",
            监护人电话="16100000008", 家庭住址="远处"),
    )  # fmt: skip
    household = Child.objects.get(name="陈小雨").household
    assert {c.name for c in household.children.all()} == {"陈小雨", "陈小雪", "陈小雷"}
    assert sorted(household.adults.values_list("name", flat=True)) == ["李红", "王秀英", "陈建国"]
    assert Kinship.objects.filter(adult__household=household).count() == 9
    assert Household.objects.count() == 3


def test_a_child_born_later_joins_the_family_on_file(community):
    take_in(community, row())
    take_in(community, row(姓名="陈小雪", 身份证号码=resident_id("20250420", 998)))
    assert Household.objects.count() == 1 and Adult.objects.count() == 3 and Away.objects.count() == 2
    assert Child.objects.get(name="陈小雪").kinships.count() == 3


def test_taking_in_the_same_rows_again_adds_nothing(community):
    rows = [
        row(),
        somebody(1),
        row(姓名="赵无号", 性别="男", 出生年月="2015.3", 身份证号码="", 父亲姓名="", 监护人电话="", 母亲姓名="钱女"),
        row(姓名="赵光", 性别="男", 出生年月="2014.3.1", 身份证号码="", 父亲姓名="", 母亲姓名="", 监护人=""),
        row(姓名="赵妈", 性别="男", 出生年月="2014.3.2", 身份证号码="", 父亲姓名="", 与儿童关系="母亲", 监护人="李红"),
    ]
    take_in(community, *rows)
    before = [model.objects.count() for model in (Child, Adult, Kinship, Away, Household)]
    assert before[0] == 5
    again = read(community, *rows)
    assert [v[0] for v in verdicts(again)] == ["duplicate"] * 5
    imports.confirm(again, by=None)
    assert [model.objects.count() for model in (Child, Adult, Kinship, Away, Household)] == before
    assert again.counts["completed"] == 0


def test_a_second_mention_fills_blanks_and_overwrites_nothing(community):
    bare = row(身份证号码="", 性别="女", 出生年月="2015年3月", 就读学校="老学校", 年级="")
    batch = take_in(community, bare, row())
    child = Child.objects.get()
    assert (child.school, child.grade, child.id_number) == ("老学校", "G5", CHEN["身份证号码"])
    assert (child.birth_date, child.birth_precision) == (dt.date(2015, 3, 16), "day")
    assert batch.counts["added"] == batch.counts["completed"] == 1
    take_in(community, row(就读学校="新学校", 备注="后来"))
    child.refresh_from_db()
    assert (child.school, child.remark) == ("老学校", "后来")


def test_an_id_number_used_by_another_child_here_comes_back(community):
    take_in(community, row())
    batch = read(community, row(姓名="陈小雪"), row(姓名="陈小雷"))
    assert verdicts(batch) == [("rejected", "ID_CONFLICT_NAME")] * 2


def test_a_child_of_another_community_is_neither_found_nor_touched(community, sister_community):
    take_in(sister_community, row())
    batch = read(community, row(), row(姓名="陈小雪", 身份证号码="", 性别="女", 出生年月="2015.3.16"))
    assert verdicts(batch) == [("accepted",), ("accepted",)]
    imports.confirm(batch, by=None)
    assert Child.objects.filter(name="陈小雨").count() == 2
    assert Adult.objects.filter(community=community).count() == 3


def test_a_street_roster_goes_to_the_community_each_row_names(street, community, sister_community, far_community):
    batch = take_in(street, row(), sheet="体育场社区")
    assert Child.objects.get().community == sister_community
    assert verdicts(read(street, row(), sheet="龙湾社区")) == [("rejected", "COMMUNITY_UNKNOWN")]
    assert (batch.division, batch.counts["added"]) == (street, 1)


def test_what_was_registered_since_the_preview_is_not_doubled(community):
    first, second = read(community, row(), somebody(1)), read(community, row(姓名="陈小雪"), somebody(1))
    imports.confirm(first, by=None)
    imports.confirm(second, by=None)
    assert Child.objects.count() == 2
    assert second.counts["late_duplicate"] == second.counts["late_rejected"] == 1
    assert verdicts(second) == [("rejected", "ID_CONFLICT_NAME"), ("duplicate",)]


def test_a_roster_is_taken_in_once(community, director):
    batch = take_in(community, row(), by=director)
    with pytest.raises(Refused):
        imports.confirm(batch, by=director)
    with pytest.raises(Refused):
        imports.discard(batch, by=director)
    assert Child.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nothing(community, monkeypatch):
    batch = read(community, *map(somebody, range(7)))
    monkeypatch.setattr(imports, "AT_A_TIME", 3)
    monkeypatch.setattr(imports, "_complete", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imports.confirm(batch, by=None)
    batch.refresh_from_db()
    assert batch.is_open and not Child.objects.exists() and not Household.objects.exists()
    monkeypatch.undo()
    imports.confirm(batch, by=None)
    assert Child.objects.count() == 7


@pytest.mark.parametrize("at_a_time", [1, 2, 1000])
def test_families_hold_together_however_the_rows_are_cut(community, monkeypatch, at_a_time):
    monkeypatch.setattr(imports, "AT_A_TIME", at_a_time)
    take_in(community, row(), somebody(1), row(姓名="陈小雪", 身份证号码=resident_id("20160420", 998)))
    assert Household.objects.count() == 2
    assert [c.number[-4:] for c in Child.objects.order_by("number")] == ["0001", "0002", "0003"]


def test_discarded_and_forgotten_rosters_keep_nothing_of_people(community, director):
    batch, kept = read(community, row(), row(姓名="")), read(community, somebody(1))
    assert all(one.values or one.cells for one in batch.rows.exclude(disposition="ignored"))
    imports.discard(batch, by=director)
    forgotten = read(community, somebody(2))
    ImportBatch.objects.filter(pk=forgotten.pk).update(uploaded_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert imports.discard_forgotten() == 1
    for one in (batch, forgotten):
        one.refresh_from_db()
        assert one.status == "discarded" and one.layouts == ""
        assert not one.rows.exclude(values="", cells="").exists()
    assert kept.rows.exclude(values="").exists()


def test_what_rows_say_is_unreadable_in_the_database(community):
    from django.db import connection

    read(community, row(), row(姓名="王错", 身份证号码="150902"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT values, cells FROM children_importrow UNION ALL SELECT layouts, '' FROM children_importbatch"
        )
        text = str(cursor.fetchall())
    assert not any(word in text for word in ("陈", "王", "16100000001", CHEN["身份证号码"], "\\u"))


def test_every_relation_of_a_roster_has_a_word_in_a_file():
    for relation in set(relations().values()) - facts.STEP.keys():
        assert facts.kinship(relation), relation
    assert facts.kinship("stepfather") == "father"
    assert facts.kinship("stepfather", has_father=True) == "other_relative"
    assert facts.kinship("") == ""


@pytest.mark.parametrize(
    ("changes", "away", "cares"),
    [
        ({"母亲务工地点": "在家"}, {"陈建国"}, "王秀英"),
        ({"监护人": "李红", "与儿童关系": "母亲"}, {"陈建国"}, "李红"),
        ({"监护人": "", "与儿童关系": "母亲", "母亲姓名": ""}, {"陈建国"}, "不详"),
        ({"父亲务工地点": "", "母亲务工地点": ""}, {"陈建国", "李红"}, "王秀英"),
        ({"父亲务工地点": "", "母亲务工地点": "", "儿童类别": ""}, set(), "王秀英"),
        ({"儿童类别": "流动儿童"}, set(), "王秀英"),
        ({"儿童类别": "流动儿童", "监护人": "李红", "与儿童关系": "母亲"}, {"陈建国"}, "李红"),
        ({"监护人": "陈建国", "与儿童关系": "爷爷"}, {"陈建国", "李红"}, "陈建国"),
    ],
)
def test_who_is_away_and_who_cares(community, changes, away, cares):
    take_in(community, row(**changes))
    assert {stay.adult.name for stay in Away.objects.all()} == away
    assert Kinship.objects.get(is_caregiver=True).adult.name == cares


def test_hand_registered_children_are_recognised(community):
    child = a_child(community, name="陈小雨", sex="F", birth_date=dt.date(2015, 3, 16))
    an_adult(child, "father", name="陈建国")
    batch = take_in(community, row())
    child.refresh_from_db()
    assert child.id_number == CHEN["身份证号码"] and Child.objects.count() == 1
    assert batch.rows.get(disposition="duplicate").duplicate_of == child.number
