"""Helpers see the child they accompany on the portal's pages, by its allow-list."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.access import Seer, seers_of_a_file
from volunteers.models import Deputy, Pairing

LETTERS = _("their own letters, and the child's once the office has read them")
SHOWN = [
    _("first name, age, school and grade"),
    _("hobbies, needs and what is due this term"),
    LETTERS,
    _("on asking, and noted each time: who looks after the child, address and phone"),
]


@seers_of_a_file
def helpers(child):
    for pairing in Pairing.objects.current().filter(child=child).select_related("volunteer").order_by("pk"):
        yield Seer(
            pairing.volunteer.name,
            pairing.get_kind_display(),
            _("Accompanies the child, with the guardian's consent."),
            pairing.starts_on,
            pairing.ends_on,
            SHOWN,
        )


@seers_of_a_file
def deputies(child):
    today = timezone.localdate()
    open_today = Pairing.objects.allowed_today().filter(child=child, status__in=Pairing.HOLDING)
    standing = Deputy.objects.standing_on(today).filter(pairing__in=open_today)
    for deputy in standing.select_related("volunteer", "pairing").order_by("pk"):
        yield Seer(
            deputy.volunteer.name,
            deputy.pairing.get_kind_display(),
            _("Stands in while the helper is away; the guardian was told."),
            deputy.from_day,
            deputy.until_day,
            [words for words in SHOWN if words is not LETTERS],
        )
