"""A whole roster is taken back while nobody has touched it, and then everything is as it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import caring, import_undo, imports, transfer
from children.importing.writing import WRITTEN
from children.models import Child, FileNumber, Hardship, ImportPart, ImportRow, Likeness, Need, QualityRating, Wish
from children.rating import rate
from records.lifecycle import Refused
from records.models import TrailEntry
from tests.children.factories import offered
from tests.imports.factories import HEADER, SURVEY_DAY, row, somebody, workbook
from tests.roster.workbooks import resident_id

pytestmark = pytest.mark.django_db
CARE = {"监护类型": "较好", "帮扶需求": "学习辅导，想要一本书", "困难类别": "低保"}  # facts in rows of their own


def stored():
    """Every row of the register; the count of saves of a file goes up and never back."""
    tables = (*WRITTEN, Likeness)
    return {m: [{**line, "version": 0} for line in m.objects.order_by("pk").values()] for m in tables}


def take_in(division, *rows, care=()):
    """`care`: for each row what it says of guardianship, needs and hardship."""
    care = [*care, *[{}] * (len(rows) - len(care))]
    whole = [[*cells, *(more.get(word, "") for word in CARE)] for cells, more in zip(rows, care, strict=True)]
    file = workbook(*whole, header=[*HEADER, *CARE])
    batch = imports.read_roster(file, division=division, as_of=SURVEY_DAY, name=file.name, by=None)
    return imports.confirm(batch, by=None)


FAMILY = [
    "父亲姓名",
    "父亲务工地点",
    "父亲电话",
    "母亲姓名",
    "母亲电话",
    "监护人",
    "与儿童关系",
    "监护人电话",
    "家庭住址",
]
BARE = row(身份证号码="", 性别="女", 出生年月="2015年3月", 就读学校="", 年级="")


@settings(max_examples=8, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    st.dictionaries(st.integers(0, 6), st.sets(st.sampled_from(FAMILY)), max_size=4),
    st.lists(st.integers(0, 9), min_size=1, max_size=6),
)
def test_everything_is_as_it_was(community, before, after):
    """`before`: who is on file already, and what of the family is not."""
    known = [somebody(number, **dict.fromkeys(blank, "")) for number, blank in before.items()]
    take_in(community, BARE, *known)
    was, last = stored(), FileNumber.objects.get(community=community).last
    care = [CARE if n % 2 else {} for n in range(len(after) + 1)]
    batch = take_in(community, row(备注="新"), *[somebody(n, 备注="补充") for n in after], care=care)
    gone = set(Child.objects.values_list("number", flat=True))
    import_undo.undo(batch, by=None)
    assert stored() == was
    assert not ImportRow.objects.filter(batch=batch).exclude(child=None).exists()
    again = take_in(community, row(备注="新"), *[somebody(n, 备注="补充") for n in after])
    new = set(again.rows.filter(disposition="accepted").values_list("child__number", flat=True))
    assert all(number not in gone for number in new) and FileNumber.objects.get(community=community).last >= last
    import_undo.undo(again, by=None)
    assert stored() == was


def test_what_stands_in_rows_of_its_own_goes_too(community, director):
    """Of new files, of files completed, and of a file that a later row of the same roster completes."""
    take_in(community, somebody(1))
    Child.objects.update(needs_asked_on="2026-05-01")
    was = stored()
    later = row(身份证号码="", 性别="女", 出生年月="2015年3月")
    batch = take_in(community, row(), somebody(1), somebody(2), later, care=[{}, CARE, CARE, CARE])
    kept = (QualityRating, Need, Wish, Hardship)
    assert [model.objects.values("child").distinct().count() for model in kept] == [3, 3, 3, 3]
    import_undo.undo(batch, by=director)
    assert stored() == was


def test_a_question_that_only_the_roster_raised_goes_with_it(community, sister_community, director):
    take_in(sister_community, row())
    was = stored()
    batch = take_in(community, row())
    assert Likeness.objects.asked().count() == 1
    import_undo.undo(batch, by=director)
    assert stored() == was
    batch = take_in(community, row())
    Likeness.objects.get().settle(Likeness.Status.DIFFERENT, by=director)
    with pytest.raises(Refused, match="1 file of it was"):
        import_undo.undo(batch, by=director)


def test_it_is_one_act_and_happens_once(community, director):
    batch = take_in(community, row(), somebody(1))
    import_undo.undo(batch, by=director)
    assert TrailEntry.objects.about(batch).filter(verb="took back", actor=director).count() == 1
    assert not batch.rows.exclude(pk__in=[r.pk for r in batch.rows.all() if not r.values]).exists()
    with pytest.raises(Refused, match="Only a roster that is taken in"):
        import_undo.undo(batch, by=director)
    assert not Child.objects.exists() and not ImportPart.objects.exists()


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


def fulfil_a_wish(child, by):
    child.wishes.get().fulfil(whom="李老师", by=by)


def end_a_hardship(child, by):
    caring.end_hardship(child.hardships.get(), on=SURVEY_DAY, by=by)


def rate_anew(child, by):
    rate(child, "fair", by=by)


TOUCHES = [change_child, point_at_it, another_sibling, later_roster, change_household]
TOUCHES += [fulfil_a_wish, end_a_hardship, rate_anew]


@pytest.mark.parametrize("touch", TOUCHES)
def test_refused_once_anybody_has_touched_it(community, director, touch):
    batch = take_in(community, row(), somebody(1), care=[CARE, CARE])
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


def test_a_file_that_went_elsewhere_is_named_by_the_number_it_had_here(
    community, sister_community, far_community, director, supervisor, stranger
):
    batch = take_in(community, row(), somebody(1))
    child = Child.objects.get(name="陈小雨")
    number = child.number
    transfer.accept(offered([child], sister_community, by=director), by=supervisor)
    transfer.accept(offered([Child.objects.get(pk=child.pk)], far_community, by=supervisor), by=stranger)
    with pytest.raises(Refused) as refused:
        import_undo.undo(batch, by=director)
    assert f"({number})" in refused.value.message
    assert Child.objects.get(pk=child.pk).number not in refused.value.message
