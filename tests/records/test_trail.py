import datetime
import uuid
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error
from django.http import Http404
from django.test import RequestFactory

from records import request_facts
from records.request_facts import RequestFacts, RequestFactsMiddleware, address_of
from records.trail import TrailEntry, log_act, log_read, log_refused
from tests.conftest import COMMUNITY


@pytest.fixture
def holder(samples):
    return samples.Holder.objects.create(phone="16112345678")


@pytest.fixture
def in_a_request():
    token = request_facts._current.set(RequestFacts(address="192.0.2.7", page="children:file"))
    yield
    request_facts._current.reset(token)


def test_an_act_says_who_what_where_and_keys_only(worker, holder, in_a_request):
    log_act(worker, "moved", holder, fields=["phone", "community"], to=holder, on=datetime.date(2026, 9, 1), n=[1, 2])
    entry = TrailEntry.objects.get()
    assert (entry.actor, entry.actor_role, entry.verb) == (worker, "community_worker", "moved")
    assert (entry.model_label, entry.object_key) == ("records.holder", str(holder.pk))
    assert (entry.community, entry.district) == (COMMUNITY, COMMUNITY[:6])
    assert entry.fields == ["community", "phone"]
    assert entry.keys == {"to": holder.pk, "on": "2026-09-01", "n": [1, 2]}
    assert (entry.page, entry.address, entry.refused) == ("children:file", "192.0.2.7", False)


@pytest.mark.parametrize("value", ["张三", "150902199601019961", 16112345678, "16112345678", "x" * 81, 1.5, object()])
def test_values_are_refused(worker, holder, value):
    with pytest.raises(ValueError, match="never values"):
        log_act(worker, "changed", holder, key=value)
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("value", [COMMUNITY, "became ended", 7, None, True, uuid.UUID(int=1)])
def test_keys_are_taken(worker, holder, value):
    log_act(worker, "changed", holder, key=value)
    assert list(TrailEntry.objects.get().keys) == ["key"]


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused(samples, worker):
    holder = samples.Holder.objects.create()
    with pytest.raises(RuntimeError, match="one transaction"):
        log_act(worker, "changed", holder)


def test_an_act_undone_leaves_no_entry_and_an_entry_refused_leaves_no_act(worker, holder):
    with transaction.atomic():
        log_act(worker, "changed", holder)
        transaction.set_rollback(True)
    assert not TrailEntry.objects.exists()

    @transaction.atomic
    def move():
        holder.community = "0"
        holder.save()
        log_act(worker, "changed", holder)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_trailentry ADD CONSTRAINT full_disk CHECK (verb <> 'changed')")
    with pytest.raises(IntegrityError):
        move()
    holder.refresh_from_db()
    assert holder.community == COMMUNITY


@pytest.mark.parametrize("count", [1, 3, 30])
def test_looks_cost_one_query_however_many(worker, samples, count, django_assert_num_queries):
    samples.Holder.objects.bulk_create([samples.Holder() for _ in range(count)])
    shown = list(samples.Holder.objects.all())
    _known = worker.roles
    with django_assert_num_queries(1):
        log_read(worker, shown, page="children:list")
    assert TrailEntry.objects.reads().filter(page="children:list", community=COMMUNITY).count() == count


@pytest.mark.parametrize("count", [1, 3])
def test_communities_not_loaded_cost_one_query_more(worker, samples, count, django_assert_num_queries):
    for _ in range(count):
        samples.Other.objects.create(holder=samples.Holder.objects.create())
    _known = worker.roles
    with django_assert_num_queries(3):
        log_read(worker, list(samples.Other.objects.all()), page="x")
    with django_assert_num_queries(2):
        log_read(worker, list(samples.Other.objects.select_related("holder")), page="x")
    assert set(TrailEntry.objects.values_list("community", flat=True)) == {COMMUNITY}


def test_a_record_without_place_and_nothing_to_log(worker, samples):
    log_read(worker, samples.Shelf.objects.create(title="a"), page="x")
    assert TrailEntry.objects.get().community == ""
    log_read(worker, [], page="x")
    assert TrailEntry.objects.count() == 1


def test_one_kind_of_record_at_a_time(worker, holder, samples):
    with pytest.raises(ValueError, match="One kind"):
        log_read(worker, [holder, samples.Shelf(pk=holder.pk)], page="x")


def test_about_gives_one_records_history_newest_first(worker, holder, samples):
    log_act(worker, "added", holder)
    log_read(worker, holder, page="x")
    log_read(worker, samples.Holder.objects.create(phone="15400000001"), page="x")
    assert [e.verb for e in TrailEntry.objects.about(holder)] == ["read", "added"]


def test_entries_are_seen_in_their_place_only(worker, holder, samples, monkeypatch):
    log_read(worker, [holder, samples.Holder.objects.create(phone="154", community="150902002001")], page="x")
    monkeypatch.setattr(worker, "codes_for", lambda model, action: ["150902001"])
    assert [e.object_key for e in TrailEntry.objects.visible_to(worker)] == [str(holder.pk)]


# Refused looks ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_refused_look_stays_although_the_404_undoes_the_view(samples, worker):
    def view(request):
        try:
            with transaction.atomic():
                log_refused(worker, samples.Holder, "7", page="children:file")
                raise Http404
        except Http404:
            return "not found"

    assert RequestFactsMiddleware(view)(RequestFactory().get("/")) == "not found"
    entry = TrailEntry.objects.get()
    assert (entry.refused, entry.object_key, entry.address) == (True, "7", "127.0.0.1")
    assert request_facts.current() is None


@pytest.mark.parametrize("typed", ["张三", "x" * 41, "16112345678", "150902199601019961", "a\x00b", "' or 1"])
def test_a_typed_key_that_is_no_key_is_not_kept(worker, samples, typed):
    log_refused(worker, samples.Holder, typed, page="x")
    assert TrailEntry.objects.get().object_key == "?"


# Append-only --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["records_trailentry", "records_trailseal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_past(worker, samples, table, change):
    log_read(worker, samples.Shelf(pk=1), page="x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER IF EXISTS never_emptied ON {table}")
        cursor.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"
        )
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        TrailEntry.objects.update(verb="nothing")
    assert TrailEntry.objects.count() == 1


def test_the_guard_can_be_taken_back_and_put_on_again(samples):
    migration = import_module("records.migrations.0002_append_only_trail").Migration

    def guards():
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname IN ('append_only', 'never_emptied')"
            " AND tgrelid IN ('records_trailentry'::regclass, 'records_trailseal'::regclass)"
        )
        return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("records_trailentry", "records_trailseal"):  # the tests themselves have lifted these
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"
            )
        for operation in reversed(migration.operations):
            cursor.execute(operation.reverse_sql)
        assert guards() == 0
        for operation in migration.operations:
            cursor.execute(operation.sql)
        assert guards() == 4


# Facts of the request ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind_proxy", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (True, "127.0.0.1", "6.6.6.6, 198.51.100.9", "198.51.100.9"),
        (True, "192.0.2.1", None, "192.0.2.1"),
        (True, "192.0.2.1", "junk", None),
        (False, "", None, None),
        (False, "fe80::1%eth0", None, "fe80::1"),
    ],
)
def test_the_address_is_the_one_our_own_proxy_saw(settings, behind_proxy, remote, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **extra)) == address
