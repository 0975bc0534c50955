from reports.models.figure import Figure
from reports.models.report import QuarterlyReport

__all__ = ["Figure", "QuarterlyReport"]
