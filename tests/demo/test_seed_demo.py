"""When the demo is told, and when not."""

import io

import pytest
from django.core.management import CommandError, call_command

from communities.models import User
from config.demo import story
from config.demo.people import PASSWORD, SIGN_INS


def said(*arguments):
    out = io.StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def test_only_in_demo_mode(db, settings):
    settings.DEMO = False
    for arguments in ([], ["--sign-ins"]):
        with pytest.raises(CommandError, match="no demo"):
            said(*arguments)
    assert not User.objects.exists()


def test_never_beside_an_account(db, settings):
    settings.DEMO = True
    User.objects.create_user("somebody", "Somebody")
    with pytest.raises(CommandError, match="never put beside real data"):
        said()
    assert User.objects.count() == 1


def test_never_beside_a_child(settings, community, make_child):
    settings.DEMO = True
    make_child(community)
    with pytest.raises(CommandError, match="never put beside real data"):
        said()
    assert not User.objects.exists()


def test_whole_or_not_at_all(transactional_db, settings, monkeypatch):
    settings.DEMO = True

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(story.Story, "_register", broken)
    with pytest.raises(RuntimeError):
        said()
    assert not User.objects.exists() and not story.is_told()


def test_the_sign_ins_are_told(db, settings):
    settings.DEMO = True
    text = said("--sign-ins")
    assert PASSWORD in text and all(person.username in text for person in SIGN_INS)
    assert "://" not in text


def test_the_sign_in_page_lists_them_in_demo_mode_only(db, client, settings):
    settings.DEMO = False
    assert PASSWORD not in client.get("/login/").content.decode()
    settings.DEMO = True
    page = client.get("/login/", headers={"accept-language": "zh-hans"}).content.decode()
    assert all(person.username in page for person in SIGN_INS) and "恩和路社区" in page


def test_the_password_passes_the_validators(settings):
    from django.contrib.auth.password_validation import validate_password

    for person in SIGN_INS:
        assert validate_password(PASSWORD, User(username=person.username, name=person.name)) is None
