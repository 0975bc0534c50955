"""A district of the shipped county with as many children as asked, spread evenly over its communities.

One family is made through the models; the database repeats its rows, so that a million take minutes and every column,
whenever one is added, has a value. Names come from a pool, in an order that is the same in every run.
"""

import datetime as dt
import io
import itertools
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from children.models import Adult, Away, Child, Household, Kinship
from children.names import grams, initials, pinyin
from communities.identity import check_character
from communities.models import Division, Posting, User
from guardianship.models import Letter
from guardianship.models.letter import PASSED

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "明敏梅芳伟强杰雪", "华涵浩静丽娟艳然怡晨曦宇"  # so few that a search fills a page at ten thousand already
REGISTERED = dt.date(2026, 3, 1)
BORN = dt.date(2013, 6, 1)
SIBLINGS = 2  # children to a household


@dataclass
class World:
    worker: User
    street: User
    officer: User
    child: Child
    id_number: str
    clients: dict[int, Client] = field(default_factory=dict)

    def client(self, user):
        """The person's browser, signed in once."""
        if user.pk not in self.clients:
            client = self.clients[user.pk] = Client()
            client.force_login(user)
            session = client.session
            session["second_factor"] = True
            session.save()
        return self.clients[user.pk]


def fill(children, every=1):
    """Spread over the communities of the district, or over one in so many."""
    call_command("load_divisions", verbosity=0, stdout=io.StringIO())
    communities = list(Division.objects.filter(level="community").order_by("code").values_list("pk", flat=True))
    district = communities[0][:6]
    return spread(children, [code for code in communities if code.startswith(district)][::every])


