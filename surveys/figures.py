"""How far a round has come, for those who read figures alone: no grid, no household, small numbers hidden."""

from communities.models import Division
from reports.suppression import hidden
from surveys.models import SurveyRound
from surveys.progress import Progress, per_division, reach_of

SHOWN = ("households", "visited", "new", "changed")


def figures_for_the_federation(user, survey_round):
    """[(division, {column: number, or None where it is hidden})] of every street and community asked."""
    reach = reach_of(user.codes_for(SurveyRound), survey_round)
    found = per_division(survey_round, reach)
    divisions = list(Division.objects.within(reach))
    codes = [division.pk for division in divisions]
    sums = [(code, parts) for code in codes if (parts := [c for c in codes if c[:-3] == code])]
    columns = {name: {code: getattr(found.get(code, Progress()), name) for code in codes} for name in SHOWN}
    few = hidden(columns["households"], sums)
    gone = {name: few | hidden(values, sums) for name, values in columns.items()}
    return [
        (division, {name: None if division.pk in gone[name] else columns[name][division.pk] for name in SHOWN})
        for division in divisions
    ]
