"""A roster is read and taken in some rows at a time: how many makes no difference to what comes of it."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import imports
from children.importing.aside import ChildrenAside
from children.models import Household
from children.roster import duplicates
from children.roster.duplicates import KnownChildren, settle_within
from children.roster.verdict import ACCEPTED, RosterRow
from tests.imports.factories import KNOWN, SURVEY_DAY, read, row
from tests.roster.workbooks import resident_id

VALUES = st.fixed_dictionaries(
    {
        "child_name": st.sampled_from(["陈小雨", "陈小雪"]),
        "birth_date": st.sampled_from(["2015-03-16", "2015-03", "2016-01-01"]),
    },
    optional={
        "id_number": st.sampled_from(["150902201503169961", "150902201503169978"]),
        "guardian_phone": st.sampled_from(["16100000001", "16100000002"]),
        "father_name": st.sampled_from(["陈建国", "陈大"]),
    },
)


def settled(values, own, at_a_time, monkeypatch):
    monkeypatch.setattr(duplicates, "AT_A_TIME", at_a_time)
    rows = [RosterRow("甲", n, ACCEPTED, values=dict(said)) for n, said in enumerate(values, 1)]
    passed = list(settle_within(rows, own=own))
    warned = {row.place: row.warnings for row in own.warned}
    return [
        (r.disposition, r.reasons, warned.get(r.place, r.warnings), r.duplicate_of, r.match_type, r.action)
        for r in passed
    ]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(VALUES, max_size=12), st.integers(1, 4))
def test_what_earlier_rows_said_is_known_whether_it_is_at_hand_or_aside(values, at_a_time):
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        at_hand = settled(values, KnownChildren(), 1000, monkeypatch)
        assert settled(values, ChildrenAside(), at_a_time, monkeypatch) == at_hand


def families():
    """What came of a roster, without keys: each household with its children, adults and who is away."""
    return sorted(
        (
            sorted(home.children.values_list("name", "birth_date")),
            sorted(
                (a.name, a.phone, sorted(a.kinships.values_list("relation", "child__name")), a.aways.count())
                for a in home.adults.all()
            ),
        )
        for home in Household.objects.all()
    )


def came_of(read_roster, at_a_time):
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        monkeypatch.setattr(imports, "AT_A_TIME", at_a_time)
        monkeypatch.setattr(duplicates, "AT_A_TIME", at_a_time)
        batch = read_roster()
        imports.confirm(batch, by=None)
        rows = batch.rows.order_by("position").values_list(
            "disposition", "reasons", "warnings", "duplicate_of", "action"
        )
        told = [*rows, batch.counts, families()]
        transaction.set_rollback(True)
    return told


@pytest.mark.django_db
def test_the_known_roster_comes_to_the_same_a_few_rows_at_a_time(community):
    def known():
        with KNOWN.open("rb") as file:
            return imports.read_roster(file, division=community, as_of=SURVEY_DAY, name=KNOWN.name, by=None)

    assert came_of(known, 3) == came_of(known, 1000)


BROTHERS = st.lists(
    st.fixed_dictionaries(
        {
            "姓名": st.sampled_from(["陈一", "陈二", "陈三", "陈四"]),
            "父亲姓名": st.sampled_from(["", "陈建国", "陈大"]),
            "母亲姓名": st.sampled_from(["", "李红"]),
            "父亲电话": st.sampled_from(["", "16100000001"]),
            "监护人电话": st.sampled_from(["", "16100000003", "16100000009"]),
            "家庭住址": st.sampled_from(["", "恩和路1号", "恩和路2号"]),
            "监护人": st.sampled_from(["", "王秀英"]),
        }
    ),
    min_size=2,
    max_size=7,
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(BROTHERS)
def test_brothers_and_sisters_find_each_other_across_pieces(community, brood):
    lines = [row(**said, 身份证号码=resident_id(f"2015{n + 1:02}16", 996)) for n, said in enumerate(brood)]
    assert came_of(lambda: read(community, *lines), 2) == came_of(lambda: read(community, *lines), 1000)
