"""Ten helpers a community, their record checks, and their pairings in every state."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from children.models import Child, Consent
from children.status import age_on
from config.demo.days import days
from config.demo.people import VOLUNTEER
from volunteers.kinds import HelperKind
from volunteers.models import Pairing, RecordCheck, Volunteer
from volunteers.models.pairing import HEARD_FROM_AGE

MOTHER, PARENT, TUTOR = HelperKind.LOVING_MOTHER, HelperKind.ACTING_PARENT, HelperKind.TUTOR
# One helper a line: what they can be to a child, man or woman, how many children. Two each are nobody's helper yet.
# Those who care for whole families are women, for a man is no acting parent of a girl.
HELPERS = [
    ((MOTHER, TUTOR), "F", 3),
    ((MOTHER,), "F", 4),
    ((PARENT,), "F", 4),
    ((MOTHER,), "F", 4),
    ((PARENT,), "F", 4),
    ((MOTHER, PARENT), "F", 4),
    ((MOTHER,), "F", 2),
    ((TUTOR,), "F", 3),
    ((TUTOR, PARENT), "F", 4),
    ((TUTOR,), "M", 3),
]
TOOK_TO = "孩子主动拉着志愿者的手，愿意一起玩。"
CARING = 7  # the first seven take children in as mothers and parents do
ENDINGS = [Pairing.EndReason.HELPER_LEFT, Pairing.EndReason.FAMILY_WISH, Pairing.EndReason.PARENT_RETURNED]


@dataclass
class PairingUp:
    place: object
    community: object
    worker: object
    days: object
    invented: object
    families: object
    helpers: list = field(default_factory=list)
    agreed: set = field(default_factory=set)
    begun: list = field(default_factory=list)  # [(pairing, proposed on)]

    def recruit(self, account=None):
        """Everyone's check holds today; `let_checks_lapse` comes when the pairings are made."""
        for number, (kinds, sex, capacity) in enumerate(HELPERS):
            chance = self.invented.chance
            is_volunteer = account is not None and number == 0
            born = dt.date(self.days.today.year - chance.randint(34, 58), chance.randint(1, 12), chance.randint(1, 28))
            helper = Volunteer.join(
                community=self.community,
                name=VOLUNTEER.name if is_volunteer else self.invented.adult_name(sex),
                sex=sex,
                kinds=kinds,
                topics=self.invented.some(Child.Topic.values, 3),
                capacity=capacity + 1 if number and self.place.paired > 20 else capacity,
                birth_date=born,
                id_number=self.invented.id_number("150902", born, sex),
                phone=self.invented.phone(),
                joined_on=self.days.before_last.start - days(chance.randint(200, 600)),
                by=self.worker,
            )
            checked = self.days.today - days(chance.randint(130, 300))
            helper.record_check(checked_on=checked, reference=self._reference(checked, number), by=self.worker)
            if is_volunteer:
                helper.give_account(account, by=self.worker)
            self.helpers.append(helper)

    def _reference(self, checked, number):
        return f"示例查询{checked:%Y%m}-{self.place.code[-4:]}{number:02}"

    def pair(self):
        self._ended()
        self._caring()
        self._tutored()
        self._waiting()
        Pairing.objects.bulk_update([p for p, _day in self.begun], ["proposed_on"])

    def _children(self):
        """Families together; those without their parents first."""
        children = Child.objects.filter(community=self.community, birth_date__lt=self.days.today - days(3 * 365))
        together = list(children.exclude(household__in=self._leaving()).order_by("household", "birth_date", "pk"))
        left_behind = set(children.left_behind_on(self.days.check).values_list("household", flat=True))
        return sorted(together, key=lambda child: child.household_id not in left_behind)

    def _leaving(self):
        households = sorted(set(Child.objects.filter(community=self.community).values_list("household", flat=True)))
        return [households[14], households[22]]

    def _ended(self):
        """Three of earlier years, one of them of a family that has left since."""
        gone = list(Child.objects.filter(household__in=self._leaving()[:1]))
        others = [c for c in self._children() if c.registered_on < self.days.before_last.start - days(30)]
        for number, child in enumerate([*gone, *others[-2:]]):
            starts = max(child.registered_on + days(10), self.days.before_last.start - days(200))
            ends = max(starts + days(20), self.days.before_last.end - days(15 + number))
            helper = self.helpers[1 + number]
            pairing = self._begin(child, helper, helper.kinds[0], starts, ends)
            pairing.end(reason=ENDINGS[number], by=self.worker)

    def _caring(self):
        """Family after family to the helper with the most places left; the first one stays with one family of two
        children and one of one: in the director's community that is the demo's volunteer."""
        places = {helper.pk: helper.capacity for helper in self.helpers[:CARING]}
        done = 0
        for family in _by_household(self._children()):
            helper = self._helper_for(family, places)
            if done >= self.place.paired or helper is None:
                continue
            for child in family:
                self._begin(child, helper, helper.kinds[0], self._first_day(child))
            places[helper.pk] -= len(family)
            done += len(family)

    def _helper_for(self, family, places):
        first, *others = self.helpers[:CARING]
        wanted = {3: 2, 1: 1}.get(places[first.pk])
        if len(family) == wanted:
            return first
        fitting = [helper for helper in others if places[helper.pk] >= len(family)]
        return max(fitting, key=lambda helper: places[helper.pk], default=None)

    def _tutored(self):
        for child, helper in zip(self._children()[3:7:2], self.helpers[7:9], strict=True):
            self._begin(child, helper, TUTOR, self._first_day(child))

    def _waiting(self):
        """Two proposed, one of them with the card signed."""
        taken = Pairing.objects.filter(child__community=self.community).values("child")
        free = Child.objects.filter(community=self.community, left_on=None).exclude(pk__in=taken)
        may_be_tutored = Q(sex="M") | Q(birth_date__gt=self.days.today - days(8 * 365))  # by a man, at home
        free = free.filter(may_be_tutored).exclude(household__in=self._leaving()).order_by("-birth_date")
        for number, child in enumerate(free[:3]):
            proposed = self.days.today - days(4 + 3 * number)
            pairing = Pairing.propose(child=child, volunteer=self.helpers[9], kind=TUTOR, by=self.worker)
            if number == 1:
                self._hear(pairing, proposed)
                pairing.agree(card_signed_on=self.days.today - days(1), by=self.worker)
            pairing.proposed_on = proposed
            self.begun.append((pairing, proposed))

    def _first_day(self, child):
        earliest = self.days.before_last.start - days(50)
        starts = self.invented.day(earliest, self.days.before_last.start + days(20))
        return min(max(starts, child.registered_on + days(10)), self.days.today)

    def _begin(self, child, helper, kind, starts, ends=None):
        if child.pk not in self.agreed:
            self.agreed.add(child.pk)
            self.families.consent(child, Consent.Purpose.SHARING)
        pairing = Pairing.propose(child=child, volunteer=helper, kind=kind, by=self.worker)
        self._hear(pairing, max(starts - days(6), child.registered_on))
        pairing.agree(card_signed_on=max(starts - days(3), child.registered_on), by=self.worker)
        pairing.activate(starts_on=starts, ends_on=ends, by=self.worker)
        pairing.proposed_on = max(starts - days(12), child.registered_on)
        self.begun.append((pairing, pairing.proposed_on))
        return pairing

    def _hear(self, pairing, day):
        guardian = pairing.child.kinships.filter(is_caregiver=True).values_list("adult__name", flat=True).first()
        opinion, words = Pairing.Opinion.AGREES, ""
        if age_on(pairing.child.birth_date, self.days.today) < HEARD_FROM_AGE:
            opinion, words = Pairing.Opinion.TOO_YOUNG, TOOK_TO
        pairing.hear(guardian=guardian or "", opinion=opinion, words=words, guardian_agreed_on=day, by=self.worker)

    def let_checks_lapse(self):
        """No verb pairs a helper whose check has ended, so time is let pass here: the checks become older."""
        for number in (*self.place.lapsed, *self.place.lapsing):
            ends = self.days.today + (days(9 + 4 * number % 17) if number in self.place.lapsing else -days(18 + number))
            helper = self.helpers[number]
            RecordCheck.objects.filter(volunteer=helper).update(checked_on=ends - days(365), valid_until=ends)
            helper.refresh_from_db()
            helper.recount_clearance()


def _by_household(children):
    families: dict = {}
    for child in children:
        families.setdefault(child.household_id, []).append(child)
    return families.values()
