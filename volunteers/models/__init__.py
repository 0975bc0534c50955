from volunteers.models.certificate import Certificate
from volunteers.models.contact import Contact, ContactDuty
from volunteers.models.duty import Duty
from volunteers.models.duty_rule import DutyRule
from volunteers.models.letter import ChildLetter
from volunteers.models.pairing import Pairing
from volunteers.models.record_check import RecordCheck
from volunteers.models.thanks import Thanks
from volunteers.models.volunteer import Volunteer

__all__ = [
    "Certificate",
    "ChildLetter",
    "Contact",
    "ContactDuty",
    "Duty",
    "DutyRule",
    "Pairing",
    "RecordCheck",
    "Thanks",
    "Volunteer",
]
