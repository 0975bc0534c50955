"""What a tab of the file shows unmasked once somebody asks: each record and field of it goes onto the trail."""

from children.models import Adult, Away
from records.privacy import FAMILY
from records.trail import log_act

OF_CHILD = {"overview": ["id_number", "registered_address"], "school": ["class_teacher_phone"]}
OF_HOUSEHOLD = {"overview": ["address"]}
OF_ADULT = ["phone", "phone_alt", "id_number"]
OF_STAY = ["phone"]


def log_revealed(user, child, tab):
    """`user`: the person as they are at the child's place. The look itself is always noted with the child; what is
    blank or not for this person is not shown, and therefore not noted."""
    log_act(user, "revealed", child, fields=_shown(child, OF_CHILD.get(tab, ()), user))
    household = child.household
    told = [(household, _shown(household, OF_HOUSEHOLD.get(tab, ()), user))]
    if tab == "family" and user.sees(FAMILY):
        adults = list(Adult.objects.filter(kinships__child=child).order_by("pk"))
        told += [(adult, _shown(adult, OF_ADULT, user)) for adult in adults]
        told += [(stay, _shown(stay, OF_STAY, user)) for stay in Away.objects.filter(adult__in=adults).order_by("pk")]
    for record, fields in told:
        if fields:
            log_act(user, "revealed", record, fields=fields, child=child)


def _shown(record, names, user):
    return [name for name in names if getattr(record, name) and user.sees(record.personal[name])]
