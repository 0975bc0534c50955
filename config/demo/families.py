"""The families of a community: who is away, who came from elsewhere, who looks after whom."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from children.closing import leave_register
from children.consenting import give_consent
from children.intake import FamilyMember, register_household
from children.models import Adult, Child, Consent, Household, Kinship
from children.places import place_words
from children.status import age_on
from config.demo.days import days
from config.demo.invented import COUNTIES_OF_ORIGIN, PLACES_OF_WORK


class Fate(StrEnum):
    BOTH_AWAY = "both_away"
    ONE_UNABLE = "one_unable"  # one parent away, the other ill, in prison or gone
    ONE_AWAY = "one_away"
    JUST_LEFT = "just_left"
    MIGRANT = "migrant"
    RETURNED = "returned"


# One household a line: what happened, and how old the children are.
HOUSEHOLDS = [
    (Fate.BOTH_AWAY, (8, 6)),
    (Fate.BOTH_AWAY, (11,)),
    (Fate.MIGRANT, (7,)),
    (Fate.BOTH_AWAY, (13, 10)),
    (Fate.ONE_UNABLE, (9,)),
    (Fate.BOTH_AWAY, (5,)),
    (Fate.BOTH_AWAY, (12, 9, 4)),
    (Fate.ONE_AWAY, (10, 7)),
    (Fate.BOTH_AWAY, (14,)),
    (Fate.MIGRANT, (11, 8)),
    (Fate.BOTH_AWAY, (7, 3)),
    (Fate.BOTH_AWAY, (15,)),
    (Fate.BOTH_AWAY, (10,)),
    (Fate.MIGRANT, (5, 3)),
    (Fate.BOTH_AWAY, (13,)),
    (Fate.ONE_UNABLE, (12, 8)),
    (Fate.BOTH_AWAY, (16, 11)),
    (Fate.BOTH_AWAY, (6,)),
    (Fate.MIGRANT, (13,)),
    (Fate.JUST_LEFT, (9,)),
    (Fate.BOTH_AWAY, (8,)),
    (Fate.BOTH_AWAY, (17, 14)),
    (Fate.RETURNED, (10,)),
    (Fate.MIGRANT, (9, 6)),
    (Fate.BOTH_AWAY, (12,)),
    (Fate.BOTH_AWAY, (2,)),
]
NEW_IN = {19: "now", 20: "last", 12: "last", 25: "last", 13: "before_last", 17: "before_last", 24: "before_last"}
LEFT = {22: Child.LeftReason.PARENT_RETURNED, 14: Child.LeftReason.MOVED_OUT}
CARERS = ["grandmother_p", "grandmother_p", "grandfather_p", "grandmother_m", "grandmother_m", "uncle_aunt"]
MEN = {"father", "grandfather_p", "grandfather_m"}
ON_MOTHERS_SIDE = {"mother", "grandmother_p", "grandmother_m", "uncle_aunt"}  # another surname than the father's
UNABLE = ["长期患病", "残疾", "失去联系", "服刑"]


@dataclass
class Families:
    """Registers the families of one place, one after the other."""

    place: object
    community: object
    worker: object
    days: object
    invented: object

    def register(self):
        for number, (fate, ages) in enumerate(HOUSEHOLDS):
            self._household(number, fate, ages)

    def _household(self, number, fate, ages):
        chance, surname = self.invented.chance, self.invented.surname()
        is_mongol = number % 9 == 3
        born = [self._birth_date(age, number) for age in ages]
        registered = self._registered_on(number, born)
        children = [self._child(number, fate, day, surname, is_mongol, registered) for day in born]
        household = Household(
            address=f"{self.place.short}路{chance.randint(1, 60)}号院{chance.randint(1, 9)}号楼",
            grid=f"第{'一二三四'[number % 4]}网格",
            is_low_income=number % 7 == 4,
            income_source=chance.choice(["外出务工", "外出务工", "务农", "打零工", "个体经营"]),
        )
        if self.place.files_complete or number % 10 != 7:
            for child in children:
                child.registered_address = self._registered_address(child, household, surname)
        members = self._adults(number, fate, surname, born, registered)
        register_household(household, children, members, community=self.community, by=self.worker)

    def _registered_address(self, child, household, surname):
        if child.registered_county == "150902":
            return household.address
        return f"{place_words(child.registered_county[:4])}{surname}家庄"

    def _birth_date(self, age, number):
        today = self.days.today
        if age == 15 and self.place.worker == "director":
            return _same_day(today + days(12), 16)  # turns 16 soon
        latest, earliest = _same_day(today, age) - days(3), _same_day(today, age + 1) + days(20)
        return self.invented.day(earliest, latest)

    def _registered_on(self, number, born):
        spans = {
            "now": (self.days.last.end + days(1), self.days.today),
            "last": (self.days.last.start + days(2), self.days.last.end - days(25)),
            "before_last": (self.days.before_last.start + days(2), self.days.before_last.end - days(10)),
        }
        first = self.days.before_last.start
        span = spans.get(NEW_IN.get(number, ""), (first - days(700), first - days(240)))
        return max(self.invented.day(*span), max(born) + days(60))

    def _child(self, number, fate, born, surname, is_mongol, registered):
        chance, complete = self.invented.chance, self.place.files_complete
        sex = chance.choice("MF")
        is_migrant = fate == Fate.MIGRANT
        county = COUNTIES_OF_ORIGIN[number % len(COUNTIES_OF_ORIGIN)] if is_migrant else "150902"
        by_month = not complete and chance.random() < 0.04
        without_id = by_month or (not complete and chance.random() < 0.05)
        grade = _grade(age_on(born, dt.date(self.days.grade_year, 8, 31)))
        child = Child(
            name=self._name(surname, sex, is_mongol),
            sex=sex,
            birth_date=born.replace(day=1) if by_month else born,
            birth_precision="month" if by_month else "day",
            ethnicity="02" if is_mongol else chance.choices(["01", "11", "03"], [90, 6, 4])[0],
            id_number="" if without_id else self.invented.id_number(county, born, sex),
            registered_county=county,
            came_on=registered - days(chance.randint(200, 900)) if is_migrant else None,
            reported_as="migrant" if is_migrant else "left_behind",
            grade=grade,
            registered_on=registered,
            school_since=dt.date(self.days.grade_year, 9, 1) if grade != "PRE" else None,
            health="健康",
            is_immunised=True if complete or chance.random() < 0.93 else None,
            hobbies=self.invented.some(Child.Hobby.values, 3) or (["reading"] if complete else []),
            guardianship_quality=self._quality(fate, number),
        )
        if child.came_on is not None:
            child.came_on = max(child.came_on, born)
        self._send_to_school(child, grade)
        if number == 4:
            child.disability_type, child.disability_level, child.health = "hearing", 3, "佩戴助听器"
        elif number == 12:
            child.illness, child.health = "哮喘", "需随身带药"
        return child

    def _name(self, surname, sex, is_mongol):
        return (is_mongol and self.invented.mongol_name(sex)) or self.invented.child_name(surname, sex)

    def _send_to_school(self, child, grade):
        schools = {"K": self.place.kindergarten, "P": "", "G": self.place.primary}
        child.school = schools[grade[0]]
        if grade in ("G7", "G8", "G9"):
            child.school = self.place.junior
        elif grade in ("G10", "G11", "G12"):
            child.school = self.place.senior
        child.is_boarding = grade in ("G8", "G9", "G10", "G11", "G12") and self.invented.chance.random() < 0.5
        if grade[0] == "G":
            child.class_teacher = self.invented.surname() + "老师"
            child.class_teacher_phone = self.invented.phone()

    def _quality(self, fate, number):
        if fate == Fate.ONE_UNABLE:
            return Child.Quality.POOR if number == 4 else Child.Quality.FAIR
        if not self.place.files_complete and number == 10:
            return ""
        return self.invented.chance.choices(["good", "fair", "poor"], [55, 40, 5])[0]

    def _adults(self, number, fate, surname, born, registered):
        chance, youngest = self.invented.chance, max(born)
        father, mother = self._adult("father", surname), self._adult("mother", surname)
        members = [father, mother]
        if fate in (Fate.BOTH_AWAY, Fate.ONE_UNABLE, Fate.ONE_AWAY):
            since = self.invented.day(
                max(youngest + days(40), registered - days(800)), max(youngest + days(50), registered - days(185))
            )
            self._send_away(father, since)
        if fate == Fate.BOTH_AWAY:
            same = chance.random() < 0.6
            self._send_away(mother, since if same else min(since + days(chance.randint(5, 60)), self.days.today))
            mother.away_place = father.away_place if same else mother.away_place
        elif fate == Fate.ONE_UNABLE:
            mother.adult.unable_since, mother.adult.unable_reason = since, UNABLE[number % len(UNABLE)]
        elif fate == Fate.JUST_LEFT:
            for parent in members:
                self._send_away(parent, self.days.today - days(chance.randint(30, 100)))
        if fate in (Fate.ONE_AWAY, Fate.MIGRANT, Fate.RETURNED):
            mother.is_caregiver = True
        elif number != 24 or self.place.worker != "director":  # there nobody is on file yet
            carer = self._adult(CARERS[number % len(CARERS)], surname)
            carer.is_caregiver = True
            members.append(carer)
        return members

    def _adult(self, relation, surname):
        sex = "M" if relation in MEN else "F"
        name = self.invented.adult_name(sex, None if relation in ON_MOTHERS_SIDE else surname)
        return FamilyMember(Adult(name=name, phone=self.invented.phone()), relation)

    def _send_away(self, member, since):
        place = self.invented.chance.choice(PLACES_OF_WORK)
        member.is_away, member.away_since, member.away_place = True, since, place

    def agree(self, share=0.4):
        """Guardians agree to the file, some to photos, fewer to publicity; to sharing where there is a helper."""
        kin = Kinship.objects.filter(community=self.community).order_by("child", "is_caregiver", "-pk")
        self._guardians = dict(kin.values_list("child", "adult__name"))  # whoever cares for the child comes last
        for child in self._children():
            self.consent(child, Consent.Purpose.PROCESSING)
            roll = self.invented.chance.random()
            if roll < share:
                self.consent(child, Consent.Purpose.PHOTO)
            if roll < share / 3:
                self.consent(child, Consent.Purpose.PUBLICITY)

    def consent(self, child, purpose):
        on = min(child.registered_on + days(3), self.days.today)
        give_consent(child, purpose, given_by=self._guardians[child.pk], on=on, by=self.worker)

    def leave(self):
        """Two families are no longer on the register; one of them left in each quarter reported."""
        children = self._children()
        households = sorted({child.household_id for child in children})
        for number, reason in LEFT.items():
            on = self.days.last.start + days(20 + number) if number == 22 else self.days.before_last.end - days(9)
            for child in [c for c in children if c.household_id == households[number]]:
                if not child.pairings.exclude(status="ended").exists():
                    leave_register(child, on=max(on, child.registered_on), reason=reason, by=self.worker)

    def _children(self):
        return list(Child.objects.filter(community=self.community).order_by("household", "pk"))


def _same_day(day, years_before):
    try:
        return day.replace(year=day.year - years_before)
    except ValueError:
        return day.replace(year=day.year - years_before, day=28)


def _grade(age_in_september):
    if age_in_september < 3:
        return "PRE"
    return f"K{age_in_september - 2}" if age_in_september < 6 else f"G{min(age_in_september - 5, 12)}"
