from reports.models.amendment import Amendment, StreetAmendment
from reports.models.figure import Figure
from reports.models.report import QuarterlyReport
from reports.models.rule import ReportRule
from reports.models.street import StreetReport

__all__ = ["Amendment", "Figure", "QuarterlyReport", "ReportRule", "StreetAmendment", "StreetReport"]
