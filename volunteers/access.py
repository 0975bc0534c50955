"""Helpers see the child they accompany on the portal's pages, by its allow-list."""

from django.utils.translation import gettext_lazy as _

from children.access import Seer, seers_of_a_file
from volunteers.models import Pairing

SHOWN = [
    _("first name, age, school and grade"),
    _("hobbies, needs and what is due this term"),
    _("their own letters, and the child's once the office has read them"),
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
