"""The cast: a district with two street offices and three communities, and one person in each role."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from communities.models import Division, Posting, Term, User
from records import request_facts

DISTRICT, STREET, FAR_STREET = "150902", "150902001", "150902002"
COMMUNITY, SISTER, FAR = "150902001001", "150902001002", "150902002001"
PASSWORD = "correct horse battery"


def _division(code, name, level):
    parent = {6: None, 9: code[:6], 12: code[:9]}[len(code)]
    return Division.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": "", "level": level, "parent_id": parent}
    )[0]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that really commit empty all tables afterwards; only here does the trail let them.

    Each table counts from a number of its own, so that a test never takes one kind of row, or a quantity, for another.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS never_emptied ON records_trailentry")
        cursor.execute("DROP TRIGGER IF EXISTS never_emptied ON records_trailseal")
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename")
        for place, (sequence,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute(f'ALTER SEQUENCE "{sequence}" RESTART WITH {place * 10_007}')


@pytest.fixture(autouse=True)
def _nothing_left_over():
    """A request's facts end with the request, and its language with the test; neither may reach the next."""
    translation.deactivate()
    yield
    assert request_facts.current() is None


@pytest.fixture
def district(db):
    return _division(DISTRICT, "集宁区", "district")


@pytest.fixture
def street(district):
    return _division(STREET, "新体路街道", "street")


@pytest.fixture
def far_street(district):
    return _division(FAR_STREET, "桥东街道", "street")


@pytest.fixture
def community(street):
    return _division(COMMUNITY, "恩和路社区", "community")


@pytest.fixture
def sister_community(street):
    return _division(SISTER, "体育场社区", "community")


@pytest.fixture
def far_community(far_street):
    return _division(FAR, "龙湾社区", "community")


@pytest.fixture
def make_user(db):
    """make_user(role, division, username=…): an account with one open posting."""

    def make(role, division, username=None, **details):
        username = username or f"{role}-{User.objects.count()}"
        user = User.objects.create_user(username, details.pop("name", username), PASSWORD, **details)
        Posting.objects.create(user=user, division=division, role=role, starts_on=dt.date(2020, 1, 1))
        return user

    return make


@pytest.fixture
def director(make_user, community):
    return make_user("community_worker", community, "director")


@pytest.fixture
def supervisor(make_user, street):
    return make_user("street_officer", street, "supervisor")


@pytest.fixture
def federation(make_user, district):
    return make_user("federation_officer", district, "federation")


@pytest.fixture
def counsellor(make_user, district):
    return make_user("counsellor", district, "counsellor")


@pytest.fixture
def administrator(make_user, district):
    return make_user("administrator", district, "administrator")


@pytest.fixture
def stranger(make_user, far_community):
    """A worker of a community in another street of the same district."""
    return make_user("community_worker", far_community, "stranger")


@pytest.fixture
def signed_in():
    """signed_in(user): a client with that person's session."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return sign_in


def freshly_signed_in(client):
    """As if the password had just been typed: some acts ask for it again after a while."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def term(district):
    """The term that today falls in, whatever the season."""
    today = timezone.localdate()
    return Term.objects.get_or_create(
        district=district,
        school_year=today.year if today.month >= 8 else today.year - 1,
        kind="autumn" if today.month in (8, 9, 10, 11, 12, 1) else "spring",
        defaults={"starts_on": today - dt.timedelta(days=60), "ends_on": today + dt.timedelta(days=60)},
    )[0]


@pytest.fixture
def make_child(db):
    """make_child(community, name=…, …): a child with a household of its own, or in `household`."""
    from children.models import Child, FileNumber, Household

    def make(community, household=None, **details):
        household = household or Household.objects.create(community=community)
        facts = {
            "name": "陈小雨",
            "sex": "F",
            "birth_date": timezone.localdate() - dt.timedelta(days=10 * 365),
            "registered_on": timezone.localdate() - dt.timedelta(days=30),
        }
        number = FileNumber.take(community.pk)[0]
        return Child.objects.create(community=community, household=household, number=number, **{**facts, **details})

    return make


@pytest.fixture
def two_posts(signed_in, director, far_street):
    """The desk of a child director of one community who is child supervisor of another street, and only looks there."""
    Posting.objects.create(user=director, division=far_street, role="street_officer", starts_on=dt.date(2020, 1, 1))
    return signed_in(User.objects.get(pk=director.pk))
