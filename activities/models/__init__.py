from activities.models.activity import Activity
from activities.models.attendance import Attendance
from activities.models.enrolment import Enrolment
from activities.models.feed import CalendarFeed
from activities.models.group import ChildrenGroup, GroupMeeting, GroupPlace
from activities.models.photo import SessionPhoto
from activities.models.scheme import Scheme, SchemeAction
from activities.models.session import Session
from activities.models.waiting import Waiting

__all__ = [
    "Activity",
    "Attendance",
    "CalendarFeed",
    "ChildrenGroup",
    "Enrolment",
    "GroupMeeting",
    "GroupPlace",
    "Scheme",
    "SchemeAction",
    "Session",
    "SessionPhoto",
    "Waiting",
]
