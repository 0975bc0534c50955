"""The decision of the federation as an official paper, in Chinese and in English; the comparison of the Homes; the plan
of visits."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from homes.comparing import Comparison, Line
from homes.evaluation_forms import verdict_words
from homes.evaluation_reading import answers_of, reasons_of
from homes.models import Ruling
from homes.planned import planned_visits, street_asked
from records.papers import paper
from records.policy import NotVisible

LANGUAGES = ("zh-hans", "en")


@paper("home_decision", model="homes.Ruling", title=_("Decision on the yearly evaluation of a Children's Home"))
def decision(rulings, user):
    """A sheet in each language for every verdict that was decided."""
    rulings = [ruling for ruling in rulings if ruling.decided_at is not None]
    if not rulings:
        raise NotVisible(Ruling, None)
    prefetch_related_objects(
        rulings, "evaluation__home__community", "evaluation__year__district", "inspection__standard"
    )
    answers = answers_of(rulings)
    return {
        "sheets": [_sheet(ruling, answers, language, user) for ruling in rulings for language in LANGUAGES],
        "back_url": rulings[0].evaluation.get_absolute_url(),
    }


def _sheet(ruling, answers, language, user):
    with override(language):
        reading = reasons_of(ruling, answers, user)
    return {
        "language": language,
        "ruling": ruling,
        "evaluation": ruling.evaluation,
        "gaps": reading.gaps,
        "verdict": verdict_words(ruling.decided, again=ruling.is_again),
        "computed": verdict_words(ruling.computed, again=ruling.is_again),
        "is_otherwise": ruling.decided != ruling.computed,
    }


@paper("home_comparison", model="communities.Division", title=_("Comparison of the Homes"), has_choices=True)
def comparison(divisions, user, asked):
    """All Homes of a street or a district on paper, in the order of the page."""
    sheets = []
    for division in divisions:
        compared = Comparison(user, asked, division=division)
        sheets.append((division, [Line(*facts) for facts in compared.rows()], compared.by_year))
    return {"sheets": sheets, "back_url": reverse("evaluations:comparison")}


@paper(
    "evaluation_plan",
    model="homes.EvaluationYear",
    title=_("Plan of the visits to the Homes"),
    shows_secrets=True,
    has_choices=True,
)
def plan(years, user, asked):
    """Who visits which Home on which day, in reach or in one street; managers for those who may know them."""
    street, sheets = street_asked(user, asked.get("street")), []
    for year in years:
        visits = planned_visits(user, year, street)
        sheets.append(
            {
                "year": year,
                "place": street or year.district,
                "visits": visits,
                "sees_managers": any(visit.manager for visit in visits),
            }
        )
    return {"sheets": sheets, "back_url": years[0].get_absolute_url()}
