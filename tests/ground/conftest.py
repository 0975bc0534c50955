import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from config import embedded

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev():
    """The dev script as a module of its own, so that a test may bend it."""
    loader = SourceFileLoader("dev_script", str(TOP / "dev"))
    module = module_from_spec(spec_from_loader("dev_script", loader))
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = kept
    return module


@pytest.fixture
def checkout():
    """An empty checkout in a folder that only its owner may enter; nothing of it is left."""
    room = Path(tempfile.mkdtemp(prefix="small-hands test-")).resolve()
    (room / "project").mkdir()
    yield room / "project"
    shutil.rmtree(room)
    embedded.remove_abandoned()
    assert until(lambda: not processes_naming(room)), processes_naming(room)


@pytest.fixture
def outside(monkeypatch):
    """As a person's shell would have it, not as under pytest."""
    for name in ("PYTEST_VERSION", "DATABASE_URL", "DEMO", "PORT"):
        monkeypatch.delenv(name, raising=False)


def processes_naming(path):
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,command="], capture_output=True, text=True, check=True)
    own = str(os.getpid())
    return [line for line in listed.stdout.splitlines() if str(path) in line and line.split()[0] != own]


def until(happened, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return False