def spread(children, communities):
    """So many children over these communities; `place` numbers them from 0 for what is filled in beside."""
    pattern, number = family(communities[0])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million rows take longer than any page may
        keep_names(cursor)
        cursor.execute(
            "CREATE TEMP TABLE place AS SELECT row_number() OVER () - 1 AS n, code FROM unnest(%s::text[]) AS code",
            [communities],
        )
        repeat(cursor, pattern, children // SIBLINGS, len(communities))
        cursor.execute("RESET statement_timeout")
    return World(
        worker=person("community_worker", communities[0], "worker"),
        street=person("street_officer", communities[0][:9], "street"),
        officer=person("street_officer", communities[0][:6], "officer"),
        child=pattern[Child],
        id_number=number,
    )


def family(community):
    """One stored family, left behind: {model: its row}, and the child's ID number."""
    digits = f"150902{BORN:%Y%m%d}996"
    number = digits + check_character(digits)
    household = Household.objects.create(community_id=community, address="新体路1号", grid="1号楼")
    child = Child(community_id=community, household=household, number=f"{community}-0", name="欧阳一一", sex="F")
    child.birth_date, child.registered_on, child.school, child.id_number = BORN, REGISTERED, "实验小学", number
    child.save()
    father, mother = (_a_parent(child, *who) for who in (("father", "欧阳建国"), ("mother", "李红")))
    adult = Adult.objects.create(community_id=community, household=household, name="王秀英", phone="13800000000")
    kinship = Kinship.objects.create(
        community_id=community, child=child, adult=adult, relation="grandmother_p", is_caregiver=True
    )
    away = Away.objects.create(community_id=community, adult=adult, since=REGISTERED, reported_on=REGISTERED)
    _entrusted(child, adult, father, mother)
    return {Household: household, Child: child, Adult: adult, Kinship: kinship, Away: away}, number


def _a_parent(child, relation, name):
    """At work in another province; of this family alone."""
    owned = {"community_id": child.community_id}
    adult = Adult.objects.create(**owned, household=child.household, name=name, phone="13800000000")
    Kinship.objects.create(**owned, child=child, adult=adult, relation=relation)
    Away.objects.create(**owned, adult=adult, since=REGISTERED, reported_on=REGISTERED, place="广东深圳")
    return adult


def _entrusted(child, caregiver, father, mother):
    """The letter by which the parents entrust their child, in force."""
    day = timezone.localdate()
    return Letter.objects.create(
        community_id=child.community_id,
        child=child,
        father=father,
        mother=mother,
        caregiver=caregiver,
        status=Letter.Status.SIGNED,
        starts_on=day,
        ends_on=day.replace(year=day.year + 1, day=1),
        **PASSED,
        promises_contact=True,
        signed_on=day,
        father_was_away=True,
        mother_was_away=True,
        prepared_by=User.objects.create_user("bench-letters", "某某"),
    )


def keep_names(cursor):
    cursor.execute("CREATE TEMP TABLE called (n int PRIMARY KEY, name text, spoken text, letters text, grams text[])")
    names = ("".join(parts) for parts in itertools.product(SURNAMES, *GIVEN))
    rows = [(n, name, pinyin(name), initials(name)) for n, name in enumerate(names)]
    cursor.executemany(
        "INSERT INTO called VALUES (%s, %s, %s, %s, %s)",
        [(n, name, spoken, letters, grams(name, spoken, letters)) for n, name, spoken, letters in rows],
    )


def repeat(cursor, pattern, households, communities):
    """Write so many families like the pattern's; h numbers households, c children. Keys follow from both."""
    base = {model: row.pk for model, row in pattern.items()}
    home = f"h.n + {base[Household] + 1}"
    child = f"c.n + {base[Child] + 1}"
    adult = f"h.n + {base[Adult] + 1}"
    place = f"JOIN place ON place.n = h.n %% {communities}"
    homes = f"FROM generate_series(0, {households - 1}) AS h(n) {place}"
    siblings = f"(SELECT h.n * {SIBLINGS} + s AS n FROM generate_series(0, {SIBLINGS - 1}) AS s)"
    each_child = f"{homes} CROSS JOIN LATERAL {siblings} AS c"
    owned = {"community_id": "place.code"}
    called = "JOIN called ON called.n = (c.n::bigint * 7919) %% (SELECT count(*) FROM called)"
    copies = [
        (Household, homes, {**owned, "id": home, "grid": "(h.n %% 40 + 1) || '号楼'"}),
        (Adult, homes, {**owned, "id": adult, "household_id": home, "phone_hash": "md5(h.n::text)"}),
        (
            Child,
            f"{each_child} {called}",
            {
                **owned,
                "id": child,
                "household_id": home,
                "number": "place.code || '-' || (c.n + 1)",
                "name": "called.name",
                "name_pinyin": "called.spoken",
                "name_initials": "called.letters",
                "name_grams": "called.grams",
                "birth_date": f"'{BORN}'::date + (c.n %% 3000)",
                "sex": "CASE c.n %% 2 WHEN 0 THEN 'M' ELSE 'F' END",
                "id_number_hash": "md5(c.n::text) || md5(c.n::text)",
                "id_number_last4": "lpad((c.n %% 10000)::text, 4, '0')",
            },
        ),
        (Kinship, each_child, {**owned, "id": f"c.n + {base[Kinship] + 1}", "child_id": child, "adult_id": adult}),
        (Away, homes, {**owned, "id": f"h.n + {base[Away] + 1}", "adult_id": adult}),
    ]
    for model, source, changed in copies:
        copy_rows(cursor, model, base[model], source, changed)


def copy_rows(cursor, model, key, source, changed):
    """Insert the row `key` of `model` once for each row of `source`, with some columns computed."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    assert set(changed) <= set(columns), set(changed) - set(columns)
    values = ", ".join(changed.get(name, f'pattern."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} {source}, "{table}" pattern WHERE pattern.id = %s', [key]
    )
    cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))", [table])


def person(role, code, name):
    user = User.objects.create_user(f"bench-{name}", "某某")
    Posting.objects.create(user=user, role=role, division_id=code, starts_on=dt.date(2020, 1, 1))
    return user
