"""The comparison of a district's Homes and the plan of its evaluation, at 6 Homes and at 600.

Every Home has been inspected in each of five years, each time against the 49 items of the shipped standard; every
third has a repair overdue. One Home is made and inspected through the acts, and the database repeats its rows.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.population import World as People
from bench.population import copy_rows, person
from bench.turns import asks_of
from communities.models import Division, User
from homes import checking
from homes.models import Answer, Evaluation, EvaluationYear, Home, Inspection, Repair, Standing
from homes.standard_2026 import load_standard

YEARS, STREETS = 5, 6
COMPARISON = reverse("evaluations:comparison")
OVERDUE_EVERY = 3


@dataclass
class World:
    district: User
    street: User
    year: int
    clients: dict[int, Client] = field(default_factory=dict)

    client = People.client


class Question:
    """`who` opens `address`, and sees at least one Home."""

    against = None

    def __init__(self, words, who, address):
        self.words, self.who, self.address = words, who, address

    def ask(self, world):
        answer = world.client(getattr(world, self.who)).get(self.address.format(world=world))
        assert (answer.status_code, b"/homes/" in answer.content) == (200, True), (self.words, answer.status_code)
        return answer


QUESTIONS = [
    Question("by need, district", "district", COMPARISON),
    Question("by score, district", "district", COMPARISON + "?order=rank"),
    Question("street by street, district", "district", COMPARISON + "?show=map"),
    Question("by need, street", "street", COMPARISON),
    Question("street by street, one street", "street", COMPARISON + "?show=map"),
    Question("plan of the year, district", "district", reverse("evaluations:years") + "{world.year}/"),
]


def questions(homes, word):
    return asks_of(QUESTIONS, word, fill_homes(homes))


def fill_homes(homes):
    """So many Homes, spread over six streets of one district."""
    district = Division.objects.create(code="150902", name="集宁区", level="district")
    streets = [f"150902{n:03}" for n in range(1, STREETS + 1)]
    Division.objects.bulk_create(
        Division(code=code, name=f"街道{code}", level="street", parent=district) for code in streets
    )
    places = [f"{streets[n % STREETS]}{n // STREETS + 1:03}" for n in range(homes)]
    Division.objects.bulk_create(
        Division(code=code, name=f"社区{code}", level="community", parent_id=code[:9]) for code in places
    )
    officer, supervisor = (
        person("federation_officer", "150902", "officer"),
        person("street_officer", streets[0], "street"),
    )
    inspected = _inspected(district, places[0], supervisor)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        _repeat(cursor, places, *inspected)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    today = timezone.localdate()
    days = {"self_check_by": today, "inspect_from": today, "inspect_until": today, "decide_by": today}
    year = EvaluationYear.open(district=district, year=today.year, by=officer, **days)
    assert Evaluation.objects.count() == homes and Answer.objects.count() == homes * YEARS * 49
    return World(officer, supervisor, year.pk)


@transaction.atomic
def _inspected(district, community, by):
    """One Home with an inspection and a repair that is overdue."""
    standard = load_standard(district)
    standard.in_force_from = dt.date(2020, 1, 1)
    standard.approve(by=by)
    home = Home.objects.create(
        community_id=community, name="儿童之家", address="1号楼", area=40, opened_on=dt.date(2020, 1, 1)
    )
    check = checking.begin(home, Inspection.Kind.INSPECTION, by=by)
    check = checking.submit(check, by=by)
    repair = Repair.plan(
        check.answers.select_related("inspection", "item").first(),
        what="换灯", owner="某某", due_on=timezone.localdate(), by=by,
    )  # fmt: skip
    days = {"planned_on": timezone.localdate() - dt.timedelta(9), "due_on": timezone.localdate() - dt.timedelta(2)}
    Repair.objects.filter(pk=repair.pk).update(**days)
    return home, check, repair


def _repeat(cursor, places, home, check, repair):
    """n numbers the Homes, y the years back; what was made by hand is n = 0, y = 0. Keys follow from both."""
    cursor.execute(
        "CREATE TEMP TABLE room AS SELECT ordinality - 1 AS n, code FROM unnest(%s::text[]) WITH ORDINALITY AS c(code)",
        [places],
    )
    answers = list(check.answers.order_by("pk").values_list("pk", flat=True))
    cursor.execute("ALTER TABLE homes_answer DISABLE TRIGGER homes_answer_is_fixed")  # copies of what was submitted
    other_homes = "FROM (SELECT n, code FROM room WHERE n > 0) AS room"
    needy_homes = f"FROM (SELECT n, code FROM room WHERE n > 0 AND n %% {OVERDUE_EVERY} = 0) AS room"
    checks = f"FROM (SELECT n, code, y FROM room, generate_series(0, {YEARS - 1}) AS y WHERE n + y > 0) AS room"
    this_year = timezone.localdate().year
    number = f"(room.n * {YEARS} + room.y)"
    on = f"make_date({this_year} - room.y, 6, 1 + room.n::int %% 28)"
    score = "60 + (room.n * 7 + room.y * 3) %% 40"
    grade = f"CASE WHEN {score} >= 90 THEN 'excellent' WHEN {score} >= 70 THEN 'qualified' ELSE 'rectify' END"
    owned = {"community_id": "room.code"}
    of_home = {**owned, "home_id": f"{home.pk} + room.n"}
    of_check = {**of_home, "score": score, "grade": grade}
    copy_rows(cursor, Home, home.pk, other_homes, {**owned, "id": f"{home.pk} + room.n"})
    copy_rows(cursor, Inspection, check.pk, checks, {**of_check, "id": f"{check.pk} + {number}", "submitted_on": on})
    for place, answer in enumerate(answers):
        keys = {"id": f"{answers[-1]} + {number} * {len(answers)} + {place}", "inspection_id": f"{check.pk} + {number}"}
        copy_rows(cursor, Answer, answer, checks, {**owned, **keys})
    standing = {
        **of_check,
        "id": f"{check.standing.pk} + {number}",
        "inspection_id": f"{check.pk} + {number}",
        "year": f"{this_year} - room.y",
        "on": on,
        "bar_count": "CASE room.n %% 5 WHEN 0 THEN 1 ELSE 0 END",
        "low_count": "room.n %% 3",
        "is_latest": "room.y = 0",
    }
    copy_rows(cursor, Standing, check.standing.pk, checks, standing)
    copy_rows(cursor, Repair, repair.pk, needy_homes, {**of_home, "id": f"{repair.pk} + room.n"})
    cursor.execute("ALTER TABLE homes_answer ENABLE TRIGGER homes_answer_is_fixed")
