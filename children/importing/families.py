"""Brothers and sisters come in rows of their own: which rows are one household, and which adult is meant twice."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from children.importing.aside import Aside
from children.importing.facts import UNNAMED
from children.importing.registered import phone_key
from children.models import Adult, Away, Kinship
from communities.identity import normalise_phone

PHONES = ("guardian_phone", "father_phone", "mother_phone", "parent_phone")


@dataclass(slots=True)
class KnownAdult:
    pk: int
    relation: str
    name: str
    phone: str | None  # its keyed hash
    is_away: bool

    def is_meant(self, facts, phone):
        """Whether a row's adult is this one: the parent of that name, else somebody of that name and no other phone."""
        if facts.name != self.name:
            return False
        if facts.name == UNNAMED or facts.relation not in ("father", "mother"):
            same_role = facts.name != UNNAMED or facts.relation == self.relation
            return same_role and (self.phone == phone or not (self.phone and phone))
        return facts.relation == self.relation


@dataclass(slots=True)
class Family:
    household: int
    father: str
    mother: str
    adults: list = field(default_factory=list)

    def find(self, facts):
        phone = phone_key(facts.phone)
        return next((adult for adult in self.adults if adult.is_meant(facts, phone)), None)

    def add(self, key, facts):
        adult = KnownAdult(key, facts.relation, facts.name, phone_key(facts.phone), False)
        self.adults.append(adult)
        return adult


class Families:
    """Households met so far, in this roster or on file, by what brothers and sisters have in common.

    Two children share a household when both parents' names agree and so does a phone or the address. `before` is the
    first key of an adult that the import itself writes. Memory holds the families of the rows at hand.
    """

    def __init__(self, before):
        self.before = before
        self._by_key = {}
        self._aside = Aside("family")

    def keys(self, row):
        """Under what this row's family is known. Empty where nothing names a parent or guardian."""
        get = row.values.get
        father, mother = get("father_name", ""), get("mother_name", "")
        who = (father, mother) if father or mother else ("", get("guardian_name", ""))
        if not any(who):
            return []
        phones = [get(name) for name in PHONES if get(name)]
        if not father and not get("id_number"):  # known again by this phone only, so it must be on file for each
            phones = [get("guardian_phone")] if get("guardian_phone") else []
            return [(row.community, *who, phone) for phone in phones]
        shared = [*phones, get("current_address", "")]
        return [(row.community, *who, word) for word in dict.fromkeys(shared) if word]

    def find(self, row):
        return next((self._by_key[key] for key in self.keys(row) if key in self._by_key), None)

    def note(self, row, family):
        for key in self.keys(row):
            self._by_key.setdefault(key, family)

    def look_up(self, rows):
        """Learn which of these rows' families were met earlier in this roster, or are on file already."""
        keys = {key for row in rows for key in self.keys(row)}
        households = dict(self._aside.found(keys))
        known = {family.household: family for family in self._on_file(set(households.values()))}
        self._by_key = {key: known[household] for key, household in households.items()}
        self._look_on_file(rows)

    def put_aside(self):
        """These rows are done: keep of their families the keys."""
        self._aside.keep((key, family.household) for key, family in self._by_key.items())
        self._by_key = {}

    def _look_on_file(self, rows):
        """A family is on file where an adult has the name and phone given here."""
        named = {}
        for row in rows:
            for name_field, phone_field in (("father", "father"), ("mother", "mother"), ("guardian", "guardian")):
                name, phone = row.values.get(f"{name_field}_name"), row.values.get(f"{phone_field}_phone")
                if name and normalise_phone(phone or ""):
                    named.setdefault((row.community, name, phone_key(phone)), []).append(row)
        if not named:
            return
        adults = Adult.objects.filter(
            community__in={key[0] for key in named}, phone_hash__in={key[2] for key in named}, pk__lt=self.before
        )
        met = {}
        for community, name, phone, household in adults.values_list(
            "community_id", "name", "phone_hash", "household_id"
        ):
            for row in named.get((community, name, phone), ()):
                met.setdefault(household, []).append(row)
        for family in self._on_file(met):
            for row in met[family.household]:
                if _may_be(family, row.values) and not self.find(row):
                    self.note(row, family)

    def _on_file(self, households):
        families = {}
        kin = Kinship.objects.filter(adult__household__in=households).order_by("pk")
        kin = kin.annotate(is_away=Exists(Away.objects.filter(adult=OuterRef("adult"))))
        for pk, relation, name, phone, household, is_away in kin.values_list(
            "adult", "relation", "adult__name", "adult__phone_hash", "adult__household", "is_away"
        ):
            family = families.setdefault(household, Family(household, "", ""))
            if pk not in {adult.pk for adult in family.adults}:
                family.adults.append(KnownAdult(pk, relation, name, phone, is_away or pk < self.before))
            if relation in ("father", "mother") and name != UNNAMED:
                setattr(family, relation, name)
        return families.values()


def _may_be(family, values):
    """Parents named on both sides are the same."""
    pairs = ((family.father, values.get("father_name")), (family.mother, values.get("mother_name")))
    return all(not here or not there or here == there for here, there in pairs)
