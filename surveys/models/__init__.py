from surveys.models.edition import RosterEdition, RosterLine
from surveys.models.reminder import Reminder
from surveys.models.roster import Roster
from surveys.models.round import SurveyRound

__all__ = ["Reminder", "Roster", "RosterEdition", "RosterLine", "SurveyRound"]
