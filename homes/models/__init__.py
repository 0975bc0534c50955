from homes.models.answer import Answer, AnswerPhoto
from homes.models.evaluation import Evaluation, EvaluationYear
from homes.models.home import Home
from homes.models.inspection import Inspection
from homes.models.item import StandardItem
from homes.models.opening import OpenTime, Weekday
from homes.models.posted_rule import PostedRule
from homes.models.repair import Repair, RepairReport
from homes.models.ruling import Ruling
from homes.models.standard import Standard
from homes.models.standing import Standing

__all__ = [
    "Answer",
    "AnswerPhoto",
    "Evaluation",
    "EvaluationYear",
    "Home",
    "Inspection",
    "OpenTime",
    "PostedRule",
    "Repair",
    "RepairReport",
    "Ruling",
    "Standard",
    "StandardItem",
    "Standing",
    "Weekday",
]
