"""Who is to be told that a day was moved or cancelled, or that the waiting list gave a place; and who was."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment, HelperPlace, Session, Told, Waiting
from children.models import Kinship
from records.lifecycle import Refused
from records.secrets import masked
from records.versions import stored_for_update


def changed_ahead(activity, today):
    """Days of the activity from `today` on that were moved or cancelled."""
    return Session.objects.changed().filter(activity=activity, day__gte=today).select_related("home")


def with_somebody_to_tell(activities, today):
    """Of `activities` those with somebody to tell of a change ahead, or of a place from the waiting list."""
    change = _with_a_change_to_tell(activities, today).order_by()
    place = Exists(Waiting.objects.to_tell().filter(activity=OuterRef("pk")))
    goes_on = Q(status__in=Activity.OPEN, ends_on__gte=today)
    return activities.filter(Q(pk__in=change.values("pk")) | goes_on & Q(place))


def _with_a_change_to_tell(activities, today):
    """Of `activities` those with a family, a helper or a leader not told since the last change of a day ahead."""
    changed = Session.objects.changed().filter(day__gte=today)
    last = changed.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(at=Max("changed_at"))
    rows = activities.exclude(status=Activity.Status.FINISHED).filter(pk__in=changed.order_by().values("activity"))
    rows = rows.annotate(changed_at=Subquery(last.values("at"))).annotate(changed_on=TruncDate("changed_at"))

    def told(activity, change, **who):
        return Exists(Told.objects.filter(activity=activity, told_at__gte=change, **who))

    outer = OuterRef(OuterRef("pk")), OuterRef(OuterRef("changed_at"))
    children = Enrolment.objects.open().filter(activity=OuterRef("pk"), joined_on__lte=OuterRef("changed_on"))
    helpers = HelperPlace.objects.coming().filter(activity=OuterRef("pk"), since__lte=OuterRef("changed_at"))
    own = OuterRef("pk"), OuterRef("changed_at")
    return rows.filter(
        Exists(children.exclude(told(*outer, child=OuterRef("child"))))
        | Exists(helpers.exclude(told(*outer, volunteer=OuterRef("volunteer"))))
        | Q(~told(*own, volunteer=OuterRef("helper")), helper__isnull=False)
        | Q(~told(*own, leader=OuterRef("leader")), leader__isnull=False)
    )


@dataclass
class Concerned:
    """One line of the list: a child's family, a helper or the leader. `who` names the field of `Told`."""

    who: str
    person: Any
    phones: list = field(default_factory=list)  # (adult's name, masked number)
    told: Told | None = None
    got_on: dt.date | None = None

    @property
    def name(self):
        return self.person.name or self.person.username  # children and helpers always have a name

    @property
    def key(self):
        return f"{self.who}-{self.person.pk}"


@dataclass
class ToTell:
    days: list
    people: list
    places: list = field(default_factory=list)  # families that have a place from the waiting list and do not know

    @property
    def since(self):
        return max((day.changed_at for day in self.days), default=None)

    @property
    def seen(self):
        """What the page was drawn with, so that nobody is noted as told of a change that came afterwards."""
        return self.since.isoformat() if self.since else ""

    @property
    def open(self):
        return [one for one in self.people if one.told is None]

    @property
    def done(self):
        return [one for one in self.people if one.told is not None]


def to_tell(activity, user):
    """The changed days ahead of us and everybody concerned, with who told them since."""
    found = ToTell(list(changed_ahead(activity, timezone.localdate()).order_by("day", "starts_at", "pk")), [])
    found.places = _with_a_new_place(activity, user)
    if not found.days or activity.status == Activity.Status.FINISHED:
        return found
    found.people = [*_families(activity, user, found.since), *_helpers(activity, found.since)]
    noted = {}
    for row in Told.objects.filter(activity=activity, told_at__gte=found.since).select_related("told_by"):
        noted.update({("child", row.child_id): row, ("volunteer", row.volunteer_id): row})
        noted["leader", row.leader_id] = row
    for one in found.people:
        one.told = noted.get((one.who, one.person.pk))
    return found


def new_places(activity, user):
    """{child: the day on which it got a place from the waiting list}, of those whose families do not know yet."""
    if not activity.is_open or activity.ends_on < timezone.localdate():
        return {}
    return dict(Waiting.objects.visible_to(user).filter(activity=activity).to_tell().values_list("child", "got_on"))


def _with_a_new_place(activity, user):
    got = new_places(activity, user)
    found = list(_in_words(Enrolment.objects.visible_to(user).open().filter(activity=activity, child__in=got)))
    for one in found:
        one.got_on = got[one.person.pk]
    return found


def _families(activity, user, since):
    places = Enrolment.objects.visible_to(user).open().filter(activity=activity)
    return _in_words(places.filter(joined_on__lte=_day_of(since)))


def _in_words(places):
    """The family of each place, with the adults to call."""
    carers = Kinship.objects.select_related("adult").order_by("-is_caregiver", "pk")
    carers = carers.defer("adult__phone", "adult__phone_alt", "adult__id_number")
    places = places.select_related("child").prefetch_related(Prefetch("child__kinships", carers))
    for place in places.order_by("child__name_pinyin", "pk"):
        adults = [kinship.adult for kinship in place.child.kinships.all() if kinship.adult.phone_last4]
        yield Concerned("child", place.child, [(adult.name, masked(adult.phone_last4)) for adult in adults])


def _helpers(activity, since):
    if activity.helper_id:
        yield Concerned("volunteer", activity.helper)
    elif activity.leader_id:
        yield Concerned("leader", activity.leader)
    coming = activity.helper_places.coming().filter(since__lte=since).exclude(volunteer=activity.helper_id)
    for place in coming.select_related("volunteer").defer("volunteer__phone", "volunteer__id_number"):
        yield Concerned("volunteer", place.volunteer)


def _day_of(moment: dt.datetime):
    return timezone.localdate(moment)


@transaction.atomic
def note_told(activity, keys, *, seen, by):
    """Note that those of `keys` were told of what the page showed; how many."""
    stored = stored_for_update(activity)  # every change of a day takes this lock first
    found = to_tell(stored, by)
    if not keys:
        raise Refused(_("Tick whom you have told."))
    if found.seen != seen:
        raise Refused(_("A day has changed again meanwhile. Read the words once more."))
    chosen = [one for one in found.open if one.key in keys]
    for one in chosen:
        Told.note(stored, one.who, one.person, by=by)
    return len(chosen)


@transaction.atomic
def note_places_told(activity, keys, *, by):
    """Note that the families of those of `keys` know of the place they got; how many."""
    stored = stored_for_update(activity)
    if not keys:
        raise Refused(_("Tick whom you have told."))
    rows = Waiting.objects.visible_to(by).filter(activity=stored).to_tell().order_by("pk")
    told = [row for row in rows if f"child-{row.child_id}" in keys]
    for row in told:
        row.note_told(by=by)
    return len({row.child_id for row in told})
