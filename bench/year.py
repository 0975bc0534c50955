"""The year of a street of 200 communities: activities with their rolls, schemes, meetings and gifts.

A community that holds anything holds 250 sessions in the year, whatever the number asked: of fewer sessions, fewer of
the communities hold some. One row of each kind is made through the models, and the database repeats it.
"""

import datetime as dt
import io
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from activities.models import (
    Activity,
    Attendance,
    CarerAttendance,
    ChildrenGroup,
    Enrolment,
    PublicityItem,
    Scheme,
    SchemeAction,
    Session,
    Waiting,
)
from bench.population import SIBLINGS, copy_rows, spread
from children.models import Adult, Wish
from communities.models import Decision, Division, LeadingGroupMember, Meeting, User
from gifts.models import Drive, Entry, Gift, GiftLine, Giver, WishCard
from homes.models import Home

STREET, COMMUNITIES = "150902900", 200
SESSIONS, SESSIONS_OF_ONE = 250, 5  # of a community in the year, of an activity
ACTIVITIES = SESSIONS // SESSIONS_OF_ONE
BEGIN = -38  # the week from today in which a community's first activity begins; each week one more begins
CHILDREN, COME = 60, 8  # of a community, of an activity
FAMILIES = CHILDREN // SIBLINGS
SCHEMES, ACTIONS, MEETINGS, GIFTS = 12, 8, 60, 60  # of a community; of a scheme
PUBLICITY, GROUPS, GIVERS, DRIVES, WISHES = 60, 6, 30, 25, 60  # of a community
KINDS = "ARRAY['parent_school', 'club', 'tutoring', 'law']"
AT_HOME = "s.i %% 5 = 0"  # every fifth activity, so that no two of them meet at one Home
THEMES = "ARRAY['moral', 'care', 'habits', 'guardians']"


@dataclass
class World:
    worker: User
    street: User
    community: str
    venue: str
    home: int
    rare_word: str
    client: object

    @property
    def saturday(self):
        """A day on which activities meet, last week."""
        return timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday() + 2)

    @property
    def year_ago(self):
        return timezone.localdate() - dt.timedelta(days=364)


