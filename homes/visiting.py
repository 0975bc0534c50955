"""The visits of a year's evaluation, planned for many Homes at once; and how Homes are spread over days and people."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from communities.models import Posting, User
from communities.roles import ROLES
from homes.models import Evaluation, Home
from records.exports import LEVELS
from records.lifecycle import Refused
from records.scoping import Scope
from records.trail import log_acts


@dataclass(frozen=True)
class Visit:
    """Who shall inspect a Home, on which day; `seen`: the version of its evaluation (a key) that the planner saw."""

    evaluation: int
    visit_on: dt.date
    inspector: User
    seen: int | None


@transaction.atomic
def plan(visits, *, by):
    """Plan these visits, each as `Evaluation.plan_visit` would; gives {evaluation's key: why not} of the others."""
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("home", "year").order_by("pk")
    found = rows.in_bulk([visit.evaluation for visit in visits])
    refused, planned = {}, []
    for visit in visits:
        now = found[visit.evaluation]
        try:
            now.refuse_unless_seen(visit.seen)
            now.refuse_visit(visit_on=visit.visit_on, inspector=visit.inspector)
        except Refused as refusal:
            refused[now.pk] = refusal.message
            continue
        now.visit_on, now.inspector, now.version = visit.visit_on, visit.inspector, now.version + 1
        planned.append(now)
    Evaluation.objects.bulk_update(planned, ["visit_on", "inspector", "version"])
    codes = {now.pk: now.community_id for now in planned}
    log_acts(by, "planned a visit", Evaluation, codes, fields=["visit_on", "inspector"])
    return refused


@dataclass(frozen=True)
class Waiting:
    """A Home for which somebody is sought: the key of its evaluation, its community, the days that are open to it."""

    key: int
    community: str
    first: dt.date
    last: dt.date


def spread(waiting, days, reach, *, a_day, taken):
    """{key: (day, person)}: each Home in its order on the first of `days` on which somebody who may go still has room.

    `reach`: {person: the `Scope` in which they inspect}; `a_day`: visits that one person makes a day at most; `taken`:
    {(day, person): visits planned already}. Of several people the one goes who has the fewest visits that day, then
    the fewest in all. A Home for which there is no room is absent.
    """
    that_day, in_all, found = Counter(taken), Counter(), {}
    for (_day, person), number in that_day.items():
        in_all[person] += number
    for home in waiting:
        near = [person for person, scope in reach.items() if home.community in scope]
        for day in sorted(day for day in set(days) if home.first <= day <= home.last):
            free = [person for person in near if that_day[day, person] < a_day]
            if free:
                person = min(free, key=lambda one: (that_day[day, one], in_all[one], one))
                that_day[day, person] += 1
                in_all[person] += 1
                found[home.key] = (day, person)
                break
    return found


def _inspecting():
    """The posts of today from which Homes are inspected."""
    roles = [key for key, role in ROLES.items() if "homes.inspect_home" in role.permissions]
    return Posting.objects.in_force_on(timezone.localdate()).filter(role__in=roles)


def _accounts(posts):
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def inspectors_at(community_code):
    """The accounts that may inspect the Homes of a community today, by name."""
    return _accounts(_inspecting().filter(division__in=[community_code[:digits] for digits in LEVELS]))


def inspectors_of(district_code):
    """{account: the `Scope` in which it inspects today} of all who inspect somewhere in a district, by name."""
    in_force = Posting.objects.in_force_on(timezone.localdate())
    people = _accounts(_inspecting().within(Scope.of(district_code)))
    found = list(people.prefetch_related(Prefetch("postings", in_force.select_related("division"))))
    for user in found:
        user.current_postings = list(user.postings.all())  # what each would ask for alone
    return {user: Scope.of(*user.codes_for(Home, "inspect")) for user in found}
