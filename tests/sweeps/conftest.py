"""The demo story as the world of the sweeps: every model has rows inside and outside each person's scope."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from communities.models import User

PEOPLE = ("director", "supervisor", "federation", "volunteer", "counsellor", "administrator")


class Undo(Exception):
    pass


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, module_settings):
    """The demo, built once for a module and taken back at its end."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                call_command("seed_demo", verbosity=0)
                yield
                raise Undo
        except Undo:
            pass


@pytest.fixture(scope="module")
def module_settings():
    from django.test import override_settings

    with override_settings(DEMO=True):
        yield


@pytest.fixture
def person(story, db):
    """person("director"): the account of the demo."""
    return lambda name: User.objects.get(username=name)


@pytest.fixture
def client_of(person):
    def sign_in(name):
        client = Client(raise_request_exception=True)
        client.force_login(person(name))
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return sign_in


@pytest.fixture
def foreign(story, db):
    """foreign(user): words that stand only in rows of children, adults and helpers this person may not see."""

    def words(user):
        hidden = set()
        seen = set()
        for label in ("children.Child", "children.Adult", "volunteers.Volunteer"):
            model = apps.get_model(label)
            names = set(model.objects.values_list("name", flat=True))
            own = set(model.objects.visible_to(user).values_list("name", flat=True))
            hidden |= names
            seen |= own
        own_accounts = {user.name, user.username}
        child = apps.get_model("children.Child")
        numbers = set(child.objects.values_list("number", flat=True))
        numbers -= set(child.objects.visible_to(user).values_list("number", flat=True))
        return {name for name in hidden - seen - own_accounts if len(name) > 2} | numbers

    return words


def leaked(page, words):
    text = page.content.decode(errors="replace")
    return sorted(word for word in words if word in text)
