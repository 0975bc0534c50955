"""Where a child goes to school: what is so now stands on the child, what was so before is kept, year by year."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from children.grades import IN_SCHOOL, NEW_SCHOOL_AFTER, school_year_start
from children.models import Child, SchoolPeriod
from records.lifecycle import Refused
from records.trail import log_act, log_acts
from records.versions import stored_for_update

CLASS = ["school", "grade", "school_class", "is_boarding", "class_teacher", "class_teacher_phone"]
WHAT_CHANGES_A_CLASS = {"school", "grade", "school_class"}
SAVED = [*CLASS, "school_since"]
AT_A_TIME = 150


def change_class(child, *, since, by):
    """`child` holds the class it is in from `since` on; the one stored until now is kept with its last day."""
    with transaction.atomic():
        stored = stored_for_update(child)
        _keep_past(stored, since)
        child.school_since = since
        child.save(update_fields=SAVED)
        log_act(by, "changed the class", child, fields=SAVED)


def correct_class(child, *, by):
    """What stands there was wrong. Corrected back to the class before, that one simply goes on."""
    with transaction.atomic():
        stored = stored_for_update(child)
        before = _last_past(child)
        child.school_since = stored.school_since
        if before and before.until == _day_before(stored.school_since) and _is_same_class(before, child):
            before.struck_on = timezone.localdate()
            before.save(update_fields=["struck_on"])
            child.school_since = before.since
        child.save(update_fields=SAVED)
        log_act(by, "corrected the class", child, fields=SAVED)


def note_class(child, changed):
    """For forms that hold more than the class: keeps the past when such a form changes it; call before saving."""
    if not WHAT_CHANGES_A_CLASS & set(changed):
        return
    stored, today = stored_for_update(child), timezone.localdate()
    if not (stored.school or stored.grade):
        child.school_since = child.school_since or today
    elif stored.school_since is None or stored.school_since < today:
        _keep_past(stored, today)
        child.school_since = today


def add_past(child, period, *, by):
    """Enter an earlier school afterwards."""
    with transaction.atomic():
        stored = stored_for_update(child)
        if stored.school_since and period.until >= stored.school_since:
            raise Refused(_("On that day the child was already in its present class."))
        if period.until > timezone.localdate():
            raise Refused(_("The last day of an earlier school cannot lie in the future."))
        if child.school_periods.filter(struck_on=None, until=period.until).exists():
            raise Refused(_("Another class on file ended that day."))
        period.child, period.community_id = child, child.community_id
        period.save()
        log_act(by, "added an earlier school", child, period=period)


def strike_past(period, *, by):
    """The earlier school was entered by mistake: it no longer shows, and is not lost."""
    with transaction.atomic():
        child = stored_for_update(period.child)
        if not SchoolPeriod.objects.filter(pk=period.pk, struck_on=None).update(struck_on=timezone.localdate()):
            raise Refused(_("This has already been taken back."))
        log_act(by, "took back an earlier school", child, period=period)


def past_of(child):
    return child.school_periods.filter(struck_on=None)


def due_to_move_up(day):
    """Pupils on the register whose grade is still last school year's: the condition on the child table."""
    start = school_year_start(day)
    return Q(grade__in=IN_SCHOOL, registered_on__lt=start) & (Q(school_since=None) | Q(school_since__lt=start))


def move_up(decisions, *, children, by):
    """Give each child of `decisions` {key: (grade now, next grade, school)} its grade of the new school year.

    Once for each child, however often and by however many people this is sent; a child whose past forbids it is left
    out. Returns how many were moved.
    """
    today = timezone.localdate()
    start = school_year_start(today)
    with transaction.atomic():
        locked = Child.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        rows = locked.filter(due_to_move_up(today), pk__in=decisions).filter(pk__in=children.values("pk"))
        rows, moved = list(rows), {}
        barred = barred_from_moving_up([child.pk for child in rows], today)
        for child in rows:
            seen, grade, school = decisions[child.pk]
            if child.grade != seen or child.pk in barred:
                continue  # changed since the page was drawn, or its past forbids it: shown again
            _keep_past(child, start)
            _enter(child, grade, school)
            child.school_since = start
            child.save(update_fields=SAVED)
            moved[child.pk] = child.community_id
        if moved:
            log_acts(by, "moved up a grade", Child, moved, fields=SAVED)
    return len(moved)


def barred_from_moving_up(children, day):
    """{key: last day of an earlier school} of those whose past on file reaches into the school year of `day`."""
    late = _reaching(_day_before(school_year_start(day))).filter(child__in=children)
    return dict(late.order_by("until").values_list("child", "until"))


def _reaching(day):
    """Earlier schools that lasted until this day or longer."""
    return SchoolPeriod.objects.filter(struck_on=None, until__gte=day)


def _enter(child, grade, school):
    """A new school has another teacher; who leaves school has none."""
    before, child.grade = child.grade, grade
    if grade not in IN_SCHOOL:
        child.school, school = "", ""
    elif before in NEW_SCHOOL_AFTER and grade != before:
        child.school = school
    if grade not in IN_SCHOOL or (before in NEW_SCHOOL_AFTER and grade != before):
        child.school_class, child.class_teacher, child.class_teacher_phone, child.is_boarding = "", "", "", False


def _keep_past(stored, since):
    if since > timezone.localdate():
        raise Refused(_("The first day in the new class lies in the future. Enter it when it has come."))
    if stored.school_since and since <= stored.school_since:
        raise Refused(
            _("The present class began on %(day)s. Give a later day, or correct what stands here.")
            % {"day": stored.school_since}
        )
    if not (stored.school or stored.grade):
        return
    until = _day_before(since)
    if _reaching(until).filter(child=stored).exists():
        raise Refused(_("An earlier school on file ended on that day or later. Check the day."))
    facts = {name: getattr(stored, name) for name in CLASS}
    SchoolPeriod.objects.create(
        child=stored, community_id=stored.community_id, since=stored.school_since, until=until, **facts
    )


def _last_past(child):
    return past_of(child).first()


def _is_same_class(period, child):
    return all(getattr(period, name) == getattr(child, name) for name in ("school", "grade"))


def _day_before(day):
    return day - dt.timedelta(days=1) if day else None
