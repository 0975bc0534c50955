"""One pairing of each community rests while the helper is away."""

from config.demo.days import days
from volunteers.kinds import HelperKind
from volunteers.models import Pairing, Pause


def pause_one(place, worker, story_days):
    tutored = Pairing.objects.filter(community=place.code, status=Pairing.Status.ACTIVE, kind=HelperKind.TUTOR)
    if pairing := tutored.order_by("pk").last():
        back = story_days.today + days(21)
        pairing.pause(reason=Pause.Reason.HELPER_AWAY, note="外出培训三周", until=back, by=worker)
