from volunteers.models.application import HelperApplication
from volunteers.models.certificate import Certificate
from volunteers.models.contact import Contact, ContactDuty
from volunteers.models.duty import Duty
from volunteers.models.duty_reminder import DutyReminder
from volunteers.models.duty_rule import DutyRule
from volunteers.models.evidence import Evidence
from volunteers.models.letter import ChildLetter
from volunteers.models.matching import MatchLine, MatchRun, MatchVeto
from volunteers.models.pairing import Pairing
from volunteers.models.pause import Pause
from volunteers.models.pledge import PledgeText
from volunteers.models.record_check import RecordCheck
from volunteers.models.requirement import Requirement
from volunteers.models.team import Team, TeamMember
from volunteers.models.term_total import TermTotal
from volunteers.models.thanks import Thanks
from volunteers.models.volunteer import Volunteer
from volunteers.models.week import DigestReading, WeekDigest

__all__ = [
    "Certificate",
    "ChildLetter",
    "Contact",
    "ContactDuty",
    "DigestReading",
    "Duty",
    "DutyReminder",
    "DutyRule",
    "Evidence",
    "HelperApplication",
    "MatchLine",
    "MatchRun",
    "MatchVeto",
    "Pairing",
    "Pause",
    "PledgeText",
    "RecordCheck",
    "Requirement",
    "Team",
    "TeamMember",
    "TermTotal",
    "Thanks",
    "Volunteer",
    "WeekDigest",
]