def fill_year(sessions):
    call_command("load_divisions", verbosity=0, stdout=io.StringIO())
    codes = _street()[: max(1, sessions // SESSIONS)]
    world = spread(CHILDREN * len(codes), codes)
    pattern = _pattern(world.child, world.worker)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        _repeat_homes(cursor, pattern, len(codes))
        _repeat_activities(cursor, pattern, len(codes))
        _repeat_rolls(cursor, pattern, world.child.pk, len(codes))
        _repeat_schemes(cursor, pattern, len(codes))
        _repeat_meetings(cursor, pattern, len(codes))
        _repeat_gifts(cursor, pattern, len(codes))
        _repeat_publicity_and_groups(cursor, pattern, len(codes))
        _repeat_wishes(cursor, pattern, world.child.pk, len(codes))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    return World(world.worker, world.street, codes[0], "活动室1", pattern[Home] + 1, "第7号", world.client)


def _street():
    level = Division.Level
    Division.objects.create(code=STREET, name="长街", level=level.STREET, parent_id=STREET[:6])
    codes = [f"{STREET}{number:03}" for number in range(1, COMMUNITIES + 1)]
    rows = [Division(code=code, name=f"{code[9:]}社区", level=level.COMMUNITY, parent_id=STREET) for code in codes]
    Division.objects.bulk_create(rows)
    return codes


def _pattern(child, by):
    """{model: the key of one stored row}. They lie years back, where no question looks."""
    place = {"community_id": child.community_id, "district": child.district}
    day, now = dt.date(2020, 6, 6), timezone.now()
    activity = Activity.objects.create(
        **place, title="旧", kind="club", venue="旧", starts_on=day, ends_on=day, status="finished"
    )
    session = Session.objects.create(
        **place, activity=activity, day=day, starts_at=dt.time(9), ends_at=dt.time(10), venue="旧",
        record="一起唱歌。", recorded_at=now, recorded_by=by,
    )  # fmt: skip
    home = Home.objects.create(**place, name="旧", address="旧", area=30, opened_on=day, closed_on=day)
    adult = Adult.objects.get(kinships__child=child, kinships__is_caregiver=True)
    scheme = Scheme.objects.create(**place, title="旧", starts_on=day, ends_on=day)
    member = LeadingGroupMember.objects.create(**place, name="王书记", position="member", since=day)
    meeting = Meeting.objects.create(**place, kind="study", title="旧", day=day, status="held", held_at=now)
    gift = Gift.objects.create(**place, received_on=day, purpose="旧", handler="甲某", counter="乙某", noted_by=by)
    giver, drive = (
        Giver.objects.create(**place, name="旧"),
        Drive.objects.create(**place, title="旧", starts_on=day, ends_on=day),
    )
    wish = Wish.objects.create(child=child, text="旧", noted_on=day)
    line = GiftLine.objects.create(**place, gift=gift, what="旧", quantity=1, unit="个")
    rows = [
        adult, home, activity, session, scheme, member, meeting, gift, line, giver, drive, wish,
        WishCard.objects.create(**place, wish=wish, text="旧", written_by=by),
        PublicityItem.objects.create(**place, title="旧", channel="poster", made_on=day, noted_by=by, reach=20),
        ChildrenGroup.objects.create(**place, name="旧", grid="旧", place="旧", founded_on=day, ended_on=day),
        Enrolment.objects.create(**place, activity=activity, child=child, joined_on=day, left_on=day),
        Waiting.objects.create(**place, activity=activity, child=child, ended_at=now),
        Attendance.objects.create(
            **place, session=session, child=child, mark="present", marked_by=by, marked_at=now
        ),
        CarerAttendance.objects.create(
            **place, session=session, adult=adult, how="room", line=1, noted_by=by, noted_at=now
        ),
        SchemeAction.objects.create(
            **place, scheme=scheme, title="旧", kind="club", due_on=day, left_out_because="旧"
        ),
        Decision.objects.create(
            **place, meeting=meeting, what="旧", owner=member, due_on=day, status="done", outcome="旧",
            settled_on=day, settled_by=by,
        ),
        Entry.objects.create(**place, line=line, kind="in", quantity=1, on=day, noted_by=by),
    ]  # fmt: skip
    return {type(row): row.pk for row in rows}


def _repeat(cursor, pattern, model, numbered, changed, number="s.n"):
    """Once for each row of `numbered`, which has the number `n` and its community's `code`."""
    changed = {"community_id": "s.code", "id": f"{number} + {pattern[model] + 1}", **changed}
    copy_rows(cursor, model, pattern[model], f"FROM ({numbered}) AS s", changed)


def _of_each(communities, count):
    """`n` numbers all; `i` the one among those of its community."""
    return f"""SELECT g.n, g.n / {communities} AS i, place.n AS at, code
               FROM generate_series(0, {communities * count - 1}) AS g(n)
               JOIN place ON place.n = g.n %% {communities}"""


def _repeat_homes(cursor, pattern, communities):
    _repeat(cursor, pattern, Home, _of_each(communities, 1), {"name": "'之家' || s.n", "closed_on": "NULL"})


def _repeat_activities(cursor, pattern, communities):
    """A community begins one each week, on Saturdays and Sundays in turn, each of five weeks."""
    saturday = timezone.localdate() + dt.timedelta(days=5 - timezone.localdate().weekday())
    begin = f"'{saturday}'::date + 7 * ({BEGIN} + s.i)::int + (s.i %% 2)::int"
    end = f"{begin} + 7 * {SESSIONS_OF_ONE - 1}"
    _repeat(
        cursor, pattern, Activity, _of_each(communities, ACTIVITIES),
        {"title": "'社区活动第' || s.n || '号'", "kind": f"({KINDS})[s.i %% 4 + 1]",
         "theme": f"CASE WHEN s.i %% 4 = 0 THEN ({THEMES})[s.i / 4 %% 4 + 1] ELSE '' END", "capacity": str(COME),
         "audience": "CASE WHEN s.i %% 4 = 0 THEN 'carers' ELSE 'children' END",
         "home_id": f"CASE WHEN {AT_HOME} THEN s.at + {pattern[Home] + 1} END",
         "venue": f"CASE WHEN {AT_HOME} THEN '' ELSE '活动室' || s.i END", "starts_on": begin, "ends_on": end,
         "status": f"CASE WHEN {end} < current_date THEN 'finished' ELSE 'planned' END"},
    )  # fmt: skip
    owner = f"""SELECT a.id * {SESSIONS_OF_ONE} + k AS n, k, a.id AS activity, a.community_id AS code, a.venue,
                       a.home_id, a.starts_on + 7 * k AS day
                FROM activities_activity a, generate_series(0, {SESSIONS_OF_ONE - 1}) AS k
                WHERE a.id > {pattern[Activity]}"""
    is_written = "s.day < current_date AND s.n %% 3 > 0"
    _repeat(
        cursor, pattern, Session, owner,
        {"activity_id": "s.activity", "day": "s.day", "venue": "s.venue", "home_id": "s.home_id",
         "record": f"CASE WHEN {is_written} THEN pattern.record ELSE '' END",
         **{name: f"CASE WHEN {is_written} THEN pattern.{name} END" for name in ("recorded_at", "recorded_by_id")}},
    )  # fmt: skip


def _repeat_rolls(cursor, pattern, first_child, communities):
    """Households of a community are numbered by it; the children of activity i begin at its 7 times i-th."""
    came = f"""SELECT (a.id - {pattern[Activity] + 1}) AS a, a.id AS activity, a.starts_on, a.community_id AS code, k,
                      ((a.id - {pattern[Activity] + 1}) / {communities} * 7 + k) %% {CHILDREN} AS j,
                      (a.id - {pattern[Activity] + 1}) %% {communities} AS at, audience, ends_on
               FROM activities_activity a, generate_series(0, {COME + 1}) AS k WHERE a.id > {pattern[Activity]}"""
    household = f"(j / {SIBLINGS} * {communities} + at)"
    child = f"({household} * {SIBLINGS} + j %% {SIBLINGS} + {first_child + 1})"
    come = f"SELECT a * {COME + 2} + k AS n, x.*, {child} AS child FROM ({came}) AS x WHERE audience = 'children'"
    _repeat(
        cursor, pattern, Enrolment, f"{come} AND k < {COME}",
        {"activity_id": "s.activity", "child_id": "s.child", "joined_on": "s.starts_on", "left_on": "NULL"},
    )  # fmt: skip
    _repeat(
        cursor, pattern, Waiting, f"{come} AND k >= {COME} AND ends_on >= current_date",
        {"activity_id": "s.activity", "child_id": "s.child", "ended_at": "NULL"},
    )  # fmt: skip
    marked = f"""SELECT row_number() OVER () AS n, e.child_id AS child, t.id AS session, t.community_id AS code
                 FROM activities_session t JOIN activities_enrolment e ON e.activity_id = t.activity_id
                 WHERE t.day < current_date AND t.id %% 3 <> 1 AND t.id > {pattern[Session]}"""
    _repeat(cursor, pattern, Attendance, marked, {"session_id": "s.session", "child_id": "s.child"})
    a = f"(t.activity_id - {pattern[Activity] + 1})"
    adult = f"{pattern[Adult] + 1} + ((x.i * 3 + x.k) %% 20) * {communities} + x.at"
    school = f"""SELECT x.*, {adult} AS adult, row_number() OVER () AS n FROM (
                   SELECT t.id AS session, t.community_id AS code, k, {a} / {communities} AS i,
                          {a} %% {communities} AS at
                   FROM activities_session t JOIN activities_activity a ON a.id = t.activity_id
                   CROSS JOIN generate_series(0, 4) AS k
                   WHERE a.kind = 'parent_school' AND t.day < current_date AND t.id %% 3 <> 1) AS x"""
    _repeat(
        cursor, pattern, CarerAttendance, school,
        {"session_id": "s.session", "adult_id": "s.adult", "line": "s.k + 1"},
    )  # fmt: skip


def _repeat_schemes(cursor, pattern, communities):
    _repeat(
        cursor, pattern, Scheme, _of_each(communities, SCHEMES),
        {"title": "'方案' || s.n", "starts_on": "current_date - 30 * s.i::int",
         "ends_on": "current_date + 335 - 30 * s.i::int"},
    )  # fmt: skip
    actions = f"""SELECT n * {ACTIONS} + q AS n, q, i, n AS scheme, at, code
                  FROM ({_of_each(communities, SCHEMES)}) AS x, generate_series(0, {ACTIONS - 1}) AS q"""
    activity = f"((s.i * 4 + s.q) * {communities} + s.at + {pattern[Activity] + 1})"
    _repeat(
        cursor, pattern, SchemeAction, actions,
        {"scheme_id": f"s.scheme + {pattern[Scheme] + 1}", "title": "'行动' || s.q", "left_out_because": "''",
         "due_on": "current_date - 30 * s.i::int + 30 * s.q", "activity_id": f"CASE WHEN s.q < 4 THEN {activity} END"},
    )  # fmt: skip


def _repeat_meetings(cursor, pattern, communities):
    _repeat(cursor, pattern, LeadingGroupMember, _of_each(communities, 1), {})
    _repeat(
        cursor, pattern, Meeting, _of_each(communities, MEETINGS),
        {"title": "'研究会' || s.n", "day": f"current_date - (s.i * 365 / {MEETINGS})::int"},
    )  # fmt: skip
    decided = f"""SELECT n * 2 + q AS n, q, i, n AS meeting, at, code
                  FROM ({_of_each(communities, MEETINGS)}) AS x, generate_series(0, 1) AS q"""
    _repeat(
        cursor, pattern, Decision, decided,
        {"meeting_id": f"s.meeting + {pattern[Meeting] + 1}", "what": "'落实' || s.n",
         "owner_id": f"s.at + {pattern[LeadingGroupMember] + 1}", "due_on": "current_date - 3 * s.i::int + 30",
         "status": "CASE s.q WHEN 0 THEN 'open' ELSE 'done' END",
         "outcome": "CASE s.q WHEN 0 THEN '' ELSE '好' END",
         **{name: f"CASE s.q WHEN 1 THEN pattern.{name} END" for name in ("settled_on", "settled_by_id")}},
    )  # fmt: skip


def _repeat_gifts(cursor, pattern, communities):
    _repeat(cursor, pattern, Giver, _of_each(communities, GIVERS), {"name": "'热心人' || s.n || '号'"})
    _repeat(
        cursor, pattern, Drive, _of_each(communities, DRIVES),
        {"title": "'捐助' || s.n", "starts_on": "current_date - 60 * s.i::int",
         "ends_on": "current_date - 60 * s.i::int + 30"},
    )  # fmt: skip
    _repeat(
        cursor, pattern, Gift, _of_each(communities, GIFTS),
        {"purpose": "'新学期'", "received_on": f"current_date - (s.i * 365 / {GIFTS})::int",
         "giver_id": f"(s.i %% {GIVERS}) * {communities} + s.at + {pattern[Giver] + 1}",
         "drive_id": f"(s.i %% {DRIVES}) * {communities} + s.at + {pattern[Drive] + 1}"},
    )  # fmt: skip
    _repeat(
        cursor, pattern, GiftLine, _of_each(communities, GIFTS),
        {"gift_id": f"s.n + {pattern[Gift] + 1}", "what": "'书包' || s.n", "quantity": "20", "remaining": "0",
         "expires_on": "CASE WHEN s.i %% 5 > 2 THEN current_date + (s.i %% 28)::int END"},
    )  # fmt: skip
    moved = f"""SELECT n * 2 + q AS n, q, i, n AS line, code
                FROM ({_of_each(communities, GIFTS)}) AS x, generate_series(0, 1) AS q ORDER BY q"""
    _repeat(
        cursor, pattern, Entry, moved,
        {"line_id": f"s.line + {pattern[GiftLine] + 1}", "kind": "CASE s.q WHEN 0 THEN 'in' ELSE 'off' END",
         "quantity": "CASE s.q WHEN 0 THEN 20 ELSE -5 END", "why": "CASE s.q WHEN 0 THEN '' ELSE '受潮' END",
         "handler": "CASE s.q WHEN 0 THEN '' ELSE '甲某' END", "counter": "CASE s.q WHEN 0 THEN '' ELSE '乙某' END",
         "on": f"current_date - (s.i * 365 / {GIFTS})::int"},
    )  # fmt: skip


def _repeat_publicity_and_groups(cursor, pattern, communities):
    _repeat(
        cursor, pattern, PublicityItem, _of_each(communities, PUBLICITY),
        {"title": "'宣传' || s.n", "made_on": f"current_date - (s.i * 365 / {PUBLICITY})::int"},
    )  # fmt: skip
    _repeat(
        cursor, pattern, ChildrenGroup, _of_each(communities, GROUPS),
        {"name": "'小队' || s.n", "founded_on": "current_date - 90", "ended_on": "NULL"},
    )  # fmt: skip


def _repeat_wishes(cursor, pattern, first_child, communities):
    """Of each child one; every other one has its card, and of those every other one is shown to givers."""
    household = f"(s.i / {SIBLINGS} * {communities} + s.at)"
    child = f"{household} * {SIBLINGS} + s.i %% {SIBLINGS} + {first_child + 1}"
    rows = _of_each(communities, WISHES)
    _repeat(
        cursor, pattern, Wish, rows,
        {"child_id": child, "text": "'想要书包' || s.n", "noted_on": "current_date - s.i::int"},
    )  # fmt: skip
    _repeat(
        cursor, pattern, WishCard, f"SELECT * FROM ({rows}) AS x WHERE i %% 2 = 0",
        {"wish_id": f"s.n + {pattern[Wish] + 1}", "text": "'想要书包' || s.n",
         "status": "CASE s.i %% 4 WHEN 0 THEN 'shown' ELSE 'written' END",
         "shown_on": "CASE s.i %% 4 WHEN 0 THEN current_date END"},
    )  # fmt: skip
