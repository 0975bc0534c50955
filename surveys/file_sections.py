"""What this app adds to a child's file."""

from children.sections import file_section
from records.privacy import FAMILY
from surveys.models import HouseholdVisit

LATEST = 10


@file_section(tab="family", order=80, needs="surveys.view_householdvisit")
def survey_visits(request, child):
    """When the family was visited in survey rounds."""
    if not request.user.sees(FAMILY):
        return None
    visits = HouseholdVisit.objects.visible_to(request.user).filter(household=child.household_id)
    found = list(visits.select_related("round")[:LATEST])
    return ("surveys/file_section.html", {"visits": found}) if found else None
