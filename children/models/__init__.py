from children.models.adult import Adult, Away, Kinship
from children.models.child import Child
from children.models.concern import Concern
from children.models.consent import Consent, Referral
from children.models.household import FileNumber, Household
from children.models.imports import ImportBatch, ImportRow
from children.models.kept import GrowthNote, Hardship, Need, SchoolPeriod, Wish

__all__ = [
    "Adult",
    "Away",
    "Child",
    "Concern",
    "Consent",
    "FileNumber",
    "GrowthNote",
    "Hardship",
    "Household",
    "ImportBatch",
    "ImportRow",
    "Kinship",
    "Need",
    "Referral",
    "SchoolPeriod",
    "Wish",
]
