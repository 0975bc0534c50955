"""What the district's overview tells of the Homes: how many, and how they stand, by street. No Home by name."""

from django.db.models import Avg, Count, Min, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from homes.models import Home, Inspection
from records.panels import Panel, panel
from records.scoping import STREET_DIGITS

Grade = Inspection.Grade


@panel
def homes(user, scope):
    """By street: open Homes, those never checked, the last checks' average, lowest and grades."""
    rows = Home.objects.visible_to(user).within(scope).open_on(timezone.localdate()).with_last_check()
    by_street = (
        rows.order_by()
        .annotate(street=Left("community_id", STREET_DIGITS))
        .values_list("street")
        .annotate(
            homes=Count("pk"),
            unchecked=Count("pk", Q(last_score=None)),
            mean=Avg("last_score"),
            lowest=Min("last_score"),
            excellent=Count("pk", Q(last_grade=Grade.EXCELLENT)),
            rectify=Count("pk", Q(last_grade=Grade.RECTIFY)),
        )
        .order_by("street")
    )
    lines = [
        (street, n, unchecked, _score(mean), _score(lowest), excellent, rectify)
        for street, n, unchecked, mean, lowest, excellent, rectify in by_street
    ]
    if not lines:
        return None
    columns = [_("Homes"), _("never checked"), _("last score, average"), _("lowest"), Grade.EXCELLENT.label]
    columns.append(Grade.RECTIFY.label)
    return Panel("homes", _("Children's Homes"), columns, lines, url=reverse("homes:list"))


def _score(number):
    return "" if number is None else number_format(number, 1)
