"""What `./dev check` looks at, besides the tests. Run by the Python of .venv."""

import gettext
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parent.parent
TOOL = Path(sys.executable).parent
sys.path.insert(0, str(TOP))

from config import demo_keys  # noqa: E402

NO_DATABASE = {"DATABASE_URL": "postgresql://nobody@/nothing?host=/nonexistent", "DEBUG": "0"}
TRIAL = {**NO_DATABASE, "DEMO": "1"}
PRODUCTION = {**NO_DATABASE, "DEMO": "0", "ALLOWED_HOSTS": "small-hands.example", **demo_keys.new()}
DJANGO = [sys.executable, "-W", "ignore", "manage.py"]
PLAIN_PYTEST = [
    "-q",
    "--noconftest",
    "-c",
    os.devnull,
    "--rootdir",
    TOP,
    "-p",
    "no:django",
    "-p",
    "no:cacheprovider",
]


def commands():
    templates = [
        path.relative_to(TOP) for path in TOP.glob("*/**/*.html") if path.parts[len(TOP.parts)] not in (".venv", "var")
    ]
    yield "format", [TOOL / "ruff", "format", "--check", "--output-format", "concise", "."], {}
    yield "lint", [TOOL / "ruff", "check", "--output-format", "concise", "."], {}
    yield "templates", [TOOL / "djade", "--target-version", "5.2", "--check", *templates], {}
    yield "types", [TOOL / "mypy"], TRIAL
    yield "migrations", [*DJANGO, "makemigrations", "--check", "--dry-run"], TRIAL
    yield "layers", [sys.executable, "-m", "pytest", *PLAIN_PYTEST, "tests/sweeps/test_layers.py"], {}
    yield "deployment", [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION


def unnamed_migrations():
    for path in TOP.glob("*/migrations/0*.py"):
        if "_auto_" in path.name:
            yield f"{path.relative_to(TOP)}: give it a name that says what it does"


def uncompiled_translations():
    """Compared by what they say, for the bytes differ from one msgfmt to the next."""
    if not shutil.which("msgfmt"):
        yield "msgfmt is missing. On Debian: sudo apt-get install gettext; on macOS: brew install gettext"
        return
    for source in sorted(TOP.glob("locale/*/LC_MESSAGES/*.po")):
        made = subprocess.run(["msgfmt", "--check-format", "-o", "-", source], capture_output=True)
        if made.returncode:
            yield made.stderr.decode()
        elif catalogue(made.stdout) != catalogue(
            kept.read_bytes() if (kept := source.with_suffix(".mo")).exists() else b""
        ):
            yield f"{kept.relative_to(TOP)} differs from its .po: run ./dev messages"


def catalogue(compiled):
    return gettext.GNUTranslations(io.BytesIO(compiled))._catalog if compiled else {}


def unlocked_dependencies():
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    run = project["project"]["dependencies"] + groups["embedded"]
    for name, wanted in {"run.txt": run, "dev.txt": run + groups["dev"] + groups["browser"]}.items():
        locked = dict(re.findall(r"^([\w.-]+)==([\w.!+-]+)", (TOP / "lock" / name).read_text(), re.M))
        for line in map(Requirement, wanted):
            version = locked.get(canonicalize_name(line.name))
            if version is None or not line.specifier.contains(version, prereleases=True):
                had = version or "no version"
                yield f"lock/{name} has {had} of {line.name}, pyproject.toml asks {line}: run ./dev lock"


def main():
    failed = []
    for name, command, settings in commands():
        done = subprocess.run(
            command,
            cwd=TOP,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        report(name, done.stdout.splitlines() if done.returncode else [], failed)
    report("names of migrations", list(unnamed_migrations()), failed)
    report("translations", list(uncompiled_translations()), failed)
    report("lock", list(unlocked_dependencies()), failed)
    print(f"\nNot right: {', '.join(failed)}" if failed else "\nAll is well.")
    return 1 if failed else 0


def report(name, faults, failed):
    print(f"{'✗' if faults else '✓'} {name}", flush=True)
    if faults:
        failed.append(name)
        print("\n".join(f"    {line}" for line in faults[-60:]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
