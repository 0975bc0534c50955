from activities.models.activity import Activity
from activities.models.attendance import Attendance
from activities.models.carer import CarerAttendance
from activities.models.enrolment import Enrolment
from activities.models.feed import CalendarFeed
from activities.models.group import ChildrenGroup, GroupPlace
from activities.models.group_meeting import GroupMeeting, MeetingAttendance
from activities.models.handout import HandoutSheet
from activities.models.helper_roll import HelperAttendance
from activities.models.helping import HelperPlace
from activities.models.material import MaterialLine
from activities.models.photo import PhotoTag, SessionPhoto
from activities.models.publicity import PublicityItem
from activities.models.scheme import Scheme, SchemeAction
from activities.models.session import Session
from activities.models.told import Told
from activities.models.waiting import Waiting

__all__ = [
    "Activity",
    "Attendance",
    "CalendarFeed",
    "CarerAttendance",
    "ChildrenGroup",
    "Enrolment",
    "GroupMeeting",
    "GroupPlace",
    "HandoutSheet",
    "HelperAttendance",
    "HelperPlace",
    "MaterialLine",
    "MeetingAttendance",
    "PhotoTag",
    "PublicityItem",
    "Scheme",
    "SchemeAction",
    "Session",
    "SessionPhoto",
    "Told",
    "Waiting",
]
