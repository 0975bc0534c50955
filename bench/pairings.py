"""Pairings with the five ones of two terms and the contacts that fulfilled them, beside the families of `population`.

One row of each kind is made through the models, and the database repeats it, as `population` does with families.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from bench.population import copy_rows, fill
from communities.models import Term, User
from volunteers import totals
from volunteers.kinds import DutyKind
from volunteers.models import Contact, ContactDuty, Duty, Pairing, Team, TeamMember, Volunteer

CHILDREN_OF_A_HELPER = 3
EVERY = 6  # one in so many communities has pairings, so that few fill a page of each already
DUE_IN = [-30, -10, -3, 10, 40]  # days from today to the last day of each of the five, in the term that runs
SPREAD = 7  # days over which those last days lie
DONE_OF = [5, 0, 5, 5, 2, 1, 5, 2, 5, 3]  # of the five, by the pairing's last digit; the rest of its 5 contacts before
KINDS = ", ".join(f"'{kind}'" for kind in DutyKind.values)


@dataclass
class World:
    worker: User
    street: User
    district: User
    community: str
    street_code: str
    now: Term
    before: Term
    helper: Volunteer
    team: Team
    client: object


def fill_board(pairings):
    world = fill(pairings // 2, EVERY)
    today, child = timezone.localdate(), world.child
    before, now = (
        Term.objects.create(
            district_id=child.district,
            school_year=2025,
            kind=kind,
            starts_on=today + dt.timedelta(days=begins),
            ends_on=today + dt.timedelta(days=ends),
        )
        for kind, begins, ends in (("autumn", -260, -101), ("spring", -100, 60))
    )
    pattern = _pattern(child, world.worker, now)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT count(*) FROM place")
        _repeat(cursor, pattern, pairings, cursor.fetchone()[0], now, before)
        _leave_out(pattern)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    for term in (before, now):
        totals.count(term)
    helper = Volunteer.objects.filter(community=child.community_id, pairings__status="active").order_by("pk").first()
    return World(
        worker=world.worker,
        street=world.street,
        district=world.officer,
        community=child.community_id,
        street_code=child.community_id[:9],
        now=now,
        before=before,
        helper=helper,
        team=_team(child.community_id),
        client=world.client,
    )


def _pattern(child, worker, term):
    """{model: one stored row}: a helper, the pairing, a duty done, its contact and the line between them."""
    place = {"community_id": child.community_id, "district": child.district}
    long_ago = timezone.localdate() - dt.timedelta(days=300)
    helper = Volunteer.objects.create(
        **place, name="王爱华", sex="F", kinds=["loving_mother", "acting_parent"], phone="15412345678", capacity=5,
        joined_on=long_ago, cleared_until=timezone.localdate() + dt.timedelta(days=200),
    )  # fmt: skip
    pairing = Pairing.objects.create(
        **place, child=child, volunteer=helper, kind="tutor", status="active", guardian_agreed="李红",
        guardian_agreed_on=long_ago, child_opinion="agrees", card_signed_on=long_ago, starts_on=long_ago,
    )  # fmt: skip
    duty = Duty.objects.create(
        **place, pairing=pairing, term=term, kind="visit", opens_on=term.starts_on, due_on=term.ends_on,
    )  # fmt: skip
    contact = Contact.objects.create(
        **place, volunteer=helper, made_on=long_ago, kinds=["visit"], note="很好。", created_by=worker
    )
    line = ContactDuty.objects.create(**place, contact=contact, pairing=pairing, kind="visit", made_on=long_ago)
    return {Volunteer: helper, Pairing: pairing, Duty: duty, Contact: contact, ContactDuty: line}


def _leave_out(pattern):
    """The patterns themselves take no part."""
    ContactDuty.objects.filter(pk=pattern[ContactDuty].pk).delete()
    Contact.objects.filter(pk=pattern[Contact].pk).delete()
    Duty.objects.filter(pk=pattern[Duty].pk).delete()
    Pairing.objects.filter(pk=pattern[Pairing].pk).delete()


def _repeat(cursor, pattern, pairings, communities, now, before):
    """p numbers pairings; two of each child, whose household and community follow from the number."""
    base = {model: row.pk for model, row in pattern.items()}
    first_child = pattern[Pairing].child_id + 1
    each = max(1, pairings // CHILDREN_OF_A_HELPER // communities)  # helpers of a community
    owned = {"community_id": "s.code"}
    home = "(p.n / 4)"
    people = f"generate_series(0, {each * communities - 1}) AS h(n)"
    helpers = f"FROM (SELECT h.n, place.code FROM {people} JOIN place ON place.n = h.n / {each}) AS s"
    called = f"(SELECT name FROM called WHERE n = (s.n::bigint * 7919) %% {20 * 24 * 24})"
    copy_rows(
        cursor, Volunteer, base[Volunteer], helpers,
        {**owned, "id": f"s.n + {base[Volunteer] + 1}", "name": f"COALESCE({called}, pattern.name)",
         "phone_hash": "md5(s.n::text)"},
    )  # fmt: skip
    done = f"(ARRAY{DONE_OF})[p.n %% 10 + 1]"
    numbered = f"""
        SELECT p.n, {done} AS done, place.code,
               {base[Volunteer] + 1} + place.n * {each} + ({home} / {communities}) %% {each} AS helper
        FROM generate_series(0, {pairings - 1}) AS p(n) JOIN place ON place.n = {home} %% {communities}"""
    due = f"current_date + (ARRAY{DUE_IN})[s.done + 1] + (s.n %% {SPREAD})::int"
    copy_rows(
        cursor, Pairing, base[Pairing], f"FROM ({numbered}) AS s",
        {**owned, "id": f"s.n + {base[Pairing] + 1}", "child_id": f"s.n / 2 + {first_child}",
         "volunteer_id": "s.helper",
         "kind": "CASE s.n %% 2 WHEN 0 THEN 'loving_mother' ELSE 'acting_parent' END",
         "card_code": "lpad(s.n::text, 16, 'B')", "next_due_on": due,
         "missing": f"(ARRAY[{KINDS}]::varchar[])[s.done + 1:5]"},
    )  # fmt: skip
    _repeat_duties(cursor, base, numbered, now, before)
    done_duties = f"""
        SELECT d.*, p.volunteer_id, p.community_id AS code,
               (d.id - {base[Duty] + 1}) AS n FROM volunteers_duty d JOIN volunteers_pairing p ON p.id = d.pairing_id
        WHERE d.done_on IS NOT NULL"""
    copy_rows(
        cursor, Contact, base[Contact], f"FROM ({done_duties}) AS s",
        {**owned, "id": f"s.n + {base[Contact] + 1}", "volunteer_id": "s.volunteer_id", "made_on": "s.done_on",
         "kinds": "ARRAY[s.kind]"},
    )  # fmt: skip
    copy_rows(
        cursor, ContactDuty, base[ContactDuty], f"FROM ({done_duties}) AS s",
        {**owned, "id": f"s.n + {base[ContactDuty] + 1}", "contact_id": f"s.n + {base[Contact] + 1}",
         "pairing_id": "s.pairing_id", "duty_id": "s.id", "kind": "s.kind", "made_on": "s.done_on"},
    )  # fmt: skip


def _repeat_duties(cursor, base, numbered, now, before):
    """Five in each of two terms; `t` is 0 in the term that runs, k numbers the kinds in the order they fall due."""
    owed = f"""
        SELECT p.*, t, k, CASE t WHEN 0 THEN k < p.done ELSE k < 5 - p.done END AS is_done,
               CASE t WHEN 0 THEN current_date + (ARRAY{DUE_IN})[k + 1] + (p.n %% {SPREAD})::int
                      ELSE '{before.ends_on}'::date - 25 * (4 - k) END AS due
        FROM ({numbered}) AS p, generate_series(0, 1) AS t, generate_series(0, 4) AS k"""
    copy_rows(
        cursor, Duty, base[Duty], f"FROM ({owed}) AS s",
        {"community_id": "s.code", "id": f"s.n * 10 + s.t * 5 + s.k + {base[Duty] + 1}",
         "pairing_id": f"s.n + {base[Pairing] + 1}", "term_id": f"CASE s.t WHEN 0 THEN {now.pk} ELSE {before.pk} END",
         "kind": f"(ARRAY[{KINDS}])[s.k + 1]", "due_on": "s.due", "done_on": "CASE WHEN s.is_done THEN s.due - 5 END",
         "opens_on": f"CASE s.t WHEN 0 THEN '{now.starts_on}'::date ELSE '{before.starts_on}'::date END"},
    )  # fmt: skip


def _team(community):
    team = Team.objects.create(community_id=community, name="爱心志愿服务队")
    helpers = Volunteer.objects.filter(community=community).order_by("pk")[:20]
    TeamMember.objects.bulk_create(
        TeamMember(team=team, volunteer=helper, community_id=community, district=community[:6]) for helper in helpers
    )
    return team
