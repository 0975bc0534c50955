"""The decision of the federation as an official paper, in Chinese and in English; and the comparison of the Homes."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from homes.comparing import Comparison, Line
from homes.evaluation_forms import verdict_words
from homes.evaluation_reading import answers_of, reasons_of
from homes.models import Ruling
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
