from types import SimpleNamespace

import pytest

from records.privacy import BASIC, undeclared_fields


def test_every_column_must_be_declared_once_and_with_a_known_class(samples):
    assert undeclared_fields(samples.Holder) == []
    assert undeclared_fields(samples.Shelf) == ["id", "title"]


@pytest.mark.parametrize(
    ("personal", "not_personal", "undeclared"),
    [
        ({"title": BASIC}, ["id"], []),
        ({"title": BASIC}, ["id", "title"], ["title"]),
        ({"title": "something"}, ["id"], ["title"]),
        ({"title": BASIC}, ["id", "gone"], ["gone"]),
        ({}, ["id"], ["title"]),
    ],
)
def test_undeclared_fields(samples, personal, not_personal, undeclared):
    model = SimpleNamespace(_meta=samples.Shelf._meta, personal=personal, not_personal=not_personal)
    assert undeclared_fields(model) == undeclared
