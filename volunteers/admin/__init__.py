from volunteers.admin.application import HelperApplicationAdmin
from volunteers.admin.contact import ContactAdmin
from volunteers.admin.duty import DutyAdmin
from volunteers.admin.pairing import PairingAdmin
from volunteers.admin.requirement import PledgeTextAdmin, RequirementAdmin
from volunteers.admin.team import TeamAdmin
from volunteers.admin.volunteer import VolunteerAdmin

__all__ = [
    "ContactAdmin",
    "DutyAdmin",
    "HelperApplicationAdmin",
    "PairingAdmin",
    "PledgeTextAdmin",
    "RequirementAdmin",
    "TeamAdmin",
    "VolunteerAdmin",
]
