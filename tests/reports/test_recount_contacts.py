"""Contacts of helpers and their hours recounted."""

import datetime as dt
import random
from fractions import Fraction

import pytest
from django.utils import timezone

from tests.homes.factories import make_home
from tests.reports.recounting import SEEDS, a_day, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import a_helper
from volunteers.kinds import DutyKind
from volunteers.models import Contact, HomeDay, HomeDuty, HomeShift

pytestmark = pytest.mark.django_db
KEYS = ["contacts_made", *(f"contacts_{kind}" for kind in DutyKind.values), "hours_of_contacts", "hours_on_duty"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Contacts of any kinds and none, with people met, with nobody, checked or not; duties done, missed and open."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for place in places:
        helper = a_helper(place, director, checked=False)
        for _n in range(20):
            _a_contact(chance, helper, director)
        home = make_home(place)
        for hour in range(8, 18):
            day = a_day(chance, -230, 40)
            hours = {"community": place, "home": home, "starts_at": dt.time(hour), "ends_at": dt.time(hour + 1)}
            shift = HomeShift.objects.create(weekday=day.weekday(), **hours)
            slot = HomeDay.objects.create(shift=shift, day=day, needed=1, **hours)
            _a_duty(chance, slot, helper)
    return places


def _a_contact(chance, helper, by):
    status = chance.choice(Contact.Status.values)
    checked = {"verified_by": by, "verified_at": timezone.now()} if status == "verified" else {}
    Contact.objects.create(
        community_id=helper.community_id,
        volunteer=helper,
        made_on=a_day(chance, -230, 40),
        kinds=chance.sample(DutyKind.values, chance.randint(0, 3)),
        met=chance.choice([[], ["child"], ["child", "guardian"], ["teacher"], ["nobody"], ["nobody"]]),
        minutes=chance.choice([None, 1, 20, 45, 59, 300]),
        status=status,
        created_by=by,
        **checked,
    )


def _a_duty(chance, slot, helper):
    status = chance.choice(["came", "came", "came", *HomeDuty.Status.values])
    came = dt.time(slot.starts_at.hour, chance.randint(0, 29)) if status == "came" else None
    went = dt.time(slot.ends_at.hour, chance.randint(0, 59)) if came and chance.random() < 0.8 else None
    HomeDuty.objects.create(
        **{"community_id": slot.community_id, "slot": slot, "volunteer": helper, "day": slot.day, "status": status},
        **{"came_at": came, "went_at": went},
    )


def entries(period):
    return [entry for entry in Contact.objects.all() if inside(entry.made_on, period)]


@recounts("contacts_made")
def contacts_made(period):
    """What reached nobody was a try."""
    return [entry for entry in entries(period) if "nobody" not in entry.met]


def _of_kind(kind):
    return lambda period: [entry for entry in contacts_made(period) if kind in entry.kinds]


for _kind in DutyKind.values:
    recounts(f"contacts_{_kind}")(_of_kind(_kind))


@recounts("hours_of_contacts", amount=lambda entry: Fraction(entry.minutes or 0, 60))
def hours_of_contacts(period):
    """Time is spent on a try, too."""
    return entries(period)


def _minutes(time):
    return 60 * time.hour + time.minute


@recounts("hours_on_duty", amount=lambda duty: Fraction(_minutes(duty.went_at) - _minutes(duty.came_at), 60))
def hours_on_duty(period):
    served = [duty for duty in HomeDuty.objects.all() if duty.status == "came" and duty.went_at]
    return [duty for duty in served if inside(duty.day, period)]


def test_contacts_and_hours_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)
