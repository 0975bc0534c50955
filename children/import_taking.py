"""Small rosters are read and taken in while the person waits, large ones by a worker."""

from django.urls import reverse

from children import import_undo, imports, jobs
from children.models.imports import LARGE
from records.jobs import ask


def columns_url(batch):
    return reverse("children:import_columns", args=[batch.pk])


def read_now_or_later(batch, *, by):
    """Read the kept file; where that leads the person."""
    if batch.most_rows >= LARGE:
        return ask(jobs.READ, batch.pk, by=by, leads_to=batch.get_absolute_url()).get_absolute_url()
    imports.read(batch, by=by, most=jobs.MOST_ROWS)
    return columns_url(batch) if has_no_names(batch) else batch.get_absolute_url()


def has_no_names(batch):
    """Not one sheet has a header with the children's names."""
    return not any(batch.counts.get(verdict) for verdict in ("accepted", "rejected", "duplicate"))


def take_in_now_or_later(batch, *, by):
    if batch.is_large:
        return ask(jobs.TAKE_IN, batch.pk, by=by, leads_to=batch.get_absolute_url()).get_absolute_url()
    imports.confirm(batch, by=by)
    return batch.get_absolute_url()


def take_back_now_or_later(batch, *, by):
    if batch.is_large:
        return ask(jobs.TAKE_BACK, batch.pk, by=by, leads_to=batch.get_absolute_url()).get_absolute_url()
    import_undo.undo(batch, by=by)
    return batch.get_absolute_url()
