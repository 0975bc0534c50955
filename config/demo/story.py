"""The demo's story, told through the acts that people use; time is dated back only where an act knows no other day."""

import datetime as dt
import gc
import io
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import DateField, DateTimeField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Least
from django.utils import timezone

from activities.models import Attendance, CarerAttendance, Session
from children.models import Away, Child, Concern, Household
from children.referring import refer
from communities.accounts import grant
from communities.models import Division, Posting, Term, User
from config.demo import (
    appraisal,
    counselling,
    course,
    entrusted,
    evaluating,
    five_ones,
    giving,
    growing,
    home_duty,
    in_the_home,
    letters,
    looking,
    matching,
    parents,
    quarters,
    reporting,
    resting,
    reviewing,
    rooms,
    rosters,
    support,
    surveying,
    transfers,
    vetting,
)
from config.demo.days import Days, days, make_closed_days, make_terms
from config.demo.doubles import register_twice
from config.demo.families import Families
from config.demo.five_ones import FiveOnes
from config.demo.invented import Invented
from config.demo.pairing_up import PairingUp
from config.demo.people import ADMINISTRATOR, COLLEAGUES, COUNSELLOR, PASSWORD, SIGN_INS, VOLUNTEER
from config.demo.places import ENHE, PLACES
from config.demo.programme import Programme
from config.demo.rooms import Room
from records.trail import TrailEntry, log_act
from volunteers.models import Contact
from volunteers.terms import open_term_duties

TOLD = "told the demo story"
DIVISIONS = str(Path(__file__).with_name("divisions.csv"))


def is_told():
    return TrailEntry.objects.filter(verb=TOLD).exists()


def has_other_data():
    """Whether there are people or children here that the demo did not bring."""
    return User.objects.exists() or Child.objects.exists()


def tell():
    """All of it or nothing: no act is undone alone, so none of the thousands needs a savepoint of its own."""
    features = connection.features
    with transaction.atomic():
        kept, features.uses_savepoints = features.uses_savepoints, False
        gc.disable()  # a million short-lived objects, and hardly a cycle among them
        try:
            Story(Days(timezone.localdate())).tell()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # the planner knows nothing yet of tables filled a moment ago
        finally:
            features.uses_savepoints = kept
            gc.enable()


