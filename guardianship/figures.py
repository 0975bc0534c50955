"""What entrusted care adds up to in a quarter."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from guardianship.models import Card, FamilyContact, Letter
from records.measures import FIGURE, IN_PERIOD, measure


@measure(
    _("Guardianship letters signed"),
    definition=_("Guardianship letters whose day of signing lies in the period, whatever became of them since."),
    kind=FIGURE,
    when=IN_PERIOD,
    page=lambda: reverse("guardianship:letters"),
)
def letters_signed(scope, period):
    return Letter.objects.within(scope).filter(signed_on__range=(period.start, period.end))


@measure(
    _("Children with contact card and phone card"),
    definition=_(
        "Left-behind and migrant children on the register at the end of the period for whom both cards were issued by "
        "then."
    ),
    kind=FIGURE,
    page=lambda: reverse("guardianship:cards"),
)
def children_with_cards(scope, period):
    found = Child.objects.within(scope).counted_on(period.end)
    for kind in Card.Kind.values:
        issued = Card.objects.within(scope).filter(kind=kind, issued_at__date__lte=period.end)
        found = found.filter(pk__in=issued.values("child"))
    return found


@measure(
    _("Contacts of parents with their children noted"),
    definition=_(
        "Contacts between parents and their children that took place in the period and were noted, without the entries "
        "struck out since."
    ),
    version=2,
    earlier={1: _("Contacts between parents and their children that took place in the period and were noted.")},
    kind=FIGURE,
    when=IN_PERIOD,
)
def family_contacts_noted(scope, period):
    return FamilyContact.objects.within(scope).filter(made_on__range=(period.start, period.end))
