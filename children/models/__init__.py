from children.models.adult import Adult, Kinship
from children.models.away import Away, AwayRevision, ParentContact
from children.models.child import Child
from children.models.concern import Concern, ConcernEntry, ConcernNaming
from children.models.consent import Consent, Referral
from children.models.household import FileNumber, Household
from children.models.imports import ColumnMeaning, ImportBatch, ImportPart, ImportRow
from children.models.joined import JoinedAdult, JoinedHousehold, ToldApart
from children.models.kept import GrowthNote, Hardship, Need, SchoolPeriod, Wish
from children.models.likeness import Likeness
from children.models.merge import Merge
from children.models.rights import Correction, Erasure
from children.models.standing import EarlierLeaving, QualityRating, StatusReview
from children.models.transfer import Transfer, TransferLine

__all__ = [
    "Adult",
    "Away",
    "AwayRevision",
    "Child",
    "ColumnMeaning",
    "Concern",
    "ConcernEntry",
    "ConcernNaming",
    "Consent",
    "Correction",
    "Erasure",
    "EarlierLeaving",
    "FileNumber",
    "GrowthNote",
    "Hardship",
    "Household",
    "ImportBatch",
    "ImportPart",
    "ImportRow",
    "JoinedAdult",
    "JoinedHousehold",
    "Kinship",
    "ParentContact",
    "QualityRating",
    "Likeness",
    "Merge",
    "Referral",
    "Transfer",
    "TransferLine",
    "ToldApart",
    "StatusReview",
    "Need",
    "SchoolPeriod",
    "Wish",
]
