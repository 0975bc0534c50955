"""PostgreSQL for a machine where nobody has set one up: started when needed, stopped when nobody uses it.

This file says where its data lives. The standard library is enough, so that `./dev` can use it too.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from config.postgres_server import Server, Unavailable, lock, locked, may_enter, server_user

TOP = Path(__file__).resolve().parent.parent
THROWAWAY = "small-hands-test-"
ELSEWHERE = Path("/var/lib/small-hands-checkouts")


def database_url():
    """The address of this checkout's own server, or under pytest of one that is thrown away at the end."""
    if "PYTEST_VERSION" in os.environ:
        server = for_tests()
        os.environ["DATABASE_URL"] = server.url  # test workers and commands run by tests share it
    else:
        server = for_checkout()
    server.use()
    atexit.register(server.leave)
    return server.url


def for_checkout(top=TOP):
    """Data in var/postgres; where the server's user cannot get there, that name points to where it lives."""
    var = top / "var"
    data = var / "postgres"
    try:
        var.mkdir(exist_ok=True)
        with locked(var / "postgres.lock"):
            if data.is_symlink() and not data.exists():
                data.unlink()
            if not data.exists() and not may_enter(var, server_user(data)):
                room = _room_elsewhere(top)
                (room / "postgres").mkdir()
                data.symlink_to(room / "postgres")
        return Server(data.resolve())
    except PermissionError as error:
        raise Unavailable(f"{error.filename} belongs to someone else: run this as its owner, or remove it.") from error


def for_tests():
    remove_abandoned()
    user = server_user()
    for base in _temporary():
        if may_enter(base, user):
            home = Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=base))
            home.chmod(0o711)
            return Server(home / "postgres", throwaway=True)
    raise Unavailable(f"User {user.pw_name} can enter no folder for temporary files: set TMPDIR to one.")


def remove_abandoned():
    """Servers of test runs that were killed, and of checkouts in temporary folders that are gone."""
    for base in _temporary():
        for home in base.glob("small-hands-*"):
            with contextlib.suppress(OSError):
                if home.stat().st_uid == os.geteuid() and _is_abandoned(home):
                    Server(home / "postgres").stop()
                    shutil.rmtree(home, ignore_errors=True)


def _is_abandoned(home):
    if home.name.startswith(THROWAWAY):
        if time.time() - home.stat().st_ctime < 5:
            return False  # just being made
        held = lock(home / "in_use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if held is not None:
            os.close(held)
        return held is not None
    checkout = home / "checkout"
    return checkout.exists() and not Path(checkout.read_text()).exists()


def _room_elsewhere(top):
    """As lasting as the checkout itself."""
    passing = next((base for base in _temporary() if top.is_relative_to(base)), None)
    base = Path("/tmp") if passing else ELSEWHERE
    if passing:
        remove_abandoned()
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix="small-hands-", dir=base))
    room.chmod(0o711)
    (room / "checkout").write_text(str(top))
    return room


def _temporary():
    """The first is the one to use, if it can be used."""
    return dict.fromkeys(Path(base).resolve() for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"))
