"""What a meeting looks at first: the gaps of its community, and which of them grew since the last meeting.

The figures of a meeting are kept with it, so that the next one compares with what was known then.
"""

from dataclasses import dataclass

from django.utils import timezone

from records import measures
from records.measures import GAP, Measure, Period
from records.scoping import Scope

WORST = 10  # what a meeting can look at; the rest is there to be opened


@dataclass(frozen=True)
class Line:
    """One gap at this meeting and, where it was counted by the same rule, at the last one."""

    measure: Measure
    now: int
    then: int | None

    @property
    def more(self):
        return 0 if self.then is None else self.now - self.then

    @property
    def less(self):
        return -self.more


def gaps():
    """Gaps of a community; what single persons have to do themselves is no matter for a meeting."""
    return [gap for gap in measures.all_measures(GAP) if not gap.own]


def take_figures(code):
    """{key: [number, version of the definition]} of the community as it stands today."""
    scope, today = Scope.of(code), Period.day(timezone.localdate())
    return {gap.key: [gap.count(scope, today), gap.version] for gap in gaps()}


def compare(now, then, user, code):
    """The lines of the community that `user` would also see on the workdesk;
    a changed definition has nothing to compare with."""
    lines = []
    for gap in gaps():
        if gap.key not in now or (gap.needs and not user.has_perm(gap.needs)):
            continue
        if gap.guarded and code not in Scope.of(*user.codes_for(gap.model)):
            continue
        number, version = now[gap.key]
        before, its_version = then.get(gap.key, [None, version])
        lines.append(Line(gap, number, before if its_version == version else None))
    return lines


def by_course(lines):
    """What grew, what shrank and what stands as it stood, each with the largest first; empty gaps are left out."""
    worse = sorted((line for line in lines if line.more > 0), key=lambda line: -line.more)
    return {
        "worse": worse[:WORST],
        "little": worse[WORST:],
        "better": sorted((line for line in lines if line.more < 0), key=lambda line: line.more),
        "same": sorted((line for line in lines if line.more == 0 and line.now), key=lambda line: -line.now),
    }
