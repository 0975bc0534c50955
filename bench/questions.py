"""What people ask of the product most, at 10,000 children of a district and at a million.

A question's docstring is its name in the table. `@beside(floor)` names what it is held against: the same rows, fetched
by bare SQL on the same connection.
"""

from django.db import connection
from django.urls import reverse

from bench.population import fill
from bench.turns import asks_of

PAGE = 50  # rows on a page of the register
REGISTER = reverse("admin:children_child_changelist")
ROWS = """SELECT c.id, c.name, c.number, c.sex, c.birth_date, c.school, c.grade, c.left_on, c.guardianship_quality
          FROM children_child c WHERE {condition} ORDER BY c.name_pinyin, c.id LIMIT {limit}"""
FAMILY = """SELECT k.child_id, k.relation, k.is_caregiver, a.name, a.unable_since, w.since, w.until, w.is_other_county
            FROM children_kinship k JOIN children_adult a ON a.id = k.adult_id
            LEFT JOIN children_away w ON w.adult_id = a.id WHERE k.child_id = ANY(%s)"""


class Question:
    def __init__(self, ask, floor=None):
        self.words, self.ask = ask.__doc__, ask
        self.against = ("floor", floor) if floor else None


def beside(floor):
    return lambda ask: Question(ask, floor)


def rows(condition, *values, limit=PAGE):
    """The children shown and what the page says of their families, by two statements and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(condition=condition, limit=limit), values)
        found = cursor.fetchall()
        cursor.execute(FAMILY, [[row[0] for row in found]])
        return found, cursor.fetchall()


ON_REGISTER = "c.registered_on <= current_date AND (c.left_on IS NULL OR c.left_on > current_date)"


def page(world, user, query="", **typed):
    client = world.client(user)
    answer = client.post(REGISTER, typed) if typed else client.get(REGISTER + query)
    assert answer.status_code == 200, answer.status_code
    assert b"result_list" in answer.content, "no row was found"
    return answer


@beside(lambda world: rows(f"{ON_REGISTER} AND c.community_id = %s", world.child.community_id))
def register_of_a_community(world):
    """a community's register"""
    return page(world, world.worker)


@beside(lambda world: rows(f"{ON_REGISTER} AND c.district = '150902'"))
def register_of_the_district(world):
    """the whole district's register"""
    return page(world, world.officer)


@beside(lambda world: rows("c.district = '150902' AND c.name_grams @> ARRAY['明华']::varchar[]"))
def two_characters(world):
    """search: two characters of a name"""
    return page(world, world.officer, "?q=明华")


@beside(lambda world: rows("c.district = '150902' AND c.name_grams @> ARRAY['p:wangming']::varchar[]"))
def by_pinyin(world):
    """search: pinyin"""
    return page(world, world.officer, "?q=wangming")


@beside(lambda world: rows("c.district = '150902' AND c.name_grams @> ARRAY['i:wmh']::varchar[]"))
def by_initials(world):
    """search: initials"""
    return page(world, world.officer, "?q=wmh")


@beside(lambda world: rows("c.id_number_hash = %s", world.child.id_number_hash))
def by_id_number(world):
    """search: an ID number"""
    return page(world, world.officer, q=world.id_number)


@Question
def start_page(world):
    """the worker's start page"""
    answer = world.client(world.worker).get("/", follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer


@Question
def start_page_above(world):
    """the street office's start page"""
    answer = world.client(world.street).get("/", follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer


OF_CHILD, OF_HOME = "WHERE child_id = %(child)s", "WHERE household_id = %(home)s"
FAMILY_ROWS = [
    "SELECT * FROM children_child WHERE id = %(child)s",
    "SELECT * FROM children_household WHERE id = %(home)s",
    f"SELECT * FROM children_child {OF_HOME}",
    f"SELECT * FROM children_kinship {OF_CHILD}",
    f"SELECT * FROM children_adult {OF_HOME}",
    f"SELECT w.* FROM children_away w JOIN children_adult a ON a.id = w.adult_id {OF_HOME}",
]


def _by_key(world, statements):
    keys = {"child": world.child.pk, "home": world.child.household_id, "key": str(world.child.pk)}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, keys)
            cursor.fetchall()


def whole_file(world):
    """The rows that the file's first page tells of, by key."""
    tables = ["earlierleaving", "hardship", "statusreview", "consent", "concern"]
    moves = "SELECT t.* FROM children_transfer t JOIN children_transferline l ON t.id = l.transfer_id"
    trail = "SELECT * FROM records_trailentry WHERE model_label = 'children.child' AND object_key = %(key)s"
    own = [f"SELECT * FROM children_{table} {OF_CHILD}" for table in tables]
    _by_key(world, [*FAMILY_ROWS, *own, f"{moves} {OF_CHILD}", trail])


@beside(whole_file)
def one_file(world):
    """a child's file"""
    answer = world.client(world.worker).get(reverse("children:file", args=[world.child.pk]))
    assert answer.status_code == 200, answer.status_code
    return answer


def family_of_a_file(world):
    """The rows that the file's page of the family tells of, by key."""
    tables = ["letter", "familycontact", "card"]
    _by_key(world, [*FAMILY_ROWS, *(f"SELECT * FROM guardianship_{table} {OF_CHILD}" for table in tables)])


@beside(family_of_a_file)
def family_tab(world):
    """the family in a child's file"""
    answer = world.client(world.worker).get(reverse("children:file", args=[world.child.pk]) + "?tab=family")
    assert answer.status_code == 200, answer.status_code
    assert "李红" in answer.content.decode() and "广东深圳" in answer.content.decode(), "the parents are not shown"
    return answer


ALL = [
    register_of_a_community,
    register_of_the_district,
    two_characters,
    by_pinyin,
    by_initials,
    by_id_number,
    one_file,
    family_tab,
    start_page,
    start_page_above,
]


def questions(children, word):
    world = fill(children)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return asks_of(ALL, word, world)
