from premises.models.asset import Asset, AssetNote
from premises.models.asset_count import AssetCount, CountLine
from premises.models.asset_request import AssetRequest
from premises.models.booking import Booking
from premises.models.building import BudgetLine, BuildingPlan, Milestone, Spending
from premises.models.holder import DutyHolder, HolderTraining
from premises.models.home_wish import HomeWish
from premises.models.loan import Loan
from premises.models.visit import ChildVisit, HomeDayLog

__all__ = [
    "Asset",
    "AssetCount",
    "AssetNote",
    "AssetRequest",
    "Booking",
    "BudgetLine",
    "BuildingPlan",
    "CountLine",
    "DutyHolder",
    "HolderTraining",
    "HomeDayLog",
    "HomeWish",
    "Loan",
    "Milestone",
    "Spending",
    "ChildVisit",
]
