from surveys.models.edition import RosterEdition, RosterLine
from surveys.models.reminder import Reminder
from surveys.models.roster import Roster
from surveys.models.round import SurveyRound
from surveys.models.visit import HouseholdVisit

__all__ = ["HouseholdVisit", "Reminder", "Roster", "RosterEdition", "RosterLine", "SurveyRound"]
