from appraisal.models.ballot import Ballot
from appraisal.models.call import Call, Criterion, Seat
from appraisal.models.demand import Demand, DemandAnswer
from appraisal.models.evidence import NominationEvidence
from appraisal.models.nomination import Nomination
from appraisal.models.visit import Finding, Visit
from appraisal.models.year_book import YearBook

__all__ = [
    "Ballot",
    "Call",
    "Criterion",
    "Demand",
    "DemandAnswer",
    "NominationEvidence",
    "Finding",
    "Nomination",
    "Seat",
    "Visit",
    "YearBook",
]
