"""What a yearly evaluation comes to: a pure function of an inspection's grade and of what bars "excellent".

A Home that had to be put right is looked at again only to see whether it now qualifies: no second look makes it
excellent in that year.
"""

from homes.scoring import Grade

WORST_FIRST = (Grade.RECTIFY, Grade.QUALIFIED, Grade.EXCELLENT)


def highest(*, is_barred, again):
    """The best verdict that is open to a Home: nobody may set a higher one, whatever the reason."""
    return Grade.QUALIFIED if is_barred or again else Grade.EXCELLENT


def verdict_of(grade, *, is_barred, again):
    """The verdict by the rules. `is_barred`: a barred item is not met; `again`: looked at again after rectification."""
    return min(Grade(grade), highest(is_barred=is_barred, again=again), key=WORST_FIRST.index)


def open_to(*, is_barred, again):
    """The verdicts that may be set with a reason, the best first."""
    top = WORST_FIRST.index(highest(is_barred=is_barred, again=again))
    return WORST_FIRST[top::-1]
