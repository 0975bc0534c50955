"""A file kept in the database, encrypted and in pieces, so that no process ever holds the whole of it.

Each piece says, inside what is encrypted, whose it is, of which file, at which place and whether it is the last.
So a file opens as it was kept or not at all: a piece that is missing, altered or brought from elsewhere is
`SecretUnreadable`.
"""

import io
import os
import struct
from bisect import bisect_right

from django.db import models

from records.privacy import SECRET
from records.secrets import SecretBytesField, SecretUnreadable

PART_BYTES = 256 * 1024
LABEL = struct.Struct(">Q16sI?")  # key of the owner, mark of the file, place, is it the last


class FilePart(models.Model):
    """A model of its own adds the owner, whose `parts` these are."""

    position = models.PositiveIntegerField()
    content = SecretBytesField()

    personal = {"content": SECRET}

    class Meta:
        abstract = True


def keep(file, parts):
    """Keep the whole of a file as the `parts` of their owner."""
    mark, position = os.urandom(16), 0
    file.seek(0)
    piece = file.read(PART_BYTES)
    while True:
        following = file.read(PART_BYTES)
        label = LABEL.pack(parts.instance.pk, mark, position, not following)
        parts.create(position=position, content=label + piece)
        if not following:
            return
        piece, position = following, position + 1


def opened(parts):
    """The kept file, for reading here and there. All of it is looked through first."""
    return io.BufferedReader(KeptFile(parts))


class KeptFile(io.RawIOBase):
    """One piece at a time is in memory."""

    def __init__(self, parts):
        self._parts, self._mark, self._ends = parts, None, []
        self._at, self._place, self._piece = 0, None, b""
        is_last = False
        while not is_last:
            is_last = self._fetch(len(self._ends))
            self._ends.append((self._ends or [0])[-1] + len(self._piece))

    def _fetch(self, place):
        """Hold the piece that stands there; whether it is the last."""
        content = self._parts.filter(position=place).values_list("content", flat=True).first() or b""
        try:
            owner, mark, position, is_last = LABEL.unpack_from(content)
        except struct.error:
            owner = None
        if owner is None or (owner, self._mark or mark, place) != (self._parts.instance.pk, mark, position):
            name = f"{self._parts.model._meta.db_table}: {self._parts.instance.pk}/{place}"
            raise SecretUnreadable(f"{name}: this piece of the file is missing or out of its place.")
        self._place, self._mark, self._piece = place, mark, memoryview(content)[LABEL.size :]
        return is_last

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        if start + offset < 0:
            raise OSError("Before the beginning of the file.")
        self._at = start + offset
        return self._at

    def readinto(self, buffer):
        place = bisect_right(self._ends, self._at)
        if place == len(self._ends):
            return 0
        if place != self._place:
            self._fetch(place)
        start = self._at - (self._ends[place] - len(self._piece))
        some = self._piece[start : start + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)
