from homes.models.answer import Answer, AnswerPhoto
from homes.models.closure import Closure
from homes.models.evaluation import Evaluation
from homes.models.evaluation_year import EvaluationYear
from homes.models.home import Home
from homes.models.inspection import Inspection
from homes.models.item import StandardItem
from homes.models.opening import OpenTime, Season, Weekday
from homes.models.posted_rule import PostedRule
from homes.models.repair import Repair, RepairReport
from homes.models.room_picture import RoomPicture
from homes.models.ruling import Ruling
from homes.models.standard import Standard
from homes.models.standing import Standing

__all__ = [
    "Answer",
    "AnswerPhoto",
    "Evaluation",
    "EvaluationYear",
    "Closure",
    "Home",
    "Inspection",
    "OpenTime",
    "PostedRule",
    "Repair",
    "RepairReport",
    "Ruling",
    "RoomPicture",
    "Season",
    "Standard",
    "StandardItem",
    "Standing",
    "Weekday",
]
