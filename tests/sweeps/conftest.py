"""The demo story as the world of the sweeps: every model has rows inside and outside each person's scope."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from PIL import Image

from activities.models import Session, SessionPhoto
from children import erasing, transfer
from children.imports import read_roster
from children.models import Child, ColumnMeaning, Correction
from communities.models import User
from volunteers.models import ContactDuty

FAR = "150902002"
ROSTER = Path(__file__).resolve().parents[1] / "roster" / "data" / "A_community_60.xlsx"

PEOPLE = ("director", "supervisor", "federation", "volunteer", "counsellor", "administrator")


TOLD_BY = ("appraisal:", "commended", "award", "paper")  # routes that tell the name of a helper who agreed to it


class Undo(Exception):
    pass


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, module_settings):
    """The demo, built once for a module and taken back at its end."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                call_command("seed_demo", verbosity=0)
                _rows_the_story_lacks()
                yield
                raise Undo
        except Undo:
            pass


def _rows_the_story_lacks():
    """An uploaded roster and a picture of an activity, in a community far from the director's."""
    by = User.objects.filter(postings__division__code__startswith=FAR, postings__role="community_worker").first()
    division = by.postings.get().division
    with ROSTER.open("rb") as file:
        read_roster(file, division=division, as_of=timezone.localdate(), name=ROSTER.name, by=by)
    ColumnMeaning.remember(division, {"娃名": "child_name"}, by=by)
    session = Session.objects.filter(community=division, day__lt=timezone.localdate(), cancelled_at=None).first()
    stream = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(stream, "JPEG")
    picture = SimpleUploadedFile("picture.jpg", stream.getvalue(), "image/jpeg")
    SessionPhoto.add(session, picture, consents_checked=True, by=by)
    for user in (by, User.objects.get(username="director")):
        _asked_by_a_guardian(user)
    _a_family_that_moved_away(by)


def _asked_by_a_guardian(user):
    """A correction and an erasure, waiting to be decided."""
    child = Child.objects.visible_to(user).filter(left_on=None).order_by("-pk").first()
    Correction.objects.create(
        child=child,
        community=child.community,
        wrong="生日",
        asked_by="家长",
        asked_on=timezone.localdate(),
        noted_by=user,
    )
    erasing.ask(child, ground="guardian", by=user)


def _a_family_that_moved_away(by):
    """Of the director's community, with a helper, contacts and sessions: the director reads nothing of it any more."""
    director = User.objects.get(username="director")
    contacts = ContactDuty.objects.filter(pairing__status="active").values("pairing__child")
    child = Child.objects.visible_to(director).filter(pk__in=contacts, attendances__isnull=False, left_on=None).first()
    family = list(child.household.children.filter(left_on=None))
    details = {"reason": "moved", "moves_on": timezone.localdate(), "contact": director.name}
    transfer.accept(transfer.offer(family, by.postings.get().division, **details, by=director), by=by)
    waiting = Child.objects.visible_to(by).filter(left_on=None).exclude(household=child.household_id).first()
    transfer.offer([waiting], director.postings.get().division, **details, by=by)


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
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person(name).pk)
        session.save()
        return client

    return sign_in


@pytest.fixture
def foreign(story, db):
    """foreign(user, route): words that stand only in rows of children, adults and helpers this person may not see, and
    that the page of `route` does not tell all the same."""

    def words(user, route=""):
        hidden = set()
        seen = set()
        for label in ("children.Child", "children.Adult", "volunteers.Volunteer"):
            model = apps.get_model(label)
            names = set(model.objects.values_list("name", flat=True))
            own = set(model.objects.visible_to(user).values_list("name", flat=True))
            hidden |= names
            seen |= own
        if route.startswith(TOLD_BY):  # with the helper's own agreement
            nominations = apps.get_model("appraisal.Nomination").objects
            told = Q(pk__in=nominations.visible_to(user).values("pk")) | Q(pk__in=nominations.published().values("pk"))
            seen |= set(nominations.exclude(helper_agreed_on=None).filter(told).values_list("helper__name", flat=True))
        own_accounts = {user.name, *User.objects.visible_to(user).values_list("name", flat=True)}
        child = apps.get_model("children.Child")
        numbers = set(child.objects.values_list("number", flat=True))
        numbers -= set(child.objects.visible_to(user).values_list("number", flat=True))
        return {name for name in hidden - seen - own_accounts if len(name) > 2} | numbers

    return words


def leaked(page, words):
    text = page.getvalue().decode(errors="replace")  # a file is streamed
    return sorted(word for word in words if word in text)
