"""Year books of streets and districts, by a process of its own."""

from django.utils.translation import gettext as _

from appraisal import year_figures
from appraisal.models import YearBook
from records.jobs import job
from records.lifecycle import Refused

MAKE = "appraisal.make_year_book"


@job(MAKE)
def make_year_book(key, *, by, progress):
    book = YearBook.objects.select_for_update(of=("self",)).select_related("division").get(pk=key)
    if not may_make(by, book.division):
        raise Refused(_("You do not make year books of this division."))
    book.keep(year_figures.draw(book.division, book.year, by=by, progress=progress), by=by)


def may_make(user, division):
    """A district's book is made by who reads its aggregates, any other by who works there."""
    if division.level == "district":
        return division.pk in user.codes_for(YearBook, "read")
    return any(division.pk.startswith(code) for code in user.codes_for(YearBook, "add"))
