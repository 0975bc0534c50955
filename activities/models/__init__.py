from activities.models.activity import Activity
from activities.models.attendance import Attendance
from activities.models.carer import CarerAttendance
from activities.models.enrolment import Enrolment
from activities.models.photo import PhotoTag, SessionPhoto
from activities.models.publicity import PublicityItem
from activities.models.session import Session

__all__ = [
    "Activity",
    "Attendance",
    "CarerAttendance",
    "Enrolment",
    "PhotoTag",
    "PublicityItem",
    "Session",
    "SessionPhoto",
]
