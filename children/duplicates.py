"""Is this child already on file? Named are only files the person may see; the rest is for the street office."""

from calendar import monthrange
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from children.alike import sound_alike, sound_in_sql, sound_of
from children.models import Child, Likeness
from records.secrets import blind_index

SHOWN_AT_MOST = 100
MONTH = Child.BirthPrecision.MONTH


@dataclass(frozen=True)
class Likely:
    child: Child
    why: str
    newcomer: Child | None = None


def with_same_id(child, community_id):
    """The file in this community that has the same ID number, or None."""
    digest = blind_index(child.id_number, "id_number")
    if not digest:
        return None
    return Child.objects.filter(community_id=community_id, id_number_hash=digest).exclude(pk=child.pk).first()


# While a family is registered -----------------------------------------------------------------------------------------


def likely(newcomers, members, user):
    """Files `user` may see that look like one of the unsaved `newcomers`, with the reason in words."""
    hashes = {blind_index(child.id_number, "id_number") for child in newcomers} - {None}
    born = _born_as([child for child in newcomers if child.birth_date and child.name])
    if not (hashes or born):
        return []
    tells_number = user.sees_in(Child.personal["id_number"])
    condition = Q(id_number_hash__in=hashes) & tells_number.q(Child)
    files = Child.objects.visible_to(user).filter(condition | born, merged_into=None)
    phones = {blind_index(m.adult.phone, "phone") for m in members} - {None}
    fathers = {m.adult.name for m in members if m.relation == "father" and m.adult.name}
    found = []
    for file in files.order_by("pk").prefetch_related("kinships__adult"):
        for child in newcomers:
            digest = blind_index(child.id_number, "id_number") if file.community_id in tells_number else None
            if why := _reason(child, file, digest, phones, fathers):
                found.append(Likely(file, why, child))
                break
    return found[:SHOWN_AT_MOST]


def _born_as(children):
    """The condition of a birth date that contradicts none of these: a date known to the month leaves its day open."""
    agree = Q(birth_date__in={child.birth_date for child in children}) if children else Q()
    for child in children:
        first = child.birth_date.replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        month = Q(birth_date__range=(first, last))
        agree |= month if child.birth_precision == MONTH else month & Q(birth_precision=MONTH)
    return agree


def _births_agree(one, other):
    if MONTH in (one.birth_precision, other.birth_precision):
        return one.birth_date.replace(day=1) == other.birth_date.replace(day=1)
    return one.birth_date == other.birth_date


def why_alike(one, other):
    """The reason two files look like one child, in words; both with their kinships and adults loaded."""
    family = list(one.kinships.all())
    phones = {k.adult.phone_hash for k in family} - {None}
    fathers = {k.adult.name for k in family if k.relation == "father"}
    return _reason(one, other, one.id_number_hash, phones, fathers)


def _reason(child, file, digest, phones, fathers):
    if digest and digest == file.id_number_hash:
        return _("same ID number")
    if not (child.birth_date and _births_agree(child, file)):
        return ""
    if child.name == file.name:
        return _same_name(file, phones, fathers)
    if sound_alike(child.name or "", file.name):
        return _("a name that sounds alike and the same birth date")
    return ""


def _same_name(file, phones, fathers):
    family = file.kinships.all()
    if any(k.adult.phone_hash in phones for k in family if k.adult.phone_hash):
        return _("same name, same birth date and the same phone in the family")
    if any(k.relation == "father" and k.adult.name in fathers for k in family):
        return _("same name, same birth date and a father of the same name")
    return _("same name and same birth date")


# Among the files there are --------------------------------------------------------------------------------------------

# Each question joins by equality, so that PostgreSQL hashes it; only files known to the month look through their month.
ALIKE = """
    WITH file AS MATERIALIZED ({files}),
    pair AS (
        SELECT a.id AS first, b.id AS second FROM file a JOIN file b USING (birth_date, sound) WHERE a.id < b.id
        UNION
        SELECT least(a.id, b.id), greatest(a.id, b.id) FROM file a JOIN file b USING (month, sound)
        WHERE a.birth_precision = 'month' AND a.id <> b.id
        UNION
        SELECT a.id, b.id FROM file a JOIN file b USING (id_number_hash) WHERE a.id < b.id
    )
    SELECT first, second FROM pair
    WHERE NOT EXISTS (SELECT 1 FROM children_likeness l WHERE l.first_id = pair.first AND l.second_id = pair.second)
    ORDER BY first DESC, second DESC LIMIT %s
"""


