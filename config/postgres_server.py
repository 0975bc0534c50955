"""One PostgreSQL server of our own: made, started, shared by processes, stopped.

Every process that uses it holds a shared lock on its `in_use.lock`, which the kernel lets go of however the
process ends; whoever leaves last stops it. It listens on a Unix socket in a folder that only its own user and
root may enter, never on TCP.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from config import postgres_programs

NAME = "small_hands"  # of the database and of its owner, who is no superuser, as in production
SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 100  # bytes in the path of a Unix socket: 107 on Linux, 103 on macOS
ALWAYS = "listen_addresses = ''\nunix_socket_permissions = 0700\njit = off\n"
NOTHING_TO_KEEP = ALWAYS + (
    "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nwal_level = minimal\nmax_wal_senders = 0\n"
)


class Unavailable(Exception):
    """No embedded server can be had here; the words say what to do."""


class Server:
    def __init__(self, data, *, throwaway=False):
        self.data = data
        self.home = data.parent
        self.throwaway = throwaway
        self.user = server_user(data)
        self._held = self._holder = self._number = None

    @property
    def url(self):
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._socket_folder()))}"

    def use(self):
        """Have it running until `leave`."""
        try:
            with locked(self.home / "start.lock"):
                self._held, self._holder = lock(self.home / "in_use.lock", fcntl.LOCK_SH), os.getpid()
                if not self.answers():
                    self._make_and_start()
                self._number = self._written_number()
        except PermissionError as error:
            raise Unavailable(
                f"{error.filename} belongs to someone else: run this as its owner, or remove it."
            ) from error

    def leave(self):
        """Stop it if nobody else uses it."""
        if self._holder != os.getpid():
            return  # a forked child does not speak for its parent
        self._holder = None
        try:
            with locked(self.home / "start.lock"):
                os.close(self._held)
                last = lock(self.home / "in_use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
                if last is not None:
                    self.stop()
                    os.close(last)
                    if self.throwaway:
                        shutil.rmtree(self.home, ignore_errors=True)
        except FileNotFoundError:
            self.stop()  # the whole checkout was removed under our feet

    def stop(self):
        """Quickly but cleanly."""
        number = self._written_number() or self._number
        for sign, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 1)):
            if number and self._is_ours(number):
                os.kill(number, sign)
                end = time.monotonic() + patience
                while time.monotonic() < end and self._is_ours(number):
                    time.sleep(0.02)
        folder = self._socket_folder()
        if folder != self.data:
            shutil.rmtree(folder, ignore_errors=True)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(self._socket_folder() / SOCKET))
            return True
        return False

    def _make_and_start(self):
        try:
            if not (self.data / "PG_VERSION").exists():
                self._make()
            self._start()
        except BaseException:  # Ctrl-C as well: nobody would stop it later
            self.stop()
            raise

    def _make(self):
        """Under another name first, so that a killed start leaves nothing that looks whole."""
        programs = self._programs()
        half = self.data.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        os.chown(half, self.user.pw_uid, self.user.pw_gid)
        kind = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._run([programs / "initdb", "-D", half, *kind])
        with (half / "postgresql.conf").open("a") as file:
            file.write(NOTHING_TO_KEEP if self.throwaway else ALWAYS)
        for statement in (f"CREATE ROLE {NAME} LOGIN CREATEDB", f"CREATE DATABASE {NAME} OWNER {NAME}"):
            self._run([programs / "postgres", "--single", "-D", half, "postgres"], words=f"{statement};\n")
        if self.data.exists():
            self.data.rmdir()  # made empty for us; anything else is not ours to replace
        half.rename(self.data)

    def _start(self):
        folder = self._socket_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (self.user.pw_uid, os.geteuid()):
            raise Unavailable(f"{folder} belongs to someone else: remove it.")
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        log = self.data / "server.log"
        options = ["-o", f"-p 5432 -k {shlex.quote(str(folder))}", "-l", log]
        self._run([self._programs() / "pg_ctl", "start", "-w", "-t", "60", "-D", self.data, *options], log=log)

    def _run(self, command, *, words="", log=None):
        """As an unprivileged user where we are root, for PostgreSQL refuses to run as root."""
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        done = subprocess.run(
            [str(part) for part in command],
            input=words,
            stdout=subprocess.DEVNULL if log else subprocess.PIPE,  # a server would keep the pipe open for ever
            stderr=subprocess.DEVNULL if log else subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**surroundings, "LC_ALL": "C"},
            **_as(self.user),
        )
        if done.returncode:
            said = done.stdout or (log.read_text(errors="replace") if log and log.exists() else "")
            raise Unavailable(f"{Path(command[0]).name} failed:\n" + "\n".join(said.splitlines()[-12:]))

    def _programs(self):
        """Those of the version that made the data; copied where the server's user cannot reach them."""
        made_by = self.data / "PG_VERSION"
        version = int(made_by.read_text()) if made_by.exists() else None
        for folder in postgres_programs.found(version):
            if may_run(folder / "postgres", self.user):
                return folder
            if postgres_programs.come_from_the_wheel(folder):
                return postgres_programs.copied(folder, self.home)
        if version:
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {version}, which is not on this machine: "
                "install it, or move that folder away."
            )
        raise Unavailable(
            f"No PostgreSQL {postgres_programs.OLDEST} or later here, nor among this Python's packages: "
            "start with ./dev run, install postgresql, or set DATABASE_URL."
        )

    def _socket_folder(self):
        """The data's own, which nobody else may enter, unless the way there is too long for a socket."""
        if len(os.fsencode(self.data / SOCKET)) <= SOCKET_LIMIT:
            return self.data
        key = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(f"/tmp/small-hands-socket-{os.geteuid()}-{key}")

    def _written_number(self):
        """The process number in PostgreSQL's own file, which a crash leaves behind."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def _is_ours(self, number):
        """Numbers are used again, and as root a mistake would end anything."""
        try:
            command = Path(f"/proc/{number}/cmdline").read_text(errors="replace")
        except OSError:
            if Path("/proc/self/cmdline").exists():
                return False
            asked = ["ps", "-ww", "-o", "command=", "-p", str(number)]
            command = subprocess.run(asked, capture_output=True, text=True).stdout
        return str(self.data) in command


def server_user(data=None):
    """Who runs it: we, or where we are root the data's owner, `postgres` or `nobody`."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    if data is not None and data.exists() and data.stat().st_uid:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def may_run(path, user):
    return subprocess.run(["test", "-x", path], cwd="/", **_as(user)).returncode == 0


may_enter = may_run  # of a folder, to have the right to execute it is to have the right to enter


def _as(user):
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


def lock(path, kind):
    """A descriptor that holds the lock, or None where that would mean waiting and we would not."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def locked(path):
    descriptor = lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)
