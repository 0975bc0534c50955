"""What the offices should know of the five ones each Monday: one digest for each community, written once a week.

A street reads those of its communities together. Names are no part of it; they are looked up for whoever reads.
"""

import datetime as dt
from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from communities.models import Division
from volunteers.models import (
    ChildLetter,
    Contact,
    DigestReading,
    Duty,
    DutyReminder,
    Pairing,
    Pause,
    Volunteer,
    WeekDigest,
)

SILENT_DAYS = 30
KEYS_AT_MOST = 100  # of one kind on one digest; the page says how many more there are
FELL_DUE, COMING, REMINDED, PAUSES = "fell_due", "coming", "reminded", "pauses"
SILENT, CHECKS = "silent", "checks"
TO_READ, TO_HAND_OVER = "to_read", "to_hand_over"
OF_PAIRINGS, OF_HELPERS = (FELL_DUE, COMING, REMINDED, PAUSES), (SILENT, CHECKS)
SECTIONS = (*OF_PAIRINGS, *OF_HELPERS, TO_READ, TO_HAND_OVER)
DUE, DONE, EXCUSED, CONTACTS = "due", "done", "excused", "contacts"
FIGURES = (DUE, DONE, EXCUSED, CONTACTS)


def monday_of(day):
    return day - dt.timedelta(days=day.weekday())


def write(district, today=None):
    """Write the digests of this week that are not yet written; of how many communities."""
    today = today or timezone.localdate()
    monday = monday_of(today)
    gathered = _gathered(district, monday)
    there = set(WeekDigest.objects.filter(district=district, monday=monday).values_list("community", flat=True))
    busy = Pairing.objects.filter(district=district, status__in=Pairing.HOLDING).order_by()
    codes = (set(gathered) | set(busy.values_list("community", flat=True).distinct())) - there
    digests = [
        WeekDigest(
            community_id=code,
            district=district,
            monday=monday,
            counts=dict(gathered[code].counts) if code in gathered else {},
            lines=dict(gathered[code].lines) if code in gathered else {},
        )
        for code in sorted(codes)
    ]
    with transaction.atomic():
        WeekDigest.objects.bulk_create(digests, ignore_conflicts=True)
    return len(digests)


def write_all():
    districts = Division.objects.filter(level=Division.Level.DISTRICT).order_by("pk")
    return sum(write(code) for code in districts.values_list("pk", flat=True))


class _Gathered:
    def __init__(self):
        self.counts: Counter = Counter()
        self.lines: defaultdict[str, list] = defaultdict(list)

    def add(self, section, key):
        self.counts[section] += 1
        if self.counts[section] <= KEYS_AT_MOST:
            self.lines[section].append(key)


def _gathered(district, monday):
    """{community code: its counts and lines}."""
    by_code: defaultdict[str, _Gathered] = defaultdict(_Gathered)
    for section, rows in _rows(district, monday).items():
        for code, key in rows.iterator(chunk_size=2000):
            by_code[code].add(section, key)
    for code, counts in _figures(district, monday):
        by_code[code].counts.update(counts)
    return by_code


def _rows(district, monday):
    """{section: (community, key) of each row in the order people read them}."""
    last = {"gte": monday - dt.timedelta(days=7), "lt": monday}
    ends = monday + dt.timedelta(days=6)
    pairings = Pairing.objects.filter(district=district, status=Pairing.Status.ACTIVE)
    still_open = Duty.objects.unsettled().filter(pairing=OuterRef("pk"))
    helpers = Volunteer.objects.filter(district=district).in_service_on(monday)
    checks = helpers.holding_places().without_lasting_check(monday)
    letters = ChildLetter.objects.filter(district=district).order_by("written_at", "pk")
    reminders = DutyReminder.objects.filter(district=district, day__gte=last["gte"], day__lt=monday)
    pauses = Pause.objects.filter(district=district, resumed_on=None, pairing__status="paused").over_by(ends)
    return {
        FELL_DUE: _keys(pairings.filter(Exists(still_open.filter(due_on__gte=last["gte"], due_on__lt=monday)))),
        COMING: _keys(pairings.filter(Exists(still_open.filter(due_on__gte=monday, due_on__lte=ends)))),
        REMINDED: reminders.order_by("day", "pk").values_list("community", "pairing"),
        PAUSES: pauses.order_by("until", "pk").values_list("community", "pairing"),
        SILENT: _silent(district, monday).order_by("pk").values_list("community", "pk"),
        CHECKS: checks.order_by("cleared_until", "pk").values_list("community", "pk"),
        TO_READ: letters.waiting().values_list("community", "pk"),
        TO_HAND_OVER: letters.to_deliver().values_list("community", "pk"),
    }


def _keys(pairings):
    return pairings.order_by("next_due_on", "pk").values_list("community", "pk")


def _silent(district, monday):
    """Helpers who have accompanied a child for thirty days and wrote down nothing in them."""
    since = monday - dt.timedelta(days=SILENT_DAYS)
    rested = Pause.objects.filter(Q(resumed_on=None) | Q(resumed_on__gt=since), pairing=OuterRef("pk"))
    pairings = Pairing.objects.filter(~Exists(rested), volunteer=OuterRef("pk"), starts_on__lte=since, status="active")
    heard_of = Contact.objects.filter(volunteer=OuterRef("pk"), made_on__gte=since)
    return Volunteer.objects.filter(Exists(pairings), ~Exists(heard_of), district=district)


def _figures(district, monday):
    """(community, how many duties were due last week and what became of them; how many contacts were made)."""
    begins = monday - dt.timedelta(days=7)
    due = Duty.objects.filter(district=district, due_on__gte=begins, due_on__lt=monday).order_by().values("community")
    for row in due.annotate(
        due=Count("pk"),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        excused=Count("pk", filter=Q(excused_on__isnull=False)),
    ):
        yield row["community"], {name: row[name] for name in (DUE, DONE, EXCUSED)}
    made = Contact.objects.filter(district=district, made_on__gte=begins, made_on__lt=monday).order_by()
    for row in made.values("community").annotate(contacts=Count("pk")):
        yield row["community"], {CONTACTS: row["contacts"]}


# Reading ------------------------------------------------------------------------------------------------------------


def is_unread_by(user, today=None):
    """Whether this week's digest lies there for `user` and has not been opened by them."""
    monday = monday_of(today or timezone.localdate())
    read = DigestReading.objects.filter(user=user, monday=monday)
    return WeekDigest.objects.visible_to(user).filter(~Exists(read), monday=monday).exists()


def note_read(user, monday):
    DigestReading.objects.bulk_create([DigestReading(user=user, monday=monday)], ignore_conflicts=True)


def summed(digests):
    """The counts of several digests together."""
    counts: Counter = Counter()
    for digest in digests:
        counts.update(digest.counts)
    return counts
