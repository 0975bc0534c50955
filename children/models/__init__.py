from children.models.adult import Adult, Away, Kinship
from children.models.child import Child
from children.models.concern import Concern
from children.models.consent import Consent, Referral
from children.models.household import FileNumber, Household
from children.models.imports import ImportBatch, ImportRow
from children.models.likeness import Likeness
from children.models.merge import Merge

__all__ = [
    "Adult",
    "Away",
    "Child",
    "Concern",
    "Consent",
    "FileNumber",
    "Household",
    "ImportBatch",
    "ImportRow",
    "Kinship",
    "Likeness",
    "Merge",
    "Referral",
]