class Story:
    def __init__(self, story_days):
        self.days = story_days
        self.invented = Invented()
        self.people = {"days": story_days}

    def tell(self):
        call_command("load_divisions", DIVISIONS, english=DIVISIONS, verbosity=0, stdout=io.StringIO())
        self.divisions = Division.objects.in_bulk()
        district = self.divisions[ADMINISTRATOR.division]
        make_closed_days(district, self.days)
        self._give_accounts()
        rooms.approve_standard(district, by=self.people["administrator"], story_days=self.days)
        communities = [self._register(place) for place in PLACES]
        make_terms(district, self.days)  # after the pairings, so that duties are opened as at night: all at once
        five_ones.set_rules(district)
        for term in Term.objects.of(district.pk).filter(starts_on__lte=self.days.today).order_by("starts_on"):
            open_term_duties(term)
        homes = [self._help(*community) for community in communities]
        self._report(self.days.before_last)
        entrusted.entrust(self.divisions, self.people, self.days, self.invented)
        for room in homes:
            room.check(self.people)
        self._date_back()
        for room in homes[:2]:
            room.put_right(self.people)
        for place in PLACES:
            parents.tell(self.divisions[place.code], self.people[place.worker], self.days.today)
            resting.pause_one(place, self.people[place.worker], self.days)
        self._report(self.days.last)
        quarters.of_streets(self.divisions, self.people)
        looking.keep_views(district, self.people["federation"], self.days)
        self._refer_and_raise()
        counselling.tell(self.people, self.days)
        letters.write(self.people, self.days.today)
        reviewing.review(self.people)
        support.give(self.divisions, self.people, self.days)
        giving.give(self.people, self.invented, self.days.today)
        transfers.tell(self.people, self.divisions, self.days)
        surveying.survey(self.divisions, self.people, self.days)
        rosters.hand_in(self.divisions, self.people, self.days)
        vetting.vet(self.divisions, self.people, self.days, self.invented)
        home_duty.keep(self.divisions, self.people, self.days.today)
        in_the_home.keep(self.people, self.days)
        five_ones.remind(self.people, self.days.today)
        evaluating.tell(self.divisions, self.people, self.days)
        course.tell(self.divisions, self.people, self.days)
        self._register_twice()
        matching.propose(self.divisions, self.people)
        street, officer = self.divisions[ENHE.code].parent, self.people[ENHE.officer]
        reporting.set_up_street(street, officer, self.invented, self.days)
        quarters.correct(self.divisions, self.people)
        five_ones.sum_up(district, self.days.today)
        appraisal.supervise(self.divisions, self.people, self.days)
        appraisal.appraise(self.divisions, self.people, self.days)
        appraisal.make_year_books(self.divisions, self.people, self.days)
        log_act(self.people["administrator"], TOLD, district)

    def _give_accounts(self):
        password = make_password(PASSWORD)  # hashed once, for hashing is slow on purpose
        first = self.days.today - days(800)
        for person in sorted([*SIGN_INS, *COLLEAGUES], key=lambda person: person is not ADMINISTRATOR):
            user = User.objects.create_user(person.username, person.name)
            if person in SIGN_INS:
                user.password = password
                user.save(update_fields=["password"])
            division = self.divisions[person.division]
            if person is ADMINISTRATOR:
                posting = Posting.objects.create(user=user, role=person.role, division=division, starts_on=first)
                log_act(user, "made administrator", posting, user=user.pk, division=division.pk)
            else:
                grant(user, person.role, division, by=self.people["administrator"], starts_on=first)
            self.people[person.username] = user

    def _register(self, place):
        """One community's families, helpers and pairings."""
        community, worker = self.divisions[place.code], self.people[place.worker]
        shared = (place, community, worker, self.days, self.invented)
        families = Families(*shared)
        families.register()
        families.agree()
        growing.keep(*shared)
        pairing_up = PairingUp(*shared, families)
        pairing_up.recruit(self.people["volunteer"] if place.code == VOLUNTEER.division else None)
        pairing_up.pair()
        return shared, families, pairing_up

    def _help(self, shared, families, pairing_up):
        """What was done there since: contacts, activities, meetings, its Home."""
        place, community, worker, *_rest = shared
        helped = FiveOnes(place, worker, self.days, self.invented, {pairing_up.helpers[n].pk for n in place.lapsed})
        helped.carry_over()
        if place is PLACES[0]:
            helped.log_this_term()
        pairing_up.let_checks_lapse()
        room = Room(*shared)
        room.open()
        Programme(*shared, pairing_up.helpers, room.home).hold()
        families.leave()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # all is told in one transaction, of whose rows the planner knows nothing yet
        reporting.set_up_group(community, worker, self.invented, self.days)
        room.give_in_charge()
        return room

    def _report(self, period):
        for place in PLACES:
            quarters.report(period, place, self.divisions[place.code], self.people)

    def _date_back(self):
        """Columns that the acts stamp with the present, brought to the days of the story."""
        now = Value(timezone.now(), DateTimeField())

        def evening(day):
            return Least(Cast(day, DateTimeField()) + Value(dt.timedelta(hours=11)), now)

        session_day = Session.objects.filter(pk=OuterRef("session")).values("day")[:1]
        Attendance.objects.update(marked_at=evening(Subquery(session_day, output_field=DateField())))
        CarerAttendance.objects.update(noted_at=evening(Subquery(session_day, output_field=DateField())))
        Session.objects.exclude(recorded_at=None).update(recorded_at=evening(F("day")))
        Contact.objects.update(created_at=evening(F("made_on")))
        Child.objects.update(created_at=evening(F("registered_on")))
        registered = Child.objects.filter(household=OuterRef("pk")).values("registered_on")[:1]
        Household.objects.update(created_at=evening(Subquery(registered, output_field=DateField())))
        Away.objects.exclude(since=None).update(reported_on=Least(F("since") + 20, self.days.today))
        Away.objects.update(noted_at=evening(F("reported_on")))

    def _register_twice(self):
        """In the first community, in one of its street, and in one of another street."""
        home, sister, far, *_rest = [(self.divisions[place.code], self.people[place.worker]) for place in PLACES]
        register_twice(home, [sister, far])

    def _refer_and_raise(self):
        director, counsellor = self.people["director"], self.people[COUNSELLOR.username]
        children = Child.objects.filter(community=PLACES[0].code, left_on=None).order_by("pk")
        for child in children.exclude(grade__in=["PRE", "K1", "K2", "K3"])[3:12:3]:
            reason = "父母外出后话少，上课走神，请看看。"
            referral = refer(child, counsellor, until=self.days.today + days(120), reason=reason, by=director)
            referral.starts_on = self.days.today - days(21)
            referral.save(update_fields=["starts_on"])
        Concern.raise_for(children[4], what="邻居反映夜里常听到孩子哭，手臂上有淤青，需尽快核实。", by=director)
