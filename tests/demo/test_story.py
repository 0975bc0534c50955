"""The demo's story at four times of the year: whole, alive for every role, and made of numbers nobody has."""

import datetime as dt
import re

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from activities.models import Activity, GroupMeeting, Session
from children.models import Child, Concern, Consent, Referral
from communities.identity import read_resident_id
from communities.models import ClosedDay, Decision, Division, Meeting, OfficeDuty, Term, User
from config.demo.people import PASSWORD, SIGN_INS
from config.demo.places import PLACES
from homes.models import Home, Inspection, Repair
from records import measures
from records.measures import GAP, Period
from records.scoping import Scope
from records.secrets import SecretField
from reports.models import QuarterlyReport
from volunteers.models import Contact, Duty, Pairing, Volunteer
from volunteers.seen import children_of

# A term's middle, the summer between school years, the turn of the year, and a term's beginning on a leap day.
DAYS = [dt.date(2026, 11, 23), dt.date(2026, 8, 15), dt.date(2027, 1, 3), dt.date(2028, 2, 29)]


CLAIMS = []


def claim(function):
    """One building of the demo is dear: all claims are tried on the same one."""
    CLAIMS.append(function)
    return function


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_story(day, db, tmp_path):
    noon = dt.datetime.combine(day, dt.time(4), dt.UTC)
    failed = {}
    with time_machine.travel(noon), override_settings(DEMO=True, PRIVATE_ROOT=tmp_path):
        call_command("seed_demo", verbosity=0)
        for one in CLAIMS:
            try:
                one(day)
            except AssertionError as error:
                failed[one.__name__] = str(error)
    assert not failed


def at(place, model):
    return model.objects.filter(community=place.code)


@claim
def divisions_and_people(today):
    levels = [list(Division.objects.filter(level=level)) for level in ("district", "street", "community")]
    assert [len(found) for found in levels] == [1, 2, 4]
    assert all(d.name_en for found in levels for d in found)
    assert set(User.objects.exclude(password__startswith="!").values_list("username", flat=True)) == {
        p.username for p in SIGN_INS
    }


