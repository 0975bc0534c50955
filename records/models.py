"""The tables of this app; each lives in the file of its mechanism."""

from records.attachments import Attachment
from records.drafts import Draft
from records.export_files import ExportPart
from records.exports import ExportRequest
from records.jobs import Job, JobProgress
from records.once import UsedToken
from records.trail import TrailEntry, TrailSeal

__all__ = [
    "Attachment",
    "Draft",
    "ExportPart",
    "ExportRequest",
    "Job",
    "JobProgress",
    "TrailEntry",
    "TrailSeal",
    "UsedToken",
]
