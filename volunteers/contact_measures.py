"""What entries of helpers leave for staff to do."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.measures import AS_TODAY, GAP, measure
from volunteers.models import Contact


def _list(state):
    return lambda: reverse("admin:volunteers_contact_changelist") + f"?state={state}"


@measure(
    _("Entries that ask the office to act"),
    definition=_("Contacts made by the end of the period whose helper asks for a follow-up that nobody has settled."),
    kind=GAP,
    urgency=2,
    act=_("Follow up"),
    page=_list("follow_up"),
    needs="volunteers.change_contact",
    when=AS_TODAY,
)
def contacts_to_follow_up(scope, period):
    return Contact.objects.within(scope).to_follow_up().filter(made_on__lte=period.end)


@measure(
    _("Answers of helpers to read"),
    definition=_("Contacts about which the office asked back and the helper has answered, not checked since."),
    kind=GAP,
    urgency=2,
    act=_("Read the answers"),
    page=_list("answered"),
    needs="volunteers.change_contact",
    when=AS_TODAY,
)
def contacts_answered(scope, period):
    return Contact.objects.within(scope).answered().filter(made_on__lte=period.end)