@claim
def children(today):
    children = Child.objects.all()
    assert 140 <= children.count() <= 160
    on_register = Child.objects.on_register(today)
    assert 0.6 <= on_register.left_behind_on(today, "federation").count() / on_register.count() <= 0.85
    assert 0.12 <= on_register.migrant_on(today).count() / on_register.count() <= 0.25
    assert 4 <= children.exclude(left_on=None).count() <= 12
    assert children.filter(birth_precision="month").exists() and children.filter(id_number_hash=None).exists()
    assert children.filter(guardianship_quality="poor").exists() and children.filter(is_boarding=True).exists()
    assert children.filter(ethnicity="02", name__contains="·").exists()
    ages = {(today - born).days // 365.25 for born in children.values_list("birth_date", flat=True)}
    assert min(ages) >= 2 and max(ages) >= 16
    for place in PLACES:
        assert at(place, Child).left_behind_on(today).count() >= 12


@claim
def helpers_pairings_and_the_five_ones(today):
    assert Volunteer.objects.count() == 40
    assert Volunteer.objects.filter(cleared_until__lt=today).count() == 2
    soon = today + dt.timedelta(days=30)
    assert Volunteer.objects.filter(cleared_until__gte=today, cleared_until__lte=soon).count() == 5
    assert {kind for kinds in Volunteer.objects.values_list("kinds", flat=True) for kind in kinds} == {
        "tutor",
        "loving_mother",
        "acting_parent",
    }
    assert 80 <= Pairing.objects.count() <= 115
    assert set(Pairing.objects.values_list("status", flat=True)) == set(Pairing.Status.values)
    past = Duty.objects.filter(term__ends_on__lt=today)
    assert past.filter(done_on=None).count() < 0.2 * past.count()
    assert Duty.objects.overdue_on(today).exists()
    assert Contact.objects.count() > 100
    assert not Contact.objects.filter(made_on__gt=today).exists()
    assert not Contact.objects.filter(created_at__gt=timezone.now()).exists()


@claim
def the_volunteer_has_two_of_one_family_and_one_of_another(today):
    volunteer = Volunteer.objects.get(user__username="volunteer")
    seen = children_of(volunteer)
    families = [one.child.household_id for one in seen]
    assert len(seen) == 3 and len(set(families)) == 2
    if Term.objects.on(today, "150902"):
        assert any(one.open for one in seen)
    assert Duty.objects.filter(pairing__volunteer=volunteer).overdue_on(today).exists()
    assert any(one.done for one in seen)


@claim
def terms_and_closed_days(today):
    assert Term.objects.count() == 4
    assert (Term.objects.on(today, "150902") is None) == (today.month == 8)
    assert {day.year for day in ClosedDay.objects.values_list("day", flat=True)} >= {today.year - 1, today.year}
    if today.year == 2026:
        assert ClosedDay.objects.filter(is_worked=True).exists()


@claim
def activities_are_past_and_coming_in_every_community(today):
    for place in PLACES:
        sessions = at(place, Session).not_cancelled()
        assert sessions.filter(day__lt=today).recorded().count() >= 10
        assert sessions.filter(day__gt=today).exists()
        assert set(at(place, Activity).values_list("kind", flat=True)) >= {"law", "parent_school", "club", "safety"}
    assert Activity.objects.filter(status="cancelled").exists()


@claim
def homes_are_of_different_quality(today):
    homes = Home.objects.with_last_check()
    assert sorted(homes.values_list("last_grade", flat=True)) == ["excellent", "qualified", "qualified", "rectify"]
    assert not Inspection.objects.filter(submitted_on__gt=today).exists()


@claim
def gaps_of_homes_are_being_put_right(today):
    assert Repair.objects.to_look_at().count() == 2
    assert {repair.home.name for repair in Repair.objects.overdue_on(today)} == {
        "恩和路社区儿童之家",
        "体育场社区儿童之家",
    }


@claim
def two_quarters_are_reported(today):
    reports = QuarterlyReport.objects.order_by("year", "quarter", "community")
    before_last, last = reports[:4], reports[4:]
    assert [r.status for r in before_last] == ["accepted"] * 4
    assert sorted(r.status for r in last) == ["accepted", "accepted", "submitted"]
    assert "150902001001" not in {r.community_id for r in last}
    assert all(r.period.end < today and not r.is_late for r in reports)
    assert all(r.table().value("children_on_register") >= 25 for r in reports)
    assert all(r.table().value("sessions_held") >= 5 for r in reports)
    assert sum(r.table().value("contacts_visit") + r.table().value("contacts_talk") for r in reports) > 0


@claim
def counsellor_concern_meetings_and_consents(today):
    assert Referral.objects.current().filter(counsellor__username="counsellor").count() == 3
    assert sorted(Concern.objects.values_list("status", flat=True)) == ["closed", "open", "open", "open", "reported"]
    assert all(at(place, Meeting).count() >= 4 for place in PLACES)
    assert set(Consent.objects.values_list("purpose", flat=True)) == set(Consent.Purpose.values)


@claim
def groups_meetings_and_promises(today):
    for place in PLACES:
        assert at(place, Meeting).filter(status="planned").exists()
        assert at(place, Decision).filter(status="open").exists()
        assert at(place, OfficeDuty).count() == 5
        assert at(place, GroupMeeting).count() == 2


@claim
def everyone_has_something_to_do(today):
    for username in ("director", "supervisor"):
        user = User.objects.get(username=username)
        gaps = [
            m.key
            for m in measures.all_measures(GAP)
            if m.count(Scope.of(*user.codes_for(m.model)), Period.day(today))
            and (not m.needs or user.has_perm(m.needs))
        ]
        assert len(gaps) >= 4, gaps
    supervisor = User.objects.get(username="supervisor")
    assert QuarterlyReport.objects.visible_to(supervisor, "decide").filter(status="submitted").exists()
    federation = User.objects.get(username="federation")
    assert QuarterlyReport.objects.visible_to(federation, "read").accepted().count() == 6


@claim
def no_number_is_anybodys(today):
    phones = ids = 0
    for model in apps.get_models():
        for field in [f for f in model._meta.local_concrete_fields if isinstance(f, SecretField)]:
            for value in filter(None, model._base_manager.values_list(field.name, flat=True)):
                if "phone" in field.name:
                    assert re.fullmatch(r"(161|154)\d{8}", value)
                    phones += 1
                elif "id_number" in field.name:
                    assert value[14:17] in ("996", "997", "998", "999") and not read_resident_id(value).problem
                    ids += 1
    assert phones > 300 and ids > 150


@claim
def names_are_nobodys_twice(today):
    names = [
        name
        for label in ("children.Child", "children.Adult", "volunteers.Volunteer", "communities.LeadingGroupMember")
        for name in apps.get_model(label).objects.values_list("name", flat=True)
    ]
    assert len(names) == len(set(names))


@claim
def told_once(today):
    count = Child.objects.count()
    call_command("seed_demo", verbosity=0)
    assert Child.objects.count() == count


@claim
def all_six_sign_in(today):
    for person in SIGN_INS:
        client = Client()
        page = client.get("/login/")
        assert person.username in page.content.decode() and PASSWORD in page.content.decode()
        answer = client.post("/login/", {"login": person.username, "password": PASSWORD})
        assert answer.status_code == 302, person.username
        assert client.get(answer.url, follow=True).status_code == 200
