"""An open proposal of loving mothers in the first community, with one pairing excluded and one family asked."""

from config.demo.places import PLACES
from volunteers.kinds import HelperKind
from volunteers.matching import proposing


def propose(divisions, people):
    place = PLACES[0]
    worker = people[place.worker]
    run = proposing.make(divisions[place.code], HelperKind.LOVING_MOTHER, keep_together=False, by=worker)
    lines = run.lines.exclude(volunteer=None).select_related("child", "volunteer", "run").order_by("pk")
    if line := lines.last():
        proposing.exclude(line, line.volunteer, by=worker)
    if line := lines.first():
        proposing.hear(
            line,
            helper=line.volunteer_id,
            guardian_said="yes",
            guardian_name="监护人",
            child_said="agrees",
            child_words="喜欢和阿姨一起看书",
            by=worker,
        )
