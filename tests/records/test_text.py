"""The two cleaners and the form fields that apply them."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from records.text import UNSTORABLE, CleanCharField, CleanTextField, CodeField, clean_code, clean_key, clean_text


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("　张三　", "张三"),
        ("㐂𠮷·艾力", "㐂𠮷·艾力"),
        ("O'Neil <b>", "O'Neil <b>"),
        ("a\u00a0\u3000 b", "a b"),
        ("\ufeff\u200b", ""),
        ("\u200d", ""),
        ("e\u0301", "é"),
        ("a\x00b\u202ec\ud800", "abc"),
        (None, ""),
    ],
)
def test_text(typed, clean):
    assert clean_text(typed) == clean


def test_lines_are_kept_where_there_may_be_several():
    assert clean_text(" a \r\n b\r\r\n\n\n\nc ", lines=True) == "a\nb\n\nc"


@pytest.mark.parametrize(
    ("typed", "clean"), [("１６１ ０００", "161000"), ("15090220\u30005997ｘ", "150902205997x"), ("汉", "汉")]
)
def test_code(typed, clean):
    assert clean_code(typed) == clean


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unstorable(text):
    for clean in (clean_text, clean_code, lambda value: clean_text(value, lines=True)):
        once = clean(text)
        assert clean(once) == once
        assert once == once.strip() and not UNSTORABLE.search(once)
        assert unicodedata.is_normalized("NFC", once)
        once.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "key"),
    [("12", 12), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("²", None), ("١", None), ("1\n", None)],
)
def test_a_key_is_a_number_that_the_database_can_hold(typed, key):
    assert clean_key(typed) == key
    assert clean_key("") is clean_key(None) is clean_key("-1") is None


@pytest.mark.parametrize("typed", ["a\x00", "\u202eabc", "\ud800", "a\x1b[0m"])
def test_fields_refuse_what_cannot_be_stored(typed):
    for field in (CleanCharField(), CleanTextField(), CodeField()):
        with pytest.raises(ValidationError):
            field.clean(typed)


def test_fields_clean():
    assert CleanCharField().clean(" 张\u3000三 ") == "张 三"
    assert CleanTextField().clean(" a\r\nb ") == "a\nb"
    assert CodeField().clean("ＡＢ １２") == "AB12"
    with pytest.raises(ValidationError):
        CodeField().clean("汉1")
    with pytest.raises(ValidationError):
        CleanCharField().clean("\u3000\u200b")
    with pytest.raises(ValidationError):
        CleanCharField(max_length=2).clean("abc")
    assert CleanCharField(required=False).clean("\u3000") == ""
