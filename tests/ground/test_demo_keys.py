"""Keys the demo makes for itself: private, stable, never in production's place."""

import base64

import pytest

from config import demo_keys


def test_they_are_made_once_and_for_their_owner_only(tmp_path):
    keys = demo_keys.load(tmp_path / "var")
    assert demo_keys.load(tmp_path / "var") == keys
    assert (tmp_path / "var/keys.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["keys.json"]


def test_they_read_like_the_environment_of_production(tmp_path):
    keys = demo_keys.load(tmp_path)
    name, key = keys["FIELD_KEYS"].split(":")
    assert name == "demo"
    assert len(base64.b64decode(key)) == len(base64.b64decode(keys["INDEX_KEY"])) == 32
    assert len(keys["SECRET_KEY"]) >= 50


def test_two_machines_do_not_share_them(tmp_path):
    assert demo_keys.load(tmp_path / "one") != demo_keys.load(tmp_path / "other")


def test_of_two_writers_the_first_stays(tmp_path):
    demo_keys._write_once(tmp_path / "keys.json", '{"first": 1}')
    demo_keys._write_once(tmp_path / "keys.json", '{"second": 2}')
    assert demo_keys.load(tmp_path) == {"first": 1}


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_an_environment_of_production_is_never_a_demo(tmp_path, monkeypatch, name):
    for other in demo_keys.OF_PRODUCTION:
        monkeypatch.delenv(other, raising=False)
    assert not demo_keys.is_demo(tmp_path)
    (tmp_path / "demo").touch()
    assert demo_keys.is_demo(tmp_path)
    monkeypatch.setenv(name, "of production")
    assert not demo_keys.is_demo(tmp_path)
