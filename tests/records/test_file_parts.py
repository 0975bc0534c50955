"""A file kept in pieces comes back as it was, or not at all."""

import io
import os
import tracemalloc

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from records import file_parts
from records.export_files import ExportPart
from records.exports import ExportRequest
from records.file_parts import keep, opened
from records.secrets import SecretUnreadable

pytestmark = pytest.mark.django_db
PIECE = 100


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(file_parts, "PART_BYTES", PIECE)


@pytest.fixture
def owner(worker):
    def make():
        return ExportRequest.objects.create(
            asked_by=worker, kind="children", rows=3, purpose="会议", division="150902001001"
        )

    return make


def kept(owner, content):
    owner.parts.all().delete()
    keep(io.BytesIO(content), owner.parts)
    return owner.parts


AROUND_A_PIECE = st.builds(lambda pieces, more: max(0, pieces * PIECE + more), st.integers(0, 4), st.integers(-2, 2))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=AROUND_A_PIECE | st.integers(0, 450), looks=st.lists(st.tuples(st.integers(0, 460), st.integers(0, 260))))
@example(size=0, looks=[(0, 1)])
@example(size=2 * PIECE, looks=[(PIECE, PIECE), (2 * PIECE, 1)])
def test_every_byte_comes_back_wherever_it_is_read(owner, small_pieces, size, looks):
    content = os.urandom(size)
    parts = kept(owner(), content)
    assert parts.count() == max(1, -(-size // PIECE))
    file, same = opened(parts), io.BytesIO(content)
    assert file.read() == content
    assert (file.seek(0, io.SEEK_END), file.read(1)) == (size, b"")
    for start, length in looks:
        assert (file.seek(start), file.read(length)) == (same.seek(start), same.read(length))
        assert file.tell() == same.tell() or start > size


def swap(parts):
    first, second = parts.order_by("position")[:2]
    first.content, second.content = second.content, first.content
    first.save()
    second.save()


def alter(parts):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_exportpart SET content = set_byte(content, 90, get_byte(content, 90) # 1)")


def cut_short(length, before="\\x"):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_exportpart SET content = %s::bytea || substring(content for %s) WHERE position = 1",
            [before, length],
        )


def move_up(parts):
    parts.filter(position=1).delete()
    parts.filter(position=2).update(position=1)


BROKEN = {
    "two in each other's place": swap,
    "one altered": alter,
    "one cut short": lambda parts: cut_short(2),
    "one without a key that can be read": lambda parts: cut_short(0, "\\xff3a"),
    "the first missing": lambda parts: parts.filter(position=0).delete(),
    "one missing": lambda parts: parts.filter(position=1).delete(),
    "one missing and the next in its place": move_up,
    "the last missing": lambda parts: parts.filter(position=2).delete(),
    "one emptied": lambda parts: parts.filter(position=1).update(content=b""),
    "all missing": lambda parts: parts.all().delete(),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_not_as_it_was_kept_does_not_open(owner, small_pieces, case):
    parts = kept(owner(), os.urandom(250))
    BROKEN[case](parts)
    with pytest.raises(SecretUnreadable):
        opened(parts)


def test_a_piece_of_another_file_is_none_of_this(owner, small_pieces):
    ours, others = owner(), owner()
    earlier = kept(ours, os.urandom(250)).get(position=1).content
    parts = kept(ours, os.urandom(250))
    foreign = kept(others, os.urandom(250)).get(position=1).content
    for content in (earlier, foreign):
        parts.filter(position=1).update(content=content)
        with pytest.raises(SecretUnreadable):
            opened(parts)
    parts.all().delete()
    others.parts.update(request=ours)
    with pytest.raises(SecretUnreadable):
        opened(parts)


def test_a_piece_changed_while_the_file_is_open_is_noticed(owner, small_pieces):
    parts = kept(owner(), os.urandom(250))
    file = opened(parts)
    swap(parts)
    with pytest.raises(SecretUnreadable):
        file.read()


def test_a_kept_file_is_read_after_its_keys_have_changed(owner, small_pieces, settings, monkeypatch):
    monkeypatch.setattr("records.management.commands.rotate_secrets.apps.get_models", lambda: [ExportPart])
    content = os.urandom(250)
    parts = kept(owner(), content)
    settings.FIELD_KEYS = [("next", os.urandom(32)), *settings.FIELD_KEYS]
    call_command("rotate_secrets", stdout=io.StringIO())
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert opened(parts).read() == content


def test_memory_holds_a_few_pieces_however_many_there_are(owner):
    file, asked = io.BytesIO(os.urandom(32 * file_parts.PART_BYTES)), owner()
    tracemalloc.start()
    try:
        keep(file, asked.parts)
        held = opened(asked.parts)
        while held.read(65_536):
            continue
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert highest < 16 * file_parts.PART_BYTES
