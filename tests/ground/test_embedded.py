"""The server that a machine without PostgreSQL gets: shared, stopped, never in anybody's way."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from config import embedded, postgres_programs, postgres_server
from tests.ground.conftest import TOP, processes_naming, until

pytestmark = pytest.mark.usefixtures("outside")
USE = """
import sys
from config import embedded
server = embedded.{make}
server.use()
print(server.data, flush=True)
sys.stdin.read()
server.leave()
"""


def ask(server, question):
    with psycopg.connect(server.url) as connection:
        return connection.execute(question).fetchone()[0]


def another_process(make):
    """One that uses a server until it hears the end of its input; its first line says where the data is."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE.format(make=make)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=TOP,
    )
    return process, process.stdout.readline().strip()


def test_it_keeps_what_was_written_and_leaves_no_process(checkout):
    server = embedded.for_checkout(checkout)
    server.use()
    assert ask(server, "select current_user::text") == "small_hands"
    assert not ask(server, "select usesuper from pg_user where usename = current_user")
    with psycopg.connect(server.url) as connection:
        connection.execute("create table kept (name text)")
    server.leave()
    assert not processes_naming(server.data)
    again = embedded.for_checkout(checkout)
    again.use()
    assert ask(again, "select count(*) from kept") == 0
    again.leave()


def test_there_is_no_way_in_over_the_network_or_for_other_users(checkout):
    server = embedded.for_checkout(checkout)
    server.use()
    assert ask(server, "select current_setting('listen_addresses')") == ""
    assert server.data.stat().st_mode & 0o077 == 0
    server.leave()


def test_the_last_who_leaves_stops_it(checkout):
    first, second = embedded.for_checkout(checkout), embedded.for_checkout(checkout)
    first.use()
    second.use()
    first.leave()
    assert ask(second, "select 1") == 1
    second.leave()
    assert not second.answers()


def test_of_several_starters_at_once_one_makes_it(checkout):
    make = f"for_checkout(embedded.Path({str(checkout)!r}))"
    starters = [
        subprocess.Popen([sys.executable, "-c", USE.format(make=make)], stdin=subprocess.DEVNULL, cwd=TOP)
        for _ in range(4)
    ]
    assert [starter.wait(60) for starter in starters] == [0] * 4
    server = embedded.for_checkout(checkout)
    server.use()
    assert ask(server, "select 1") == 1
    server.leave()


def test_a_killed_user_does_not_keep_it_running(checkout):
    killed, data = another_process(f"for_checkout(embedded.Path({str(checkout)!r}))")
    killed.kill()
    killed.communicate()
    server = embedded.for_checkout(checkout)
    assert str(server.data) == data
    assert server.answers()
    server.use()
    server.leave()
    assert not server.answers()


def test_a_half_made_cluster_is_made_again(checkout):
    server = embedded.for_checkout(checkout)
    server.data.mkdir(exist_ok=True)
    half = server.data.with_suffix(".half")
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    server.use()
    assert ask(server, "select 1") == 1
    assert not half.exists()
    server.leave()


def test_a_checkout_in_a_folder_that_nobody_else_may_enter(checkout):
    """Where we are root the server is somebody else, so its data lives elsewhere and var/postgres points there."""
    assert checkout.parent.stat().st_mode & 0o077 == 0
    server = embedded.for_checkout(checkout)
    pointer = checkout / "var/postgres"
    server.use()
    assert pointer.resolve() == server.data
    assert server.data.is_relative_to(checkout) == (os.geteuid() != 0)
    assert server.data.owner() != "root"
    assert ask(server, "select 1") == 1
    server.leave()


def test_programs_of_the_wheel_are_copied_where_their_user_may_run_them(checkout, monkeypatch):
    monkeypatch.setattr(postgres_programs, "_of_the_machine", set)
    monkeypatch.setattr(postgres_server, "may_run", lambda path, user: False)
    server = embedded.for_checkout(checkout)
    server.use()
    assert ask(server, "show server_version").startswith("18")
    assert (server.home / "programs").is_dir()
    server.leave()


def test_a_long_path_gets_its_socket_elsewhere(checkout, monkeypatch):
    monkeypatch.setattr(postgres_server, "SOCKET_LIMIT", 10)
    server = embedded.for_checkout(checkout)
    server.use()
    folder = server._socket_folder()
    assert folder != server.data
    assert folder.stat().st_mode & 0o077 == 0
    assert ask(server, "select 1") == 1
    server.leave()
    assert not folder.exists()


def test_data_of_a_version_that_is_gone_is_left_alone(checkout):
    server = embedded.for_checkout(checkout)
    server.data.mkdir(exist_ok=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.Unavailable, match="made by PostgreSQL 9"):
        server.use()
    assert (server.data / "PG_VERSION").read_text() == "9\n"


def test_a_machine_without_postgresql_is_told_what_to_do(checkout, monkeypatch):
    monkeypatch.setattr(postgres_programs, "found", lambda version: [])
    with pytest.raises(embedded.Unavailable, match=r"\./dev run, install postgresql, or set DATABASE_URL"):
        embedded.for_checkout(checkout).use()


def test_what_a_killed_test_run_leaves_is_removed_by_the_next(monkeypatch):
    run, data = another_process("for_tests()")
    assert processes_naming(data)
    embedded.remove_abandoned()
    assert processes_naming(data)  # in use
    run.send_signal(signal.SIGKILL)
    run.communicate()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    embedded.remove_abandoned()
    assert until(lambda: not processes_naming(data))
    assert not os.path.exists(os.path.dirname(data))


def test_a_stale_process_number_ends_nobody(checkout):
    other = subprocess.Popen(["sleep", "60"])
    try:
        server = embedded.for_checkout(checkout)
        server.data.mkdir(exist_ok=True)
        (server.data / "postmaster.pid").write_text(f"{other.pid}\n")
        server.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
