"""What ./dev promises a newcomer: one command, clear words, nothing left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.ground.conftest import TOP, processes_naming

SITE = "from wsgiref.simple_server import demo_app as application\n"


def dev_says(*arguments, **settings):
    return subprocess.run(
        [sys.executable, TOP / "dev", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
    )


def test_it_says_which_commands_there_are():
    assert "./dev run" in dev_says().stdout
    assert dev_says("walk").returncode == 2


def test_a_port_in_use_is_named_with_another_to_take():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = dev_says("run", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"PORT={port + 1} ./dev run" in done.stderr


@pytest.mark.parametrize("port", ["eight thousand", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_words(port):
    assert "is no port" in dev_says("run", PORT=port).stderr


def test_an_old_python_is_told_so(dev, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(dev.Stop, match=r"3\.11 or later"):
        dev.suitable_python()


def test_a_python_without_venv_is_told_what_to_install(dev, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(dev.Stop, match=r"apt-get install python3\.\d+-venv"):
        dev.make_venv("run")


@pytest.fixture
def venv(dev, tmp_path, monkeypatch):
    """An environment made by pretending: what would be run is only noted."""
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(dev, "TOP", tmp_path)
    shutil.copytree(TOP / "lock", tmp_path / "lock")

    def pretend(command, words):
        dev.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        dev.PYTHON.touch()

    monkeypatch.setattr(dev, "quiet", pretend)
    monkeypatch.setattr(dev, "install", lambda lock: None)
    return dev.VENV


def test_a_half_made_environment_is_made_again(dev, venv, capsys):
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    (venv / "left-over").touch()
    assert not dev.is_made("run")
    dev.make_venv("run")
    assert "half made" in capsys.readouterr().out
    assert dev.is_made("run")
    assert not (venv / "left-over").exists()


def test_an_environment_for_development_will_do_for_running(dev, venv):
    dev.make_venv("dev")
    assert dev.is_made("run")
    assert dev.is_made("dev")


def test_one_for_running_does_not_do_for_development(dev, venv):
    dev.make_venv("run")
    assert not dev.is_made("dev")


def test_a_changed_lock_is_noticed(dev, venv):
    dev.make_venv("run")
    with (dev.TOP / "lock/run.txt").open("a") as lock:
        lock.write("another==1.0\n")
    assert not dev.is_made("run")


def test_a_failed_installation_says_so_and_leaves_no_stamp(dev, venv, monkeypatch):
    def fail(command, words):
        raise dev.Stop(words)

    monkeypatch.setattr(dev, "install", lambda lock: fail(None, "no network"))
    with pytest.raises(dev.Stop):
        dev.make_venv("run")
    assert not dev.is_made("run")


def test_uv_is_told_what_pip_was_told(dev, monkeypatch):
    said = "global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'\n:env:.cert='/etc/own.pem'\n"
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=said))
    told = dev.pip_settings()
    assert told["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert told["SSL_CERT_FILE"] == "/etc/own.pem"


def test_the_words_of_a_failed_command_are_shown_with_ours(dev):
    with pytest.raises(dev.Stop, match=r"(?s)no route.*is there a network\?"):
        dev.quiet([sys.executable, "-c", "print('no route'); raise SystemExit(1)"], "is there a network?")


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_no_process_behind(dev, checkout, sign):
    """The real script, server and database around an application that only greets."""
    for name in ("dev", "lock/run.txt", "lock/dev.txt", *(f"config/{m}.py" for m in NEEDED)):
        (checkout / name).parent.mkdir(exist_ok=True)
        shutil.copy(TOP / name, checkout / name)
    (checkout / "config/wsgi.py").write_text(SITE)
    (checkout / "manage.py").write_text("print('Sign in as: somebody')")
    borrow_environment(dev, checkout / ".venv")
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    run = subprocess.Popen(
        [sys.executable, checkout / "dev", "run"],
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    while "Ctrl-C" not in said and (line := run.stdout.readline()):
        said += line
    assert "Sign in as: somebody" in said
    assert f"http://127.0.0.1:{port}/" in said
    assert urlopen(f"http://127.0.0.1:{port}/").status == 200
    assert any("postgres" in line for line in processes_naming("small-hands"))
    run.send_signal(sign)
    said += run.communicate(timeout=30)[0]
    assert run.returncode == 0, said
    assert not processes_naming(checkout)
    assert not processes_naming((checkout / "var/postgres").resolve())
    assert not dev.answers(port)


NEEDED = ("__init__", "embedded", "postgres_server", "postgres_programs", "server")


def borrow_environment(dev, venv):
    """One of its own that finds this one's packages."""
    import json

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    stamp = {"place": str(venv), "run.txt": dev.fingerprint(TOP / "lock/run.txt")}
    (venv / "made-from.json").write_text(json.dumps(stamp))
