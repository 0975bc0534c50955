"""A whole roster is taken back while nobody has touched it, and then everything is as it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import import_undo, imports
from children.models import Adult, Away, Child, FileNumber, Household, ImportFile, ImportRow, Kinship
from records.lifecycle import Refused
from records.models import TrailEntry
from tests.imports.factories import read, row, somebody
from tests.roster.workbooks import resident_id

pytestmark = pytest.mark.django_db
TABLES = (Household, Adult, Child, Kinship, Away)


def stored():
    """Every row of the register; the count of saves of a file goes up and never back."""
    return {m: [{**line, "version": 0} for line in m.objects.order_by("pk").values()] for m in TABLES}


def take_in(division, *rows):
    return imports.confirm(read(division, *rows), by=None)


BARE = row(身份证号码="", 性别="女", 出生年月="2015年3月", 就读学校="", 年级="")


@settings(max_examples=8, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(st.integers(0, 6), max_size=4, unique=True), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_everything_is_as_it_was(community, before, after):
    take_in(community, BARE, *map(somebody, before))
    was, last = stored(), FileNumber.objects.get(community=community).last
    batch = take_in(community, row(备注="新"), *[somebody(n, 备注="补充") for n in after])
    gone = set(Child.objects.values_list("number", flat=True))
    import_undo.undo(batch, by=None)
    assert stored() == was
    assert not ImportRow.objects.filter(batch=batch).exclude(child=None).exists()
    again = take_in(community, row(备注="新"), *[somebody(n, 备注="补充") for n in after])
    new = set(again.rows.filter(disposition="accepted").values_list("child__number", flat=True))
    assert all(number not in gone for number in new) and FileNumber.objects.get(community=community).last >= last
    import_undo.undo(again, by=None)
    assert stored() == was


def test_it_is_one_act_and_happens_once(community, director):
    batch = take_in(community, row(), somebody(1))
    import_undo.undo(batch, by=director)
    assert TrailEntry.objects.about(batch).filter(verb="took back", actor=director).count() == 1
    assert not batch.rows.exclude(pk__in=[r.pk for r in batch.rows.all() if not r.values]).exists()
    with pytest.raises(Refused, match="Only a roster that is taken in"):
        import_undo.undo(batch, by=director)
    assert not Child.objects.exists() and not ImportFile.objects.exists()


def change_child(child, by):
    child.remark = "anders"
    child.save()


def point_at_it(child, by):
    child.consents.model.objects.create(
        child=child, community=child.community, purpose="photo", given_by="王秀英", given_on="2026-09-11"
    )


def another_sibling(child, by):
    take_in(child.community, row(姓名="陈小雪", 身份证号码=resident_id("20160420", 998)))


def later_roster(child, by):
    take_in(child.community, row(备注="später"))


def change_household(child, by):
    child.household.note = "neu"
    child.household.save()


@pytest.mark.parametrize("touch", [change_child, point_at_it, another_sibling, later_roster, change_household])
def test_refused_once_anybody_has_touched_it(community, director, touch):
    batch = take_in(community, row(), somebody(1))
    child = Child.objects.get(name="陈小雨")
    touch(child, director)
    was = stored()
    with pytest.raises(Refused, match="1 file of it was") as refused:
        import_undo.undo(batch, by=director)
    assert child.number in refused.value.message
    assert stored() == was
    batch.refresh_from_db()
    assert batch.status == "confirmed"


def test_the_page_takes_it_back(community, director, signed_in, stranger):
    batch, client = take_in(community, row()), signed_in(director)
    assert "Take this roster back" in client.get(batch.get_absolute_url()).content.decode()
    assert client.post(f"{batch.get_absolute_url()}undo/").status_code == 302
    assert not Child.objects.exists()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "This roster was taken back" in page and "陈小雨" not in page
