"""What a later roster fills in the household and among the adults of a child on file, and what it leaves alone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from children import caring, import_undo, imports
from children.importing.facts import UNNAMED
from children.models import Adult, Away, Child, Household, Kinship
from records.lifecycle import Refused
from records.models import TrailEntry
from tests.children.factories import a_child, an_adult, kin
from tests.imports.factories import CHEN, HEADER, SURVEY_DAY, read, row, somebody, workbook
from tests.roster.workbooks import resident_id

pytestmark = pytest.mark.django_db
BORN = dt.date(2015, 3, 16)


def take_in(division, *rows):
    return imports.confirm(read(division, *rows), by=None)


@pytest.fixture
def child(community):
    """A file that knows the child and nothing of the family."""
    household = Household.objects.create(community=community)
    return a_child(community, household, birth_date=BORN, id_number=CHEN["身份证号码"], registered_on=SURVEY_DAY)


def test_other_aid_is_filled_and_a_box_that_may_have_been_unticked_is_not(child):
    rows = workbook([*row(), "√", "住房救助"], header=[*HEADER, "享受低保", "其他救助"])
    imports.confirm(
        imports.read_roster(rows, division=child.community, as_of=SURVEY_DAY, name="r.xlsx", by=None), by=None
    )
    child.household.refresh_from_db()
    assert (child.household.is_low_income, child.household.other_aid) == (False, "住房救助")


def family(child):
    rows = Kinship.objects.filter(child=child).select_related("adult")
    return {k.relation: (k.adult.name, k.adult.phone, k.adult.phone_alt, k.is_caregiver) for k in rows}


WHOLE = {
    "father": ("陈建国", "16100000001", "", False),
    "mother": ("李红", "16100000002", "", False),
    "grandmother_p": ("王秀英", "16100000003", "", True),
}


def test_an_empty_file_learns_of_the_whole_family(child):
    batch = take_in(child.community, row())
    child.household.refresh_from_db()
    assert family(child) == WHOLE
    assert child.household.address == "恩和路1号"
    stays = Away.objects.values_list("adult__name", "place", "reported_on", "verified_on", "source", "place_code")
    assert sorted(stays) == [
        ("李红", "浙江义乌", SURVEY_DAY, SURVEY_DAY, "roster", "33"),
        ("陈建国", "广东深圳", SURVEY_DAY, SURVEY_DAY, "roster", "4403"),
    ]
    assert (Child.objects.count(), Household.objects.count(), Adult.objects.count()) == (1, 1, 3)
    assert (batch.counts["added"], batch.counts["completed"]) == (0, 1)
    completed = TrailEntry.objects.filter(verb="completed")
    assert set(completed.values_list("model_label", flat=True)) == {"children.child", "children.household"}
    again = take_in(child.community, row())
    assert again.counts["completed"] == 0


def test_blank_phones_are_filled_and_others_stay(child):
    an_adult(child, "father", name="陈建国")
    an_adult(child, "mother", name=UNNAMED, phone="16100000077")
    an_adult(child, "grandmother_p", cares=True, name="王秀英", phone="16100000099")
    take_in(child.community, row())
    assert family(child) == {
        "father": ("陈建国", "16100000001", "", False),
        "mother": ("李红", "16100000077", "", False),
        "grandmother_p": ("王秀英", "16100000099", "", True),
    }


def test_nobody_is_overwritten_and_no_second_parent_or_carer_comes(child):
    household = child.household
    household.address, household.grid = "幸福巷7号", "3号楼"
    household.save()
    father = an_adult(child, "father", name="陈大国", cares=True)
    take_in(child.community, row())
    household.refresh_from_db()
    assert (household.address, household.grid) == ("幸福巷7号", "3号楼")
    assert family(child) == {"father": ("陈大国", "", "", True), "mother": WHOLE["mother"]}
    assert not father.aways.exists()


@pytest.mark.parametrize(
    ("stays", "places"),
    [
        ([], ["广东深圳"]),
        ([{"since": dt.date(2024, 1, 1), "place": "北京"}], ["北京"]),
        ([{"since": dt.date(2024, 1, 1), "until": dt.date(2025, 1, 1), "place": "北京"}], ["北京", "广东深圳"]),
        ([{"since": dt.date(2024, 1, 1), "until": dt.date(2026, 9, 20), "place": "北京"}], ["北京"]),
    ],
)
def test_a_stay_is_noted_only_beside_none_that_goes_on(child, stays, places):
    father = an_adult(child, "father", name="陈建国")
    for stay in stays:
        Away.objects.create(adult=father, community=child.community, reported_on=SURVEY_DAY, **stay)
    take_in(child.community, row())
    assert sorted(father.aways.values_list("place", flat=True)) == places


def test_a_parent_who_looks_after_the_child_is_at_home(child):
    mother = an_adult(child, "mother", name="李红", cares=True)
    take_in(child.community, row())
    assert not mother.aways.exists()
    assert family(child)["mother"] == ("李红", "16100000002", "", True)
    assert "grandmother_p" not in family(child)


def test_somebody_in_the_family_becomes_the_one_who_looks_after_a_child_with_nobody(child):
    an_adult(child, "grandmother_p", name="王秀英")
    batch = take_in(child.community, row())
    assert family(child) == WHOLE
    import_undo.undo(batch, by=None)
    assert family(child) == {"grandmother_p": ("王秀英", "", "", False)}


def test_a_sister_gets_the_parents_her_brother_has(child):
    father = an_adult(child, "father", name="陈建国", phone="16100000001")
    facts = {"name": "陈小雪", "birth_date": dt.date(2016, 4, 20), "id_number": resident_id("20160420", 998)}
    sister = a_child(child.community, child.household, **facts)
    take_in(child.community, row(姓名="陈小雪", 身份证号码=facts["id_number"]))
    assert family(sister) == WHOLE
    assert sister.kinships.get(relation="father").adult == father
    assert family(child) == {"father": WHOLE["father"]}


TOUCHED = {
    "household": lambda child: child.household.save(),
    "father": lambda child: child.kinships.get(relation="father").adult.save(),
    "mother": lambda child: kin(a_child(child.community), child.kinships.get(relation="mother").adult, "mother"),
    "stay": lambda child: Away.objects.first().save(),
    "carer": lambda child: Kinship.objects.filter(is_caregiver=True).update(is_caregiver=False),
}


@pytest.mark.parametrize("what", TOUCHED)
def test_what_was_touched_since_is_not_taken_back(child, what):
    an_adult(child, "father", name="陈建国")
    an_adult(child, "grandmother_p", name="王秀英")
    batch = take_in(child.community, row())
    child.household.refresh_from_db()
    TOUCHED[what](child)
    with pytest.raises(Refused, match="1 file of it was"):
        import_undo.undo(batch, by=None)
    assert family(child)["mother"] == WHOLE["mother"]


def test_rows_that_fill_nothing_cost_the_same_queries_however_many(community):
    counts = []
    for rows in ([row()], [row(), somebody(1), somebody(2)]):
        take_in(community, *rows)
        batch = read(community, *rows)
        with CaptureQueriesContext(connection) as seen:
            imports.confirm(batch, by=None)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_was_struck_out_does_not_come_back_with_the_next_roster(child, director):
    rows = workbook([*row(), "孤儿"], header=[*HEADER, "困境类型"])
    facts = {"division": child.community, "as_of": SURVEY_DAY, "name": "r.xlsx", "by": director}
    imports.confirm(imports.read_roster(rows, **facts), by=director)
    caring.strike(child.hardships.get(), because="认错了人", by=director)
    rows.seek(0)
    imports.confirm(imports.read_roster(rows, **facts), by=director)
    assert not child.hardships.exists()
