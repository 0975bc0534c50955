from surveys.models.round import SurveyRound
from surveys.models.visit import HouseholdVisit

__all__ = ["HouseholdVisit", "SurveyRound"]