def pairs_to_review(user):
    """[(older file, newer file, why)] of open files `user` may change that look alike and that nobody compared yet."""
    files = Child.objects.visible_to(user, "change").filter(left_on=None).order_by()
    files = files.annotate(sound=sound_in_sql(), month=TruncMonth("birth_date"))
    columns = ["id", "birth_date", "birth_precision", "month", "id_number_hash", "sound"]
    sql, parameters = files.values(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(ALIKE.format(files=sql), [*parameters, SHOWN_AT_MOST])
        keys = cursor.fetchall()
    wanted = {key for pair in keys for key in pair}
    rows = Child.objects.filter(pk__in=wanted).select_related("community").prefetch_related("kinships__adult")
    found = {child.pk: child for child in rows}
    pairs = [(found[a], found[b], why_alike(found[a], found[b])) for a, b in keys]
    return [pair for pair in pairs if pair[2]]


# In another community -------------------------------------------------------------------------------------------------

# Namesakes are found by district and pinyin, for a birth date known to the month leaves the day open. Names that sound
# alike are found by district and day, and count within one street and with both days known: else many strangers would
# be asked about. Their initials are compared first, which costs less than their sounds.
ELSEWHERE = f"""
    WITH newcomer AS MATERIALIZED (
        SELECT id, community_id, district, birth_date, birth_precision, id_number_hash, name, name_pinyin, name_initials
        FROM children_child WHERE id = ANY(%(new)s) AND left_on IS NULL
    ),
    namesake AS MATERIALIZED (
        SELECT n.id AS new, o.id AS other FROM newcomer n
        JOIN children_child o ON o.district = n.district AND o.name_pinyin = n.name_pinyin AND o.name = n.name
        WHERE o.community_id <> n.community_id AND o.left_on IS NULL
            AND (o.birth_date = n.birth_date
                OR ('month' IN (n.birth_precision, o.birth_precision)
                    AND date_trunc('month', o.birth_date) = date_trunc('month', n.birth_date)))
    )
    SELECT n.id, o.id, 'id_number' FROM newcomer n
    JOIN children_child o ON o.id_number_hash = n.id_number_hash
    WHERE o.community_id <> n.community_id AND o.left_on IS NULL
    UNION ALL
    SELECT new, other, 'family' FROM namesake
    WHERE EXISTS (
        SELECT 1 FROM children_kinship nk JOIN children_adult na ON na.id = nk.adult_id,
            children_kinship ok JOIN children_adult oa ON oa.id = ok.adult_id
        WHERE nk.child_id = new AND ok.child_id = other
            AND (na.phone_hash = oa.phone_hash
                OR (nk.relation = 'father' AND ok.relation = 'father' AND na.name = oa.name)))
    UNION ALL
    SELECT n.id, o.id, 'sound' FROM newcomer n
    JOIN children_child o ON o.district = n.district AND o.birth_date = n.birth_date
    WHERE o.community_id <> n.community_id AND left(o.community_id, 9) = left(n.community_id, 9)
        AND o.left_on IS NULL AND n.birth_precision = 'day' AND o.birth_precision = 'day'
        AND translate(o.name_initials, 'n', 'l') = translate(n.name_initials, 'n', 'l')
        AND {sound_of("o.name_pinyin")} = {sound_of("n.name_pinyin")}
"""
TELLING = {"id_number", "name", "birth_date", "birth_precision"}


def ask_about(new_children, *, by):
    """Ask the street office where one of these just opened files has its like in another community.

    For whoever opens them nothing may come of it. The likenesses that were not asked about before.
    """
    with connection.cursor() as cursor:
        cursor.execute(ELSEWHERE, {"new": list(new_children)})
        found = cursor.fetchall()
    pairs = {}
    for new, other, why in found:
        pairs.setdefault((min(new, other), max(new, other)), why)
    return Likeness.ask(pairs, by=by) if pairs else []


def ask_about_changed(changed, *, by):
    """As `ask_about`, of files that stood there before: {key: names of the fields that changed}."""
    keys = [key for key, fields in changed.items() if not TELLING.isdisjoint(fields)]
    return ask_about(keys, by=by) if keys else []
