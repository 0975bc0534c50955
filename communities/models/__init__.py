from communities.models.calendar import ClosedDay, Term
from communities.models.division import Division
from communities.models.group import LeadingGroupMember, Meeting
from communities.models.helpline import HelpLine
from communities.models.posting import Posting
from communities.models.user import User

__all__ = ["ClosedDay", "Division", "HelpLine", "LeadingGroupMember", "Meeting", "Posting", "Term", "User"]
