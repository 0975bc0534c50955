"""The rules of `children.status` as conditions on the child table."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from children.models.adult import Kinship
from children.status import (
    AWAY_MONTHS,
    COUNTED_UNDER,
    MINOR_UNDER,
    MOVED_MONTHS,
    SCHOOL_MONTHS,
    Definition,
    born_after,
    months_before,
)


def on_register(day):
    """Today it is one condition on the child's own row; of a past day the earlier leavings tell.

    A merged file stands for nobody on any day: the file it leads to holds the earlier of both days.
    """
    from children.models.standing import EarlierLeaving

    open_file = Q(registered_on__lte=day, merged_into=None) & (Q(left_on=None) | Q(left_on__gt=day))
    if day >= timezone.localdate():
        return open_file
    off = EarlierLeaving.objects.filter(child=OuterRef("pk"), left_on__lte=day, returned_on__gt=day)
    return open_file & ~Q(Exists(off))


def left_behind(day, definition=Definition.CIVIL_AFFAIRS):
    if definition == Definition.SCHOOL_REGISTER:
        return _away("father", day, SCHOOL_MONTHS) | _away("mother", day, SCHOOL_MONTHS)
    if definition == Definition.FEDERATION:
        return Q(birth_date__gt=born_after(day, MINOR_UNDER)) & (_away("father", day) | _away("mother", day))
    return Q(birth_date__gt=born_after(day, COUNTED_UNDER)) & _nobody_to_guard(day)


def migrant(day):
    moved = (Q(registered_county__gt="") & ~Q(registered_county=F("district"))) | Q(
        registered_county="", reported_as="migrant"
    )
    for_long = Q(came_on__lte=months_before(day, MOVED_MONTHS)) | Q(
        came_on=None, reported_as="migrant", registered_on__lte=day
    )
    return Q(birth_date__gt=born_after(day, COUNTED_UNDER)) & moved & for_long & ~_nobody_to_guard(day)


def counted(day):
    return on_register(day) & (left_behind(day) | migrant(day))


def _nobody_to_guard(day):
    father, mother = (_away(r, day, AWAY_MONTHS, other_county=True) for r in ("father", "mother"))
    return (father & (mother | _unable("mother", day))) | (mother & _unable("father", day))


def _away(relation, day, months=0, *, other_county=False):
    return Q(
        Exists(Kinship.objects.filter(stays_on(day, months, other_county), child=OuterRef("pk"), relation=relation))
    )


def stays_on(day, months=0, other_county=False):
    """The condition on a kinship that its adult is away on `day`, and for `months` in a row by then."""
    stay = (Q(adult__aways__until=None) | Q(adult__aways__until__gt=day)) & (
        Q(adult__aways__since__lte=day) | Q(adult__aways__since=None, adult__aways__reported_on__lte=day)
    )
    gone = "adult__aways__gone_far_since" if other_county else "adult__aways__gone_since"
    if months:
        stay &= Q(**{f"{gone}__lte": months_before(day, months)}) | Q(**{gone: None})
    if other_county:
        stay &= Q(adult__aways__is_other_county=True)
    return stay


def _unable(relation, day):
    unable = Q(adult__unable_since__lte=day) & (Q(adult__unable_until=None) | Q(adult__unable_until__gt=day))
    return Q(Exists(Kinship.objects.filter(unable, child=OuterRef("pk"), relation=relation)))
