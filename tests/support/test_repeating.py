"""What is given once, a year or a term is not granted twice in that time."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from children.merging import merge
from communities.models import Term
from records.lifecycle import Refused
from support import applying, repeating
from support.models import Application
from tests.children.pages import words
from tests.support.factories import a_girl, a_kind, approved, submitted, today

pytestmark = pytest.mark.django_db


def decided(application, day):
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    Application.objects.filter(pk=application.pk).update(decided_at=moment)


@pytest.mark.parametrize(
    ("per", "decided_on", "day", "is_granted"),
    [
        ("once", "2020-05-01", "2026-11-27", True),
        ("year", "2026-01-01", "2026-12-31", True),
        ("year", "2025-12-31", "2026-01-01", False),
        ("term", "2026-08-31", "2026-09-01", False),
        ("term", "2026-09-01", "2027-02-28", True),
        ("term", "2027-02-28", "2027-03-01", False),
        ("term", "2028-02-29", "2028-02-29", True),
        ("term", "2026-03-01", "2026-08-31", True),
    ],
)
def test_for_how_long_a_grant_lasts(
    community, district, director, supervisor, federation, per, decided_on, day, is_granted
):
    kind = a_kind(district, per=per)
    application = approved(a_girl(community, director), kind, director, supervisor, federation)
    decided(application, dt.date.fromisoformat(decided_on))
    day, application = dt.date.fromisoformat(day), Application.objects.get()
    assert repeating.granted(kind, day).exists() is repeating.is_granted(application, kind, day) is is_granted


def test_a_term_is_the_one_that_the_district_has_noted(community, district, director, supervisor, federation):
    kind = a_kind(district, per="term")
    application = approved(a_girl(community, director), kind, director, supervisor, federation)
    for starts_on, ends_on, name in (("2026-02-23", "2026-07-10", "spring"), ("2026-08-25", "2027-01-20", "autumn")):
        Term.objects.create(district=district, school_year=2026 - (name == "spring"), kind=name,
                            starts_on=starts_on, ends_on=ends_on)  # fmt: skip
    for decided_on, day, is_granted in (
        ("2026-02-23", "2026-08-24", True),
        ("2026-08-24", "2026-08-25", False),
        ("2026-08-25", "2027-02-20", True),
    ):
        decided(application, dt.date.fromisoformat(decided_on))
        assert repeating.granted(kind, dt.date.fromisoformat(day)).exists() is is_granted


def test_who_was_granted_it_this_year_does_not_apply_again(
    community, district, director, supervisor, federation, signed_in
):
    kind, girl = a_kind(district), a_girl(community, director)
    application = approved(girl, kind, director, supervisor, federation)
    with pytest.raises(Refused, match="given a year, and this child was granted it already"):
        applying.prepare(girl, kind, by=director)
    web = signed_in(director)
    assert girl.name not in words(web.get(reverse("support:could_apply")))
    file = web.get(reverse("children:file", args=[girl.pk]) + "?tab=care").content.decode()
    assert reverse("support:prepare", args=[girl.pk]) not in file
    decided(application, dt.date(today().year - 1, 12, 31))
    assert girl.name in words(web.get(reverse("support:could_apply")))
    assert applying.prepare(girl, kind, by=director).status == "draft"


@pytest.mark.parametrize("keeps_the_granted", [True, False])
def test_what_was_granted_for_one_file_is_not_granted_for_the_other(
    community, district, director, supervisor, federation, keeps_the_granted
):
    kind = a_kind(district)
    done, running = a_girl(community, director), a_girl(community, director)
    approved(done, kind, director, supervisor, federation)
    under_way = submitted(running, kind, director)
    merge(*((done, running) if keeps_the_granted else (running, done)), by=director)
    under_way.refresh_from_db()
    assert (under_way.status, under_way.withdrawn_why) == ("withdrawn", "two files of one child")
