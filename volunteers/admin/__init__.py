from volunteers.admin.contact import ContactAdmin
from volunteers.admin.duty import DutyAdmin
from volunteers.admin.duty_rule import DutyRuleAdmin
from volunteers.admin.pairing import PairingAdmin
from volunteers.admin.volunteer import VolunteerAdmin

__all__ = ["ContactAdmin", "DutyAdmin", "DutyRuleAdmin", "PairingAdmin", "VolunteerAdmin"]
