"""Helpers see the child they accompany on the portal's pages, by its allow-list."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.access import Seer, seers_of_a_file
from volunteers.models import Deputy, Pairing, Volunteer

OF_OWN_PAIRINGS = [
    _("their own letters, and the child's once the office has read them"),
    _("what the helper before passed on, once the office has read it"),
]
SHOWN = [
    _("first name, age, school and grade; the photo, where there is consent"),
    _("hobbies, needs and what is due this term"),
    _("promises to the child that are still open, and what they wrote of their own contacts"),
    _("who else accompanies the child, by name"),
    _("on asking, and noted each time: who looks after the child, address and phone, and the class teacher if due"),
]


@seers_of_a_file
def helpers(child):
    current = Pairing.objects.current().filter(child=child, volunteer__in=_ready_today())
    for pairing in current.select_related("volunteer").defer("volunteer__phone", "volunteer__id_number").order_by("pk"):
        yield Seer(
            pairing.volunteer.name,
            pairing.get_kind_display(),
            _("Accompanies the child, with the guardian's consent."),
            pairing.starts_on,
            pairing.ends_on,
            [*SHOWN, *OF_OWN_PAIRINGS],
        )


@seers_of_a_file
def deputies(child):
    open_today = Pairing.objects.allowed_today().filter(child=child, status__in=Pairing.HOLDING)
    standing = Deputy.objects.standing_on(timezone.localdate()).filter(pairing__in=open_today)
    standing = standing.filter(volunteer__in=_ready_today()).select_related("volunteer", "pairing")
    for deputy in standing.defer("volunteer__phone", "volunteer__id_number").order_by("pk"):
        yield Seer(
            deputy.volunteer.name,
            deputy.pairing.get_kind_display(),
            _("Stands in while the helper is away; the guardian was told."),
            deputy.from_day,
            deputy.until_day,
            SHOWN,
        )


def _ready_today():
    """Whose checks have ended sees nobody."""
    return Volunteer.objects.ready_on(timezone.localdate()).values("pk")
