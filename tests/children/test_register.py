import datetime as dt

import pytest
from django.db import connection

from children.models import Child, FileNumber, Household
from records.scoping import Scope
from tests.children.factories import a_child, id_number

HERE = Scope.of("150902001")


@pytest.fixture
def four(community):
    born = dt.date(2016, 5, 1)
    return {
        "chen": a_child(community, name="陈小雨", id_number=id_number(born, "F"), birth_date=born),
        "shan": a_child(community, name="单晓宇", sex="M"),
        "twin": a_child(community, name="陈小雪"),
        "rare": a_child(community, name="㐂𠮷·O'Neil <b>"),
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("陈", {"chen", "twin"}),
        ("小雨", {"chen"}),
        ("陈小雨", {"chen"}),
        (" 陈 小雨　", {"chen"}),
        ("陈雨", set()),
        ("chenxiao", {"chen", "twin"}),
        ("Chen Xiao Yu", {"chen"}),
        ("shan", {"shan"}),
        ("xiao yu", {"chen", "shan"}),
        ("dan", set()),
        ("cxy", {"chen"}),
        ("cx", {"chen", "twin"}),
        ("sxy", {"shan"}),
        ("𠮷", {"rare"}),
        ("o'neil", {"rare"}),
        ("<b>", {"rare"}),
        ("%", set()),
        ("__", set()),
        ("\x00陈\u202e", {"chen", "twin"}),
        ("150902001001-0002", {"shan"}),
        ("１５０９０２００１００１-0002", {"shan"}),
    ],
)
def test_a_child_is_found_by_what_people_type(four, typed, found):
    hits = Child.objects.search(typed, numbers_in=HERE)
    assert {name for name, child in four.items() if child in hits} == found


def test_an_id_number_finds_its_child_only_for_those_who_may_know_it(four):
    number = four["chen"].id_number
    for typed in (number, f" {number[:6]} {number[6:]} ".lower(), number[-4:], number[-4:].lower()):
        assert list(Child.objects.search(typed, numbers_in=HERE)) == [four["chen"]], typed
        assert not Child.objects.search(typed, numbers_in=Scope.of("150902002"))
        assert not Child.objects.search(typed)


def test_searching_costs_one_query_whatever_is_typed(four, django_assert_num_queries):
    for typed in ("", "陈", "陈小雨", "chen xiao", "cxy", "150902001001-0001", "123X", "x" * 500, "'; --"):
        with django_assert_num_queries(1):
            list(Child.objects.search(typed, numbers_in=HERE))


@pytest.fixture
def thousands(community):
    household = Household.objects.create(community=community)
    family, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "一二三四五六七八九十天地玄黄宇宙洪荒日月"
    names = [f"{a}{b}{c}" for a in family for b in given for c in given[:10]]
    numbers = FileNumber.take(community.pk, len(names))
    rows = []
    for name, number in zip(names, numbers, strict=True):
        child = Child(
            community=community, district="150902", household=household, number=number, name=name, sex="F",
            birth_date="2016-05-01", registered_on="2026-01-01", id_number_last4=number[-4:],
        )  # fmt: skip
        child.set_search_columns()
        rows.append(child)
    Child.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE children_child")
        # What was just inserted waits in the index's pending list, which makes the planner shy of it.
        cursor.execute("SELECT gin_clean_pending_list('child_by_name_grams')")
    return len(rows)


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("陈天", "child_by_name_grams"),
        ("陈天地", "child_by_name_grams"),
        ("chentian", "child_by_name_grams"),
        ("chen tian", "child_by_name_grams"),
        ("ctd", "child_by_name_grams"),
        ("150902001001-0077", "children_child_number"),
        ("150902199001019961", "one_file_per_id_number_in_a_community"),
        ("0077", "child_by_last_four"),
    ],
)
def test_a_search_reads_an_index_and_not_the_table(thousands, director, typed, index):
    plan = Child.objects.visible_to(director).search(typed, numbers_in=HERE).explain()
    assert index in plan, plan
    assert "Seq Scan on children_child" not in plan
