from surveys.models.round import SurveyRound

__all__ = ["SurveyRound"]
