"""Two files of one child can both have a helper of a kind, or the same helper: the later pairing ends."""

from django.utils import timezone
from django.utils.translation import gettext as _

from children.merging import makes_room
from volunteers.models import Pairing


@makes_room
def end_one_of_two_pairings(kept, gone, *, by):
    for other in gone.pairings.exclude(status=Pairing.Status.ENDED).order_by("pk"):
        for mine in kept.pairings.exclude(status=Pairing.Status.ENDED).filter(kind=other.kind).order_by("pk"):
            both_active = {mine.status, other.status} <= set(Pairing.HOLDING)
            if both_active or mine.volunteer_id == other.volunteer_id:
                _later(mine, other).end(reason=Pairing.EndReason.OTHER, note=_("two files of one child"), by=by)
                other.refresh_from_db()
                if other.status == Pairing.Status.ENDED:
                    break


@makes_room
def keep_one_line_and_one_exclusion(kept, gone, *, by):
    in_one_proposal = kept.match_lines.filter(is_over=False).values("run")
    gone.match_lines.filter(run__in=in_one_proposal).update(is_over=True, is_locked=False)
    for veto in gone.match_vetoes.filter(lifted_at=None):
        if kept.match_vetoes.filter(volunteer=veto.volunteer_id, lifted_at=None).exists():
            gone.match_vetoes.filter(pk=veto.pk).update(lifted_at=timezone.now(), lifted_by=by)


@makes_room
def keep_one_place_in_the_care_group(kept, gone, *, by):
    if kept.care_group_lines.current().exists():
        for line in gone.care_group_lines.current():
            line.end(by=by)


def _later(mine, other):
    """The one that is active stays; of two alike, the one that began first."""
    active = [one for one in (mine, other) if one.status in Pairing.HOLDING]
    if len(active) == 1:
        return other if active[0] is mine else mine
    return max(mine, other, key=lambda one: (one.starts_on or one.proposed_on, one.pk))
