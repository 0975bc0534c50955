from volunteers.models.application import HelperApplication
from volunteers.models.care_group import CareGroup, GroupChild, GroupMember
from volunteers.models.certificate import Certificate
from volunteers.models.close_out import CloseOut, Feedback, LeftOut
from volunteers.models.contact import Contact, ContactDuty
from volunteers.models.contact_review import ContactQuestion, ContactRemark, ContactVersion
from volunteers.models.deputy import Deputy
from volunteers.models.duty import Duty
from volunteers.models.duty_reminder import DutyReminder
from volunteers.models.duty_rule import DutyRule
from volunteers.models.evidence import Evidence
from volunteers.models.home_duty import HomeDuty
from volunteers.models.home_shift import HomeDay, HomeShift
from volunteers.models.letter import ChildLetter
from volunteers.models.matching import MatchLine, MatchRun, MatchVeto
from volunteers.models.pairing import Pairing
from volunteers.models.pause import Pause
from volunteers.models.pledge import PledgeText
from volunteers.models.promise import Promise
from volunteers.models.record_check import RecordCheck
from volunteers.models.renewal import Renewal
from volunteers.models.requirement import Requirement
from volunteers.models.team import Team, TeamMember
from volunteers.models.term_total import TermTotal
from volunteers.models.thanks import Thanks
from volunteers.models.volunteer import Volunteer
from volunteers.models.week import DigestReading, WeekDigest

__all__ = [
    "CareGroup",
    "Certificate",
    "ChildLetter",
    "CloseOut",
    "Contact",
    "ContactDuty",
    "ContactQuestion",
    "ContactRemark",
    "ContactVersion",
    "Deputy",
    "DigestReading",
    "Duty",
    "DutyReminder",
    "DutyRule",
    "Evidence",
    "Feedback",
    "GroupChild",
    "GroupMember",
    "HelperApplication",
    "HomeDay",
    "HomeDuty",
    "HomeShift",
    "LeftOut",
    "MatchLine",
    "MatchRun",
    "MatchVeto",
    "Pairing",
    "Pause",
    "PledgeText",
    "Promise",
    "RecordCheck",
    "Renewal",
    "Requirement",
    "Team",
    "TeamMember",
    "TermTotal",
    "Thanks",
    "Volunteer",
    "WeekDigest",
]
