"""Identity numbers and telephone numbers. None of them is real: sequence codes 996 to 999, prefixes 161 and 154."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.identity import (
    PROVINCES,
    check_character,
    normalise_id,
    normalise_phone,
    read_phones,
    read_resident_id,
)

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def made(province, day, sequence):
    first = f"{province}0902{day:%Y%m%d}{sequence}"
    return first + check_character(first)


@given(st.sampled_from(sorted(PROVINCES)), DAYS, st.integers(996, 999))
def test_a_number_says_what_it_was_made_of(province, day, sequence):
    number = made(province, day, sequence)
    for written in (
        number,
        number.lower(),
        f"'{number}",
        f" {number[:6]}　{number[6:14]} {number[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in number),
    ):
        identity = read_resident_id(written)
        assert (identity.value, identity.problem) == (number, "")
        assert (identity.birth_date, identity.sex) == (day, "M" if sequence % 2 else "F")


@given(DAYS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(day, place, step):
    number = made("15", day, 998)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert read_resident_id(wrong).problem


@given(st.text(max_size=30))
def test_any_text_is_read(text):
    identity = read_resident_id(text)
    assert identity.problem or identity.birth_date
    assert normalise_id(identity.value) == identity.value
    phone = normalise_phone(text)
    assert normalise_phone(phone) == phone
    numbers, wrong = read_phones(text)
    assert numbers or wrong


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("3.62330E+17", "ID_PRECISION_LOST"),
        ("51072220O307169970", "ID_FORMAT"),
        ("1509022015X316997X", "ID_FORMAT"),
        ("6205232011603149962", "ID_LENGTH"),
        ("99090220221228996X", "ID_REGION_INVALID"),
        ("150902202213289960", "ID_BIRTH_INVALID"),
        ("150902201712269079", "ID_CHECKSUM"),
        ("", "ID_FORMAT"),
        ("15090220221228996X\n", ""),
        ("١٥٠٩٠٢٢٠٢٢١٢٢٨٩٩٦X", "ID_FORMAT"),
    ],
)
def test_problems_are_named_in_a_fixed_order(written, problem):
    assert read_resident_id(written).problem == problem


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("161-6513-3214", ["16165133214"]),
        ("16144411250（爷爷）", ["16144411250"]),
        ("+8615494814410", ["15494814410"]),
        ("0086 16100684088", ["16100684088"]),
        ("16176728745、15433955968", ["16176728745", "15433955968"]),
        ("16100001111\n16100002222", ["16100001111", "16100002222"]),
        ("１６１０１３７００５０", ["16101370050"]),
        ("16180105237.0", ["16180105237"]),
        ("0474 0004481", ["0474-0004481"]),
        ("0474-0001234", ["0474-0001234"]),
        ("(0474)0001234", ["0474-0001234"]),
        ("161742265431", []),
        ("1.61E+10", []),
        ("12000001111", []),
    ],
)
def test_phones(written, numbers):
    assert read_phones(written) == (numbers, not numbers)
