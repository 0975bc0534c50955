"""The chain of seals over the trail: whoever can switch off a trigger can still not change the past unseen.

A periodic command makes it, so no request ever waits for another. Ids are handed out before their
transactions commit, so a small id may appear after a larger one. Before sealing up to the largest visible
id, we therefore wait for every transaction that holds a write lock on the trail at that moment: an id below
the horizon was taken by one of these or by one already finished, and new ones get larger ids. Nobody waits
for us.
"""

import datetime
import hashlib
import json
import time

from django.db import connection, transaction
from django.db.models import Max

from records.trail import TrailEntry, TrailSeal

ENTRIES_PER_SEAL = 10_000
LOCK = 7_214_001  # advisory lock: one sealer at a time

WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""
# What a digest covers. Never change this list: every seal made so far would seem broken.
COLUMNS = [
    "id", "at", "actor_id", "actor_role", "verb", "model_label", "object_key", "community", "district",
    "fields", "keys", "page", "address", "refused",
]  # fmt: skip


class WritersBusy(Exception):
    """Somebody has been writing for longer than we wait; the next run will seal."""


def seal_up_to_now(patience=60):
    """Seal what is not sealed yet; returns the new seals."""
    horizon = TrailEntry.objects.aggregate(Max("id"))["id__max"] or 0
    _wait_for_writers(patience)
    made = []
    while seal := _next_seal(horizon):
        made.append(seal)
    return made


def first_broken_seal():
    """The first seal that the entries below it no longer give, or None."""
    before = None
    for seal in TrailSeal.objects.order_by("id").iterator():
        if seal.previous != (before.digest if before else "") or _of(before, seal.last_id) != _facts(seal):
            return seal
        before = seal
    return None


@transaction.atomic
def _next_seal(horizon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    before = TrailSeal.objects.order_by("-id").first()
    rows = TrailEntry.objects.filter(id__gt=before.last_id if before else 0, id__lte=horizon).order_by("id")
    ids = list(rows.values_list("id", flat=True)[:ENTRIES_PER_SEAL])
    if not ids:
        return None
    first_id, last_id, count, digest = _of(before, ids[-1])
    return TrailSeal.objects.create(
        first_id=first_id,
        last_id=last_id,
        count=count,
        digest=digest,
        previous=before.digest if before else "",
    )


def _of(before, last_id):
    """What a seal up to `last_id` must say, given the seal before it."""
    running = hashlib.sha256((before.digest if before else "").encode())
    rows = TrailEntry.objects.filter(id__gt=before.last_id if before else 0, id__lte=last_id).order_by("id")
    first = last = None
    count = 0
    for row in rows.values_list(*COLUMNS).iterator():
        running.update(json.dumps(row, default=_utc, sort_keys=True).encode() + b"\n")
        first, last, count = first or row[0], row[0], count + 1
    return first, last, count, running.hexdigest()


def _utc(moment):
    return moment.astimezone(datetime.UTC).isoformat()


def _facts(seal):
    return seal.first_id, seal.last_id, seal.count, seal.digest


def _wait_for_writers(patience):
    deadline = time.monotonic() + patience
    waiting_for = _writers()
    while waiting_for:
        if time.monotonic() > deadline:
            raise WritersBusy
        time.sleep(0.05)
        waiting_for &= _writers()


def _writers():
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [TrailEntry._meta.db_table])
        return {row[0] for row in cursor.fetchall()}
