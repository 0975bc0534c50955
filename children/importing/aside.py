"""What a roster's earlier rows leave behind for its later ones lies in the database, so that memory stays flat.

A table of this transaction's own holds digests of what is looked for, and for each to what it leads. Some rows at a
time, those of them are fetched that these rows could meet.
"""

import hashlib
import os
from collections import defaultdict

from django.db import connection

from children.roster.duplicates import KnownChild, KnownChildren
from children.roster.verdict import ACCEPTED, RosterRow


class Aside:
    """Keys (tuples of words) and the numbers they lead to, in the order in which they were kept."""

    def __init__(self, name):
        self.table = f"roster_{name}_aside"
        self._salt = os.urandom(16)
        self._kept = set()  # of what was found last: not to be kept again
        _make(self.table, "place bigserial, digest bytea, leads_to bigint")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX ON {self.table} (digest)")

    def found(self, keys):
        """[(key, number)] of these keys."""
        digests = {self._digest(key): key for key in keys}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT digest, leads_to FROM {self.table} WHERE digest = ANY(%s) ORDER BY place", [list(digests)]
            )
            found = [(digests[bytes(digest)], number) for digest, number in cursor.fetchall()]
        self._kept = set(found)
        return found

    def keep(self, pairs):
        with connection.cursor() as cursor, cursor.copy(f"COPY {self.table} (digest, leads_to) FROM STDIN") as copy:
            for key, number in pairs:
                if (key, number) not in self._kept:
                    copy.write_row([self._digest(key), number])

    def _digest(self, key):
        return hashlib.blake2b("\0".join(map(str, key)).encode(), key=self._salt, digest_size=16).digest()


class ChildrenAside(KnownChildren):
    """The children of the workbook itself: those that the rows at hand could be are here, all others aside."""

    table = "roster_children_aside"
    COLUMNS = ("place", "name", "birth_date", "has_id", "sheet", "row", "warnings")

    def __init__(self):
        super().__init__()
        self._aside = Aside("child")
        self._last = 0
        self._fetched = {}  # key of a child: (the child, what was kept of it)
        _make(
            self.table,
            "key bigint PRIMARY KEY, place text, name text, birth_date text, has_id boolean, sheet text, row integer,"
            " warnings text[]",
        )

    def look_up(self, rows):
        keys = {("id", id_key) for row in rows if (id_key := self._id_of(row.values))}
        keys |= {key for row in rows for key in self._contacts(row.values)}
        found = self._aside.found(keys)
        self._fetched = self._fetch({key for _words, key in found})
        for words, key in found:
            child = self._fetched[key][0]
            if len(words) == 2:
                self._by_id[words[1]] = child
            else:
                self._by_contact.setdefault(words, []).append(child)

    def _fetch(self, keys):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key, {', '.join(self.COLUMNS)} FROM {self.table} WHERE key = ANY(%s)", [list(keys)])
            return {key: (_child(key, kept), kept) for key, *kept in cursor.fetchall()}

    def put_aside(self):
        known = defaultdict(list)
        for id_key, child in self._by_id.items():
            known[id(child)].append((child, ("id", id_key)))
        for words, children in self._by_contact.items():
            for child in children:
                known[id(child)].append((child, words))
        self._by_id, self._by_contact = {}, {}
        self._write([found[0][0] for found in known.values()])
        self._aside.keep((words, child.key) for found in known.values() for child, words in found)

    def _write(self, children):
        """New children, and those that a row of these made another."""
        changed = [child for child, kept in self._fetched.values() if _columns(child) != kept]
        new = [child for child in children if not child.key]
        columns = ", ".join(("key", *self.COLUMNS))
        with connection.cursor() as cursor:
            if changed:
                cursor.execute(f"DELETE FROM {self.table} WHERE key = ANY(%s)", [[child.key for child in changed]])
            with cursor.copy(f"COPY {self.table} ({columns}) FROM STDIN") as copy:
                for child in [*new, *changed]:
                    if not child.key:
                        self._last += 1
                        child.key = self._last
                    copy.write_row([child.key, *_columns(child)])


def _make(table, columns):
    """A table that ends with the transaction; an earlier import of the same transaction has no more use for its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")


def _columns(child):
    row = child.row
    return [child.place, child.name, child.birth_date, child.has_id, row.sheet, row.row, list(row.warnings)]


def _child(key, kept):
    place, name, birth_date, has_id, sheet, number, warnings = kept
    row = RosterRow(sheet, number, ACCEPTED, warnings=list(warnings))
    return KnownChild(place, name, birth_date, has_id, row, key)
