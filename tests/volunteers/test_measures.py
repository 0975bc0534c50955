"""Each number equals a plain recount in Python over all rows."""

import pytest

from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.volunteers.factories import a_child, a_helper, a_pairing, an_adult, consents, days
from volunteers import contacts
from volunteers.kinds import DutyKind
from volunteers.models import Contact, Duty, Pairing, RecordCheck, Volunteer

pytestmark = pytest.mark.django_db
DAYS = [-70, -40, -10, -1, 0]


@pytest.fixture
def story(community, far_community, director, stranger, this_term):
    """Two communities: pairings that began and ended, contacts, excuses, a check that ran out."""
    for place, by in ((community, director), (far_community, stranger)):
        helper = a_helper(place, by, capacity=9)
        late = a_helper(place, by, name="赵敏", checked=False)
        late.record_check(checked_on=days(-345), by=by)
        a_helper(place, by, name="孙丽", checked=False)
        first = a_pairing(a_child(place), helper, by, starts=-45)
        second = a_pairing(a_child(place, name="周明"), helper, by, kind="tutor", starts=-30)
        third = a_pairing(a_child(place, name="吴婷"), late, by, starts=-20)
        alone = a_child(place, name="郑凯")
        for relation in ("mother", "father"):
            an_adult(alone, relation, away_since=days(-400))
            an_adult(first.child, relation, away_since=days(-400))
        contacts.log(helper, pairings=[first, second], kinds=["talk"], made_on=days(-25), by=by)
        contacts.log(helper, pairings=[first], kinds=["visit", "letter"], made_on=days(-5), by=by)
        contacts.log(helper, pairings=[first], kinds=[], made_on=days(-4), by=by)
        contacts.log(helper, pairings=[second], kinds=["guardian", "teacher"], made_on=days(-3), by=by)
        Duty.objects.get(pairing=first, kind="teacher").forgive(reason="child_away", by=by)
        Duty.objects.filter(pairing=first, kind="guardian").update(due_on=days(-8))
        third.end(by=by)
        consents(first.child, "photo")
    return Scope.of(community.pk)


def in_force(pairing, day):
    return pairing.starts_on and pairing.starts_on <= day and (pairing.ends_on is None or pairing.ends_on >= day)


def mine(rows, scope):
    return [row for row in rows if row.community_id in scope]


def plain(key, scope, day, start):
    """The number by counting rows one by one."""
    pairings = [p for p in mine(Pairing.objects.all(), scope) if in_force(p, day)]
    owed = [
        d
        for d in mine(Duty.objects.select_related("term", "pairing"), scope)
        if d.term.starts_on <= day <= d.term.ends_on and not (d.excused_on and d.excused_on <= day)
        if d.pairing.starts_on and d.pairing.starts_on <= day
    ]
    made = [c for c in mine(Contact.objects.all(), scope) if start <= c.made_on <= day]
    match key:
        case "helpers_active":
            return len({p.volunteer_id for p in pairings})
        case "pairings_active":
            return len(pairings)
        case "children_paired":
            return len({p.child_id for p in pairings})
        case "duties_due_base":
            return len(owed)
        case "duties_done":
            return len([d for d in owed if d.done_on and d.done_on <= day])
        case "duties_overdue":
            running = {p.pk for p in pairings}
            late = [d for d in owed if d.due_on < day and not (d.done_on and d.done_on <= day)]
            return len([d for d in late if d.pairing_id in running])
        case "contacts_made":
            return len(made)
        case "helpers_check_ending":
            return len([v for v in serving(scope, day) if not lasting(v, day)])
        case "helpers_in_service":
            return len(serving(scope, day))
        case "helpers_with_valid_check":
            return len([v for v in serving(scope, day) if lasting(v, day, 0)])
    return len([c for c in made if key.removeprefix("contacts_") in c.kinds])


def serving(scope, day):
    return [v for v in mine(Volunteer.objects.all(), scope) if v.is_in_service_on(day)]


def lasting(helper, day, least=30):
    checks = [c for c in RecordCheck.objects.filter(volunteer=helper) if c.checked_on <= day]
    latest = max(checks, key=lambda c: (c.checked_on, c.pk), default=None)
    return latest is not None and latest.is_clear and (latest.valid_until - day).days >= least


KEYS = ["helpers_active", "pairings_active", "children_paired", "duties_due_base", "duties_done", "duties_overdue"]
KEYS += [
    "contacts_made",
    "helpers_check_ending",
    "helpers_in_service",
    "helpers_with_valid_check",
    *(f"contacts_{kind}" for kind in DutyKind.values),
]


@pytest.mark.parametrize("key", KEYS)
def test_a_measure_equals_a_plain_recount(key, story):
    for day in DAYS:
        period = Period(days(day - 15), days(day))
        number = measures.get(key).count(story, period)
        assert number == plain(key, story, period.end, period.start), day
        assert sum(measures.get(key).per_community(story, period).values()) == number


def test_something_is_counted_at_all(story):
    today = Period(days(-40), days(0))
    numbers = {key: measures.get(key).count(story, today) for key in KEYS}
    assert all(numbers.values()), numbers


def test_left_behind_without_helper(story, community):
    rows = measures.get("left_behind_without_helper").rows(story, Period.day(days(0)))
    assert [child.name for child in rows] == ["郑凯"]


def test_the_federation_sees_numbers_and_no_rows(story, federation):
    period = Period.day(days(0))
    for key in [*KEYS, "left_behind_without_helper"]:
        assert not measures.get(key).rows_for(federation, story, period).exists()
