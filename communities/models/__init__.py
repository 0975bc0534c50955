from communities.models.calendar import ClosedDay, Term
from communities.models.division import Division
from communities.models.group import LeadingGroupMember, OfficeDuty
from communities.models.helpline import HelpLine
from communities.models.meeting import Decision, Meeting
from communities.models.posting import Posting
from communities.models.user import User

__all__ = [
    "ClosedDay",
    "Decision",
    "Division",
    "HelpLine",
    "LeadingGroupMember",
    "Meeting",
    "OfficeDuty",
    "Posting",
    "Term",
    "User",
]
