"""Who is on file twice: adults of one household who look like one person, households that look like one family.

Told by the same signs as while a family is registered (`children.families_on_file`); in one household the same name
alone tells as well. What somebody told apart is not asked again (`ToldApart`).
"""

from dataclasses import dataclass, field
from itertools import combinations, product

from django.db import connection, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from children.families_on_file import reason_why
from children.importing.facts import UNNAMED
from children.models import Adult, Child, Household, ToldApart
from records.trail import log_act

SHOWN_AT_MOST = 20
CANDIDATES = 1000


@dataclass(frozen=True)
class Twice:
    """Two entries of one adult, the older first, and why they are thought to be one."""

    first: Adult
    second: Adult
    why: str


@dataclass(frozen=True)
class FamilyTwice:
    first: Household
    second: Household
    adults: list[Twice] = field(default_factory=list)


def adults_twice(household, user):
    """The `Twice` among the adults of a household; `user`: a person at its place. A second query where any is found."""
    adults = list(household.adults.defer("phone", "phone_alt", "id_number").order_by("pk"))
    return _not_told_apart(_alike(combinations(adults, 2), user, in_one_household=True))


def adults_of_both(one, other, user):
    """The `Twice` of two households, an adult of each; `user`: a person at their place."""
    adults = [list(household.adults.order_by("pk")) for household in (one, other)]
    return _not_told_apart(_alike(product(*adults), user, in_one_household=False))


def _alike(pairs, user, *, in_one_household):
    tells = (user.sees(Adult.personal["phone"]), user.sees(Adult.personal["id_number"]))
    for one, other in pairs:
        if why := why_one_person(one, other, *tells, in_one_household=in_one_household):
            yield Twice(*sorted((one, other), key=lambda adult: adult.pk), why)


def _not_told_apart(found):
    found = list(found)
    apart = ToldApart.among({a.pk for one in found for a in (one.first, one.second)}) if found else ()
    return [one for one in found if (one.first.pk, one.second.pk) not in apart]


def why_one_person(one, other, tells_phone, tells_number, *, in_one_household=False):
    """In words; None where nothing tells."""
    is_named = one.name not in ("", UNNAMED)
    signs = (one.name if is_named else "", one.phone_hash, one.id_number_hash)
    if reason := reason_why(other, *signs, tells_phone, tells_number):
        return str(reason.label)
    return _("the same name in one household") if in_one_household and is_named and one.name == other.name else None


# Among all households -------------------------------------------------------------------------------------------------

# Each sign joins by equality, so that PostgreSQL hashes it. A phone alone tells nothing: whether two names sound alike
# is asked of the candidates; the same names come first, and only names of one length can.
CANDIDATES_OF = {
    "phone_hash": """
        SELECT a.id AS first, b.id AS second, a.name = b.name AS is_sure FROM phone a JOIN phone b
        USING (community_id, phone_hash)
        WHERE a.id < b.id AND a.household_id <> b.household_id AND char_length(a.name) = char_length(b.name)
    """,
    "id_number_hash": """
        SELECT a.id, b.id, TRUE FROM number a JOIN number b USING (community_id, id_number_hash)
        WHERE a.id < b.id AND a.household_id <> b.household_id
    """,
}
STANDS = """EXISTS (
    SELECT 1 FROM children_child c JOIN children_adult o ON o.household_id = c.household_id
    WHERE o.id = pair.{side} AND c.left_reason NOT IN ('merged', 'erased'))"""
ALIKE = f"""
    WITH {{tables}}, pair AS ({{legs}})
    SELECT first, second FROM pair
    WHERE NOT EXISTS (SELECT 1 FROM children_toldapart t WHERE t.first = pair.first AND t.second = pair.second)
        AND {STANDS.format(side="first")} AND {STANDS.format(side="second")}
    GROUP BY first, second
    ORDER BY bool_or(is_sure) DESC, first DESC, second DESC LIMIT %s
"""


def families_twice(user):
    """The `FamilyTwice` of households in one community that `user` may change, with the adults who tell, at most
    `SHOWN_AT_MOST`; in as many queries however many there are."""
    keys = _candidates(user)
    if not keys:
        return []
    on_file = Child.objects.visible_to(user, "change").standing_for_somebody().order_by("birth_date", "pk")
    rows = Adult.objects.filter(pk__in={key for pair in keys for key in pair}).select_related("household__community")
    rows = rows.prefetch_related(Prefetch("household__children", on_file.defer("name_grams"), to_attr="on_file"))
    adults = {adult.pk: adult for adult in rows.defer("phone", "phone_alt", "id_number")}
    tells = [user.sees_in(Adult.personal[name]) for name in ("phone", "id_number")]
    found: dict[tuple[int, int], FamilyTwice] = {}
    for one, other in ((adults[a], adults[b]) for a, b in keys):
        if why := why_one_person(one, other, *(one.community_id in scope for scope in tells)):
            homes = sorted((one.household, other.household), key=lambda home: home.pk)
            family = found.setdefault((homes[0].pk, homes[1].pk), FamilyTwice(*homes))
            family.adults.append(Twice(one, other, why))
    return list(found.values())[:SHOWN_AT_MOST]


def _candidates(user):
    """[(key, key)] of adults in two households who have an ID number or a phone in common."""
    tables, legs, parameters = [], [], []
    for sign, table in (("phone_hash", "phone"), ("id_number_hash", "number")):
        scope = user.sees_in(Adult.personal[sign])
        rows = Adult.objects.visible_to(user, "change").exclude(**{sign: None}).order_by()
        if sign == "phone_hash":
            rows = rows.exclude(name__in=["", UNNAMED])
        if scope.codes and user.codes_for(Adult, "change"):
            columns = ["id", "community_id", "household_id", "name", sign]
            sql, values = rows.filter(scope.q(Adult)).values(*columns).query.sql_with_params()
            tables.append(f"{table} AS MATERIALIZED ({sql})")
            legs.append(CANDIDATES_OF[sign])
            parameters += values
    if not legs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ALIKE.format(tables=", ".join(tables), legs=" UNION ALL ".join(legs)), [*parameters, CANDIDATES])
        return cursor.fetchall()


@transaction.atomic
def tell_apart(pairs, *, by):
    """Remember of pairs of adults that they are not one person, or not of one family: nobody is asked again."""
    for one, other in pairs:
        ToldApart.note([(one.pk, other.pk)], community_id=one.community_id, by=by)
        log_act(by, "told apart from another entry", one, other=other)
