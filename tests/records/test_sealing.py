from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from records import sealing
from records.sealing import WritersBusy, first_broken_seal, seal_up_to_now
from records.trail import TrailEntry, TrailSeal, log_read


def entries(worker, samples, count):
    log_read(worker, [samples.Shelf(pk=n) for n in range(1, count + 1)], page="x")


def tamper(sql, table="records_trailentry"):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


@pytest.fixture
def sealed(worker, samples, monkeypatch):
    """Three seals over two entries each."""
    monkeypatch.setattr(sealing, "ENTRIES_PER_SEAL", 2)
    entries(worker, samples, 6)
    seals = seal_up_to_now()
    assert [seal.count for seal in seals] == [2, 2, 2]
    return seals


def test_seals_form_a_chain_over_every_entry(sealed):
    assert [s.previous for s in sealed] == ["", sealed[0].digest, sealed[1].digest]
    assert first_broken_seal() is None
    assert seal_up_to_now() == []


def test_new_entries_are_sealed_on_the_next_run(sealed, worker, samples):
    entries(worker, samples, 1)
    (seal,) = seal_up_to_now()
    assert (seal.count, seal.previous) == (1, sealed[-1].digest)
    assert first_broken_seal() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_trailentry SET object_key = '9' WHERE id = {id}",
        "UPDATE records_trailentry SET at = at + interval '1 microsecond' WHERE id = {id}",
        "UPDATE records_trailentry SET actor_id = NULL WHERE id = {id}",
        "UPDATE records_trailentry SET keys = '{{\"a\": 1}}' WHERE id = {id}",
        "UPDATE records_trailentry SET id = {id} + 1000000 WHERE id = {id}",
        "DELETE FROM records_trailentry WHERE id = {id}",
    ],
)
def test_a_changed_or_missing_entry_breaks_its_seal(sealed, change):
    tamper(change.format(id=sealed[1].first_id))
    assert first_broken_seal() == sealed[1]
    with pytest.raises(CommandError, match=f"Seal {sealed[1].pk} "):
        call_command("verify_trail")


def test_an_entry_slipped_in_below_a_seal_breaks_it(sealed, worker, samples):
    entries(worker, samples, 1)
    tamper("DELETE FROM records_trailentry WHERE id = (SELECT min(id) FROM records_trailentry)")
    tamper(f"UPDATE records_trailentry SET id = {sealed[0].first_id} WHERE id > {sealed[2].last_id}")
    assert first_broken_seal() == sealed[0]


def test_a_removed_seal_breaks_the_chain(sealed):
    tamper(f"DELETE FROM records_trailseal WHERE id = {sealed[0].pk}", "records_trailseal")
    assert first_broken_seal() == sealed[1]


def test_a_digest_kept_elsewhere_shows_a_chain_cut_off(sealed):
    call_command("verify_trail", anchor=sealed[2].digest, stdout=StringIO())
    tamper(f"DELETE FROM records_trailseal WHERE id = {sealed[2].pk}", "records_trailseal")
    assert first_broken_seal() is None
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_trail", anchor=sealed[2].digest)


@pytest.mark.django_db(transaction=True)
def test_a_small_id_that_commits_late_is_waited_for_and_sealed(samples, worker):
    written, may_commit = Event(), Event()

    def slow_request():
        try:
            with transaction.atomic():
                entries(worker, samples, 1)
                written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    slow = Thread(target=slow_request)
    slow.start()
    assert written.wait(10)
    entries(worker, samples, 1)  # a larger id, committed first
    with pytest.raises(WritersBusy):
        seal_up_to_now(patience=0.2)
    with pytest.raises(CommandError, match="next run"):
        call_command("seal_trail", patience=0)
    assert not TrailSeal.objects.exists()

    sealer_result = []

    def sealer():
        try:
            sealer_result.extend(seal_up_to_now(patience=20))
        finally:
            connection.close()

    sealing_thread = Thread(target=sealer)
    sealing_thread.start()
    entries(worker, samples, 1)  # nobody waits for the sealer
    may_commit.set()
    slow.join()
    sealing_thread.join()
    assert sum(seal.count for seal in sealer_result) + sum(seal.count for seal in seal_up_to_now()) == 3
    assert sealer_result[0].first_id == min(TrailEntry.objects.values_list("id", flat=True))
    assert first_broken_seal() is None


@pytest.mark.django_db(transaction=True)
def test_two_sealers_make_one_chain(samples, worker, monkeypatch):
    from tests.records.threads import at_once

    monkeypatch.setattr(sealing, "ENTRIES_PER_SEAL", 3)
    entries(worker, samples, 20)
    at_once(seal_up_to_now, seal_up_to_now)
    assert sum(TrailSeal.objects.values_list("count", flat=True)) == 20
    assert first_broken_seal() is None


def test_the_commands_speak(worker, samples):
    out = StringIO()
    entries(worker, samples, 2)
    call_command("seal_trail", stdout=out)
    call_command("seal_trail", stdout=out)
    call_command("verify_trail", stdout=out)
    assert "2 entries" in out.getvalue()
    assert "Nothing new to seal." in out.getvalue()
    assert "1 seals hold" in out.getvalue()
