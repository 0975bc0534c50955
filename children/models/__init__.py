from children.models.adult import Adult, Away, Kinship
from children.models.child import Child
from children.models.concern import Concern
from children.models.consent import Consent, Referral
from children.models.household import FileNumber, Household
from children.models.imports import ImportBatch, ImportRow
from children.models.rights import Correction, Erasure
from children.models.transfer import Transfer, TransferLine

__all__ = [
    "Adult",
    "Away",
    "Child",
    "Concern",
    "Consent",
    "Correction",
    "Erasure",
    "FileNumber",
    "Household",
    "ImportBatch",
    "ImportRow",
    "Kinship",
    "Referral",
    "Transfer",
    "TransferLine",
]
