"""Whom to call when a child is in danger: national numbers, then those the district and the street keep."""

from django.utils.translation import gettext_lazy as _

from communities.models import HelpLine

NATIONAL = [
    ("110", _("Police: a child is in danger now, or a crime")),
    ("120", _("Ambulance: a child is hurt or ill")),
    ("12345", _("Child protection hotline of the civil affairs office")),
    ("12338", _("Women's federation: violence in the family")),
    ("12355", _("Youth service: a child needs somebody to talk to")),
]


def local_numbers(code):
    """[(number, words)] that the offices above the community `code` keep."""
    lines = HelpLine.objects.for_community(code)
    return [(line.phone, " · ".join(filter(None, [line.name, line.hours]))) for line in lines]


def whom_to_call(code):
    return [*NATIONAL, *local_numbers(code)]
