"""Who manages a Home: the duty holder of that kind who is in office on the day."""

from homes.managers import Manager, tells_managers
from premises.models import DutyHolder
from records.privacy import BASIC, CONTACT
from records.scoping import Scope


@tells_managers
def in_office(homes, user, day):
    reach = Scope.of(*user.codes_for(DutyHolder)) if user.sees(BASIC) else Scope(())
    found = {home.pk: Manager() for home in homes if home.community_id in reach}
    managers = DutyHolder.objects.managing_on(day).filter(home__in=list(found)).select_related("helper")
    sees_phone = user.sees(CONTACT)
    if not sees_phone:
        managers = managers.defer("phone", "helper__phone")
    for holder in managers.defer("helper__id_number"):
        found[holder.home_id] = Manager(holder.who, holder.reached_at if sees_phone else "")
    return found
