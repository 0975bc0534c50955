"""What the calendar does to pairings: it opens the five ones of a term, once, lets what is owed follow a term whose
last day was put right, and ends what has run out."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from children.models import Concern
from communities.models import Term
from volunteers.models import Duty, DutyRule, Pairing

BATCH = 1000
LOOK_BACK = dt.timedelta(days=60)  # so long after a term somebody may still put its last day right
RUN_OUT_COLUMNS = [
    *["status", "volunteer", "community", "district", "version", "ends_on"],
    *["child__left_on", "volunteer__left_on"],
]


def open_term_duties(term):
    """Open what is owed in `term` by every active pairing of its district; doing it again adds nothing."""
    owed = DutyRule.objects.owed_in(term)
    begun = Pairing.objects.filter(status=Pairing.Status.ACTIVE, district=term.district_id, starts_on__lte=term.ends_on)
    keys = list(
        begun.filter(Q(ends_on=None) | Q(ends_on__gte=term.starts_on)).order_by("pk").values_list("pk", flat=True)
    )
    opened = 0
    for start in range(0, len(keys), BATCH):
        opened += _open_batch(keys[start : start + BATCH], term, owed)
    return opened


@transaction.atomic
def _open_batch(keys, term, owed):
    rows = Pairing.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    pairings = [p for p in rows if p.status == Pairing.Status.ACTIVE]
    there = set(Duty.objects.filter(pairing__in=pairings, term=term).values_list("pairing", "kind", "number"))
    wanted = [duty for p in pairings for duty in _owed_by(p, term, owed)]
    missing = [d for d in wanted if (d.pairing_id, d.kind, d.number) not in there]
    Duty.objects.bulk_create(missing)
    changed = {d.pairing_id for d in missing}
    duties = list(Duty.objects.filter(pairing__in=changed).select_related("term"))
    Pairing.recount_all([pairing for pairing in pairings if pairing.pk in changed], duties)
    return len(missing)


def open_duties_of(pairing):
    """Open what an active pairing owes in the term of its first day and in every term begun since."""
    today = timezone.localdate()
    terms = Term.objects.of(pairing.community_id).filter(ends_on__gte=pairing.starts_on, starts_on__lte=today)
    for term in terms.order_by("starts_on"):
        _open_batch([pairing.pk], term, DutyRule.objects.owed_in(term))
    pairing.refresh_from_db(fields=["next_due_on", "missing"])


def _owed_by(pairing, term, owed):
    """Duties of this pairing; none for a window that had closed when it began."""
    for rule in owed.get(pairing.kind, ()):
        opens = max(term.starts_on + dt.timedelta(days=rule.opens_after), pairing.starts_on)
        due = term.ends_on - dt.timedelta(days=rule.due_before)
        if opens > due:
            continue
        for number in range(1, rule.times + 1):
            yield Duty(
                pairing=pairing,
                term=term,
                kind=rule.kind,
                number=number,
                opens_on=opens,
                due_on=due,
                evidence=rule.evidence,
                community_id=pairing.community_id,
                district=pairing.district,
            )


def follow_the_terms():
    """What is still owed is due by the last day of its term, also where that day was put right after the term began: a
    contact after it would fulfil nothing, and one before it is not late. How many changed."""
    since = timezone.localdate() - LOOK_BACK
    return sum(_follow(term) for term in Term.objects.filter(ends_on__gte=since, starts_on__lte=timezone.localdate()))


def _follow(term):
    """A pause may have moved a day on within its term, so that none is later than the term and none too early."""
    owed, moved = DutyRule.objects.owed_in(term), {}
    rests = Q(excused_on=None) | Q(excuse=Duty.Excuse.PAUSED)
    for kind, rules in owed.items():
        for rule in rules:
            due = term.ends_on - dt.timedelta(days=rule.due_before)
            rows = Duty.objects.filter(rests, term=term, kind=rule.kind, done_on=None, opens_on__lte=due)
            rows = rows.filter(Q(due_on__lt=due) | Q(due_on__gt=term.ends_on))
            rows = rows.filter(pairing__kind=kind, pairing__status__in=Pairing.HOLDING)
            moved.update(dict.fromkeys(rows.values_list("pk", flat=True), due))
    keys = sorted(moved)
    for start in range(0, len(keys), BATCH):
        _move_batch({key: moved[key] for key in keys[start : start + BATCH]})
    return len(keys)


@transaction.atomic
def _move_batch(days):
    """{duty's key: the day on which it is due now}"""
    of_these = Pairing.objects.filter(duties__in=days).values("pk")
    locked = Pairing.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=of_these)
    pairings = list(locked.order_by("pk"))
    duties = list(Duty.objects.filter(pairing__in=pairings).select_related("term"))
    moved = [duty for duty in duties if duty.pk in days and duty.done_on is None]
    for duty in moved:
        duty.due_on = days[duty.pk]
    Duty.objects.bulk_update(moved, ["due_on"])
    Pairing.recount_all(pairings, duties)


def end_what_has_run_out():
    """End pairings whose last day is over, whose helper has left the service or whose child left the register. Access
    had ended by itself at midnight; this gives the helper's place free and lets the child have another helper. Where a
    concern is open about a child that stays, a person ends it, who has looked at the concern."""
    today = timezone.localdate()
    concerns = Concern.objects.filter(child=OuterRef("child")).exclude(status=Concern.Status.CLOSED)
    over = Pairing.objects.exclude(status=Pairing.Status.ENDED).filter(
        (Q(ends_on__lt=today) | Q(volunteer__left_on__lte=today)) & ~Exists(concerns) | Q(child__left_on__lte=today)
    )
    pairings = list(over.select_related("child", "volunteer").only(*RUN_OUT_COLUMNS).order_by("pk"))
    for pairing in pairings:
        pairing.end(reason=_why_run_out(pairing, today), by=None)
    return len(pairings)


def _why_run_out(pairing, today):
    if pairing.child.left_on is not None:
        return Pairing.EndReason.CHILD_MOVED
    is_over = pairing.ends_on is not None and pairing.ends_on < today
    return Pairing.EndReason.OTHER if is_over else Pairing.EndReason.HELPER_LEFT


def current_terms(day=None):
    """The terms that a day falls in, of all districts."""
    day = day or timezone.localdate()
    return Term.objects.filter(starts_on__lte=day, ends_on__gte=day).order_by("district_id", "pk")
