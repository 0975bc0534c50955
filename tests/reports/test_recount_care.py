"""Guardianship letters, cards, contacts of parents and counselling recounted."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from children.models import Child, Kinship, Referral
from children.status import Facts, left_behind, migrant, on_register
from communities.models import User
from counselling.models import Case, CounsellingSession
from guardianship.models import Card, FamilyContact, Letter
from guardianship.models.letter import PASSED
from tests.children.factories import a_child, an_adult, away
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["letters_signed", "with_valid_letter", "children_with_cards", "family_contacts_noted"]
KEYS += ["children_in_counselling", "counselling_sessions_held"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director, counsellor):
    """Entrusted and other children with letters, cards, contacts and cases of every state and day."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    other = User.objects.create_user("other-counsellor", name="other")
    for place in places:
        for _n in range(14):
            child = _a_child(chance, place)
            _letters(chance, child, director)
            _cards(chance, child, director)
            _contacts(chance, child, director)
            for by in chance.sample([counsellor, other], chance.randint(0, 2)):
                _cases(chance, child, by)
    return places


def at_noon(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _a_child(chance, place):
    """Mostly with both parents away and a grandmother who cares; else migrant, or neither."""
    born = days(-chance.choice([3000, 3000, 3000, 6000]))
    facts = {"registered_county": "140202", "came_on": days(-500)} if chance.random() < 0.3 else {}
    child = a_child(place, birth_date=born, registered_on=a_day(chance, -500, -100), **facts)
    for relation in ("father", "mother"):
        parent = an_adult(child, relation)
        if chance.random() < 0.85:
            until = a_day(chance, -230, 0) if chance.random() < 0.2 else None
            away(parent, days(-500), until=until)
    unable = a_day(chance, -230, 0) if chance.random() < 0.25 else None
    again = a_day_after(chance, unable, 0) if unable and chance.random() < 0.5 else None
    an_adult(child, "grandmother_p", cares=chance.random() < 0.9, unable_since=unable, unable_until=again)
    if chance.random() < 0.2:
        left = a_day_after(chance, child.registered_on, 0)
        Child.objects.filter(pk=child.pk).update(left_on=left, left_reason="moved_out")
    return child


def _letters(chance, child, by):
    kin = {one.relation: one.adult for one in Kinship.objects.filter(child=child)}
    statuses = ["renewed", "ended", "cancelled", chance.choice(["signed", "signed", "draft"])]
    for status in chance.sample(statuses, chance.randint(1, 4)):
        begins, signed = a_day(chance, -400, 10), a_day(chance, -400, 0)
        facts = {"signed_on": signed, "father_was_away": True, "mother_was_away": chance.random() < 0.85}
        if status == "draft" or (status == "cancelled" and chance.random() < 0.5):
            facts = {}
        if status not in ("draft", "signed"):
            facts["ended_on"] = a_day_after(chance, signed, 0)
        Letter.objects.create(
            **{"community_id": child.community_id, "child": child, "status": status, "prepared_by": by},
            **{"father": kin["father"], "mother": kin["mother"], "caregiver": kin["grandmother_p"]},
            **{"starts_on": begins, "ends_on": begins + dt.timedelta(days=chance.choice([30, 200, 365, 365]))},
            **{**PASSED, "promises_contact": True, **facts},
        )


def _cards(chance, child, by):
    for kind in Card.Kind.values:
        editions = chance.randint(0, 2) if chance.random() < 0.8 else 0
        issued = sorted(a_day(chance, -400, 0) for _n in range(editions))
        for edition, day in enumerate(issued, 1):
            Card.objects.create(
                **{"community_id": child.community_id, "child": child, "kind": kind, "edition": edition},
                **{"is_latest": edition == editions, "fingerprint": "-", "issued_at": at_noon(day), "issued_by": by},
            )


def _contacts(chance, child, by):
    for _n in range(chance.randint(0, 3)):
        day, who = a_day(chance, -230, 0), chance.choice(FamilyContact.Who.values)
        struck = {"struck_at": timezone.now(), "struck_by": by} if chance.random() < 0.2 else {}
        FamilyContact.objects.create(
            community_id=child.community_id, child=child, made_on=day, who=who, how="call", noted_by=by, **struck
        )


def _cases(chance, child, by):
    """Closed ones, and sometimes one that is open; referred then, only earlier or later, or not at all."""
    for _n in range(chance.randint(0, 2)):
        begins = a_day(chance, -400, 20)
        ends = None if chance.random() < 0.3 else a_day_after(chance, begins, 20)
        Referral.objects.create(
            community_id=child.community_id, child=child, counsellor=by, starts_on=begins, ends_on=ends
        )
    for is_open in [False, False, True][chance.randint(0, 1) : chance.randint(1, 3)]:
        opened = a_day(chance, -400, 0)
        closed = None if is_open else a_day_after(chance, opened, 0)
        case = Case.objects.create(
            **{"community_id": child.community_id, "child": child, "counsellor": by, "opened_on": opened},
            **{"status": "open" if is_open else "closed", "closed_on": closed},
        )
        for number in range(chance.randint(0, 3)):
            held = a_day_after(chance, opened, 0)
            CounsellingSession.objects.create(community_id=child.community_id, case=case, number=number, held_on=held)


def children_on(day):
    """[(child, its facts)] of the register on `day`."""
    rows = Child.objects.prefetch_related("kinships__adult__aways", "earlier_leavings")
    told = [(child, Facts.of(child)) for child in rows]
    return [(child, facts) for child, facts in told if on_register(facts, day)]


def holds_on(letter, day):
    """Signed and not ended by then, within its term, with the same caregiver, able, and the same parents away."""
    if letter.signed_on is None or letter.signed_on > day or (letter.ended_on and letter.ended_on <= day):
        return False
    if not letter.starts_on <= day <= letter.ends_on:
        return False
    child = letter.child
    cares = [kin.adult_id for kin in child.kinships.all() if kin.is_caregiver]
    unable, again = letter.caregiver.unable_since, letter.caregiver.unable_until
    if cares != [letter.caregiver_id] or (unable and unable <= day and not (again and again <= day)):
        return False
    facts = Facts.of(child)
    gone = [facts.parent(relation).is_away(day) for relation in ("father", "mother")]
    return gone == [letter.father_was_away, letter.mother_was_away]


@recounts("letters_signed")
def letters_signed(period):
    return [letter for letter in Letter.objects.all() if inside(letter.signed_on, period)]


@recounts("with_valid_letter")
def with_valid_letter(period):
    rows = Letter.objects.select_related("child", "caregiver").prefetch_related("child__kinships__adult__aways")
    held = {letter.child_id for letter in rows if holds_on(letter, period.end)}
    here = children_on(period.end)
    return [child for child, facts in here if child.pk in held and left_behind(facts, period.end)]


@recounts("children_with_cards")
def children_with_cards(period):
    def with_card(kind):
        cards = [card for card in Card.objects.all() if card.kind == kind]
        return {card.child_id for card in cards if timezone.localdate(card.issued_at) <= period.end}

    both = with_card("contact") & with_card("phone")
    counted = [
        child
        for child, facts in children_on(period.end)
        if left_behind(facts, period.end) or migrant(facts, period.end)
    ]
    return [child for child in counted if child.pk in both]


@recounts("family_contacts_noted")
def family_contacts_noted(period):
    standing = [contact for contact in FamilyContact.with_struck.all() if contact.struck_at is None]
    return [contact for contact in standing if inside(contact.made_on, period)]


@recounts("children_in_counselling")
def children_in_counselling(period):
    """On one day and the same the case is open and the child referred to its counsellor."""
    open_then = set()
    for case in Case.objects.all():
        for referral in Referral.objects.filter(child=case.child_id, counsellor=case.counsellor_id):
            first = max(period.start, case.opened_on, referral.starts_on)
            last = min(day for day in (period.end, case.closed_on, referral.ends_on) if day)
            if first <= last:
                open_then.add(case.child_id)
    return [child for child in Child.objects.all() if child.pk in open_then]


@recounts("counselling_sessions_held")
def counselling_sessions_held(period):
    return [session for session in CounsellingSession.objects.all() if inside(session.held_on, period)]


def test_letters_cards_and_counselling_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)
