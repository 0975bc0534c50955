from counselling.models.case import Admission, Case, CaseWords
from counselling.models.session import CounsellingSession, SessionWords

__all__ = ["Admission", "Case", "CaseWords", "CounsellingSession", "SessionWords"]
