"""What the lists of visits and commendations are narrowed by: the same on screen and in a spreadsheet."""

from dataclasses import dataclass

from django.utils import timezone

from appraisal.models import Nomination, Visit
from appraisal.naming import Named, names_for
from communities.places import communities_of
from records.trail import log_read

YEARS_BACK = 5


def chosen_year(params):
    """(the year that an address names or this one, those to choose from)."""
    this = timezone.localdate().year
    years = list(range(this + 1, this - YEARS_BACK, -1))
    asked = params.get("year", "")
    return (int(asked) if asked in map(str, years) else this), years


class VisitFilter:
    """The visits of a year that `user` sees, or those of the one community that the address names."""

    def __init__(self, user, params):
        self.user = user
        self.year, self.years = chosen_year(params)
        places = communities_of(user, Visit)
        self.place = next((one for one in places if one.pk == params.get("community")), None)
        self.places = places if len(places) > 1 else []  # where there is a choice

    def rows(self):
        rows = Visit.objects.visible_to(self.user).of_year(self.year).select_related("community", "office")
        rows = rows.order_by("-day", "-pk")  # said here, so that what a page counts beside them keeps it
        return rows.filter(community=self.place) if self.place else rows

    def as_context(self):
        return {"year": self.year, "years": self.years, "place": self.place, "places": self.places}


def commendations_of(user, year):
    """What was awarded for a year, as far as `user` sees it."""
    rows = Nomination.objects.visible_to(user).awarded().filter(call__year=year)
    return rows.select_related("call__division", "community").order_by("call__kind", "call_id", "pk")


@dataclass(frozen=True)
class Told:
    nomination: Nomination
    named: Named
    is_public: bool


def told_to(user, nominations):
    """[Told] with the names that `user` may read; a child that is named was looked at."""
    names = names_for(nominations, user)
    if seen := [named.child for named in names.values() if named.child]:
        log_read(user, seen)
    keys = [one.pk for one in nominations]
    public = set(Nomination.objects.published().filter(pk__in=keys).values_list("pk", flat=True))
    return [Told(one, names[one.pk], one.pk in public) for one in nominations]
