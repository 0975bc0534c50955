from children.models.adult import Adult, Away, Kinship
from children.models.child import Child
from children.models.concern import Concern
from children.models.consent import Consent, Referral
from children.models.household import FileNumber, Household
from children.models.imports import ColumnMeaning, ImportBatch, ImportFile, ImportRow

__all__ = [
    "Adult",
    "Away",
    "Child",
    "ColumnMeaning",
    "Concern",
    "Consent",
    "FileNumber",
    "Household",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "Kinship",
    "Referral",
]
