import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from children.models import Household
from surveys.walking import natural, walking_order

NUMBER = st.integers(0, 3000)
ADDRESS = st.tuples(NUMBER, NUMBER, NUMBER)


def written(numbers):
    return "{}号楼{}单元{}室".format(*numbers)


@pytest.mark.parametrize(
    "right",
    [
        ["2号楼", "10号楼"],
        ["3单元401", "3单元1201"],
        ["第一网格", "第二网格", "第三网格", "第四网格", "第十网格", "第十一网格", "第二十网格"],
        ["恩和路9号院", "恩和路12号院2号楼", "恩和路12号院10号楼"],
        ["Block 2", "Block 10"],
    ],
)
def test_numbers_inside_count_as_numbers(right):
    for left in (right[::-1], right[1:] + right[:1]):
        assert sorted(left, key=natural) == right


@pytest.mark.parametrize(
    ("one", "same"),
    [("１２号楼", "12号楼"), ("十二号楼", "12号楼"), ("一百零五号", "105号"), ("二〇三室", "203室"), ("B座", "b座")],
)
def test_however_a_number_is_written_it_stands_in_the_same_place(one, same):
    assert natural(one) == natural(same)


@given(st.lists(ADDRESS, max_size=12))
def test_addresses_stand_in_the_order_of_their_numbers(numbers):
    assert sorted(map(written, numbers), key=natural) == [written(one) for one in sorted(numbers)]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_text_has_one_place_whatever_the_order_it_came_in(texts):
    keys = sorted(natural(text) for text in texts)
    assert keys == sorted(natural(text) for text in reversed(texts))
    assert [natural(unicodedata.normalize("NFKC", text)) for text in texts] == [natural(text) for text in texts]


def test_a_number_too_long_to_count_is_no_error():
    assert natural("9" * 5000) > natural("9" * 4999)


@given(
    st.permutations(
        [("第一网格", "2号楼"), ("第一网格", "10号楼"), ("第一网格", ""), ("第二网格", "1号"), ("", "1号"), ("", "")]
    )
)
def test_grids_first_then_doors_and_last_what_has_none(places):
    homes = [Household(pk=n, grid=grid, address=address) for n, (grid, address) in enumerate(places)]
    assert [(home.grid, home.address) for home in sorted(homes, key=walking_order)] == [
        ("第一网格", "2号楼"),
        ("第一网格", "10号楼"),
        ("第一网格", ""),
        ("第二网格", "1号"),
        ("", "1号"),
        ("", ""),
    ]
