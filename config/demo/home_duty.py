"""Duty at the four Homes: the shifts of a week, last week ticked, two weeks to come."""

from django.db.models import F

from config.demo.days import days
from config.demo.places import AFTERNOON, MORNING, PLACES
from homes.models import Home
from volunteers import home_roster
from volunteers.models import HomeDay, HomeDuty, HomeShift, Volunteer

SHIFTS = [(1, AFTERNOON, 1), (3, AFTERNOON, 1), (5, MORNING, 2)]
WEEK = days(7)


def keep(divisions, people, today):
    for place in PLACES:
        community, worker = divisions[place.code], people[place.worker]
        home = Home.objects.get(community=community)
        for weekday, (starts, ends), needed in SHIFTS:
            HomeShift.plan(home, weekday=weekday, starts_at=starts, ends_at=ends, needed=needed, by=worker)
        home_roster.make_roster(home, first=today, last=today + days(6), by=worker)
        _put_on(home, community, worker)
        HomeDay.objects.filter(home=home).update(day=F("day") - WEEK)
        HomeDuty.objects.filter(slot__home=home).update(day=F("day") - WEEK)
        for duty in HomeDuty.objects.filter(slot__home=home).select_related("slot", "volunteer"):
            duty.tick(came_at=duty.slot.starts_at, went_at=duty.slot.ends_at, by=worker)
        home_roster.make_roster(home, first=today, last=today + days(13), again=True, by=worker)
    to_come = HomeDuty.objects.filter(status=HomeDuty.Status.ON, day__gt=today).select_related("slot")
    for duty in to_come[:1]:  # none in the week of a festival
        duty.say_cannot(reason="单位临时加班", by=people["director"])


def _put_on(home, community, worker):
    helpers = list(Volunteer.objects.filter(community=community, left_on=None, lapsed_on=None).order_by("pk"))
    for number, slot in enumerate(HomeDay.objects.filter(home=home).order_by("day", "starts_at")):
        ready = [helper for helper in helpers if not home_roster.why_not(slot, helper)]
        for helper in ready[number : number + 1]:
            home_roster.put_on(slot, helper, by=worker)
