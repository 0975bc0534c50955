from reports.models.amendment import Amendment, StreetAmendment
from reports.models.figure import Figure
from reports.models.published import PublishedFigure, PublishedQuarter
from reports.models.reminder import ReportReminder
from reports.models.report import QuarterlyReport
from reports.models.rule import ReportRule
from reports.models.saved_view import SavedView
from reports.models.street import StreetReport

__all__ = [
    "Amendment",
    "Figure",
    "PublishedFigure",
    "PublishedQuarter",
    "QuarterlyReport",
    "ReportReminder",
    "ReportRule",
    "SavedView",
    "StreetAmendment",
    "StreetReport",
]
