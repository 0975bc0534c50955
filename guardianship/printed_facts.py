"""What stands on a child's cards, gathered for many children at once, and the keyed fingerprint of exactly that."""

import json
from dataclasses import dataclass, field

from django.utils import timezone

from children.models import Child
from guardianship.models import Card
from records.secrets import fingerprint

BASICS = ["name", "class_teacher", "class_teacher_phone", "community", "district", "left_on", "number"]
PARENTS = ("father", "mother")


@dataclass
class Person:
    relation: str
    name: str
    phones: list[str]  # the one to try first is first
    work_place: str = ""


@dataclass
class Facts:
    """The facts of both cards, as printed: plain text that changes only when somebody's file changes."""

    child: str
    community: str
    parents: list[Person] = field(default_factory=list)
    caregiver: Person | None = None
    teacher: Person | None = None

    def of(self, kind):
        """What stands on the card of this kind, as JSON can hold it."""
        people = [[p.relation, p.name, p.phones, p.work_place] for p in self.parents]
        numbers = [[p.relation, p.name, p.phones] for p in self.to_call]
        return [self.child, self.community, people if kind == Card.Kind.CONTACT else [], numbers]

    @property
    def to_call(self):
        """Whom the child can call, nearest first."""
        listed = [
            *self.parents,
            *([self.caregiver] if self.caregiver else []),
            *([self.teacher] if self.teacher else []),
        ]
        return listed


def facts_of(children):
    """{child key: Facts} of many children, in a constant number of queries."""
    rows = Child.objects.filter(pk__in=children).select_related("community").only(*BASICS, "community__name")
    rows = rows.prefetch_related("kinships__adult__aways")
    today = timezone.localdate()
    return {child.pk: _facts(child, today) for child in rows}


def _facts(child, today):
    kinships = sorted(child.kinships.all(), key=lambda kin: (kin.relation != "father", kin.pk))
    facts = Facts(child.name, child.community.name)
    for kin in kinships:
        if kin.relation in PARENTS:
            facts.parents.append(_person(kin, today))
        elif kin.is_caregiver:
            facts.caregiver = _person(kin, today)
    if child.class_teacher or child.class_teacher_phone:
        facts.teacher = Person("teacher", child.class_teacher, [p for p in [child.class_teacher_phone] if p])
    return facts


def _person(kin, today):
    adult = kin.adult
    stay = next((s for s in adult.aways.all() if s.until is None or s.until > today), None)
    there = stay.phone if stay else ""  # first, for it is where somebody answers now
    phones = dict.fromkeys(phone for phone in (there, adult.phone, adult.phone_alt) if phone)
    return Person(kin.relation, adult.name, list(phones), stay.place if stay else "")


def fingerprint_of(facts, kind):
    text = json.dumps(facts.of(kind), ensure_ascii=False, separators=(",", ":"))
    return fingerprint(text, f"card:{kind}")


def stale_among(cards):
    """Keys of those latest cards whose printed facts are no longer so; as many queries however many cards."""
    latest = list(cards.to_compare(timezone.localdate()).values_list("pk", "child_id", "kind", "fingerprint"))
    facts = facts_of({child for _pk, child, _kind, _print in latest})
    return {pk for pk, child, kind, was in latest if fingerprint_of(facts[child], kind) != was}
