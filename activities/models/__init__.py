from activities.models.activity import Activity
from activities.models.attendance import Attendance
from activities.models.enrolment import Enrolment
from activities.models.group import ChildrenGroup, GroupMeeting, GroupPlace
from activities.models.photo import SessionPhoto
from activities.models.session import Session

__all__ = [
    "Activity",
    "Attendance",
    "ChildrenGroup",
    "Enrolment",
    "GroupMeeting",
    "GroupPlace",
    "Session",
    "SessionPhoto",
]
