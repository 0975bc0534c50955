from reports.models.figure import Figure
from reports.models.published import PublishedFigure, PublishedQuarter
from reports.models.reminder import ReportReminder
from reports.models.report import QuarterlyReport
from reports.models.saved_view import SavedView

__all__ = ["Figure", "PublishedFigure", "PublishedQuarter", "QuarterlyReport", "ReportReminder", "SavedView"]
