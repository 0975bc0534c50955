"""A roster is read, and before it is taken in the file that one of its rows names is merged into another."""

import datetime as dt

import pytest

from children import import_undo, imports
from children.merging import merge
from children.models import Child
from tests.children.factories import a_child, an_adult
from tests.imports.factories import SURVEY_DAY, read, row

pytestmark = pytest.mark.django_db
FACTS = ("name", "school", "grade", "id_number")


@pytest.fixture
def files(community):
    """(the file kept, the one that the roster names)"""
    known = {"birth_date": dt.date(2015, 3, 16), "registered_on": SURVEY_DAY - dt.timedelta(days=200)}
    kept, gone = (a_child(community, name=name, **known) for name in ("陈小语", "陈小雨"))
    an_adult(gone, "father", name="陈建国", phone="16100000001")
    return kept, gone


def facts_of(child):
    return Child.objects.filter(pk=child.pk).values_list(*FACTS).get()


def test_what_the_roster_says_comes_to_the_file_that_was_kept(community, director, files):
    kept, gone = files
    batch = read(community, row())
    assert [row.duplicate_of for row in batch.rows.filter(disposition="duplicate")] == [gone.number]
    merge(kept, gone, by=director)
    imports.confirm(batch, by=director)
    assert facts_of(kept)[:3] == ("陈小语", "实验小学", "G5") and facts_of(kept)[3]
    assert facts_of(gone) == ("陈小雨", "", "", "")
    assert list(batch.rows.exclude(child=None).values_list("child", flat=True)) == [kept.pk]
    import_undo.undo(batch, by=director)
    assert facts_of(kept) == ("陈小语", "", "", "")


def test_a_file_kept_in_a_community_that_the_roster_is_not_of_is_not_touched(community, far_community, director, files):
    _kept, gone = files
    kept = a_child(far_community, name="陈小雨", birth_date=dt.date(2015, 3, 16))
    batch = read(community, row())
    merge(kept, gone, by=director)
    imports.confirm(batch, by=director)
    assert facts_of(kept) == ("陈小雨", "", "", "")
    assert not batch.rows.exclude(child=None).exists()
