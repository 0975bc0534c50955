"""Whatever people do, in whatever order: nothing is lost, and nothing is visible to both sides."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from children import closing, moving, referring, transfer
from children.models import Adult, Away, Child, Consent, Household, Kinship, Transfer, TransferLine
from communities.models import Division, Posting, User
from records.lifecycle import Refused
from tests.children.factories import a_child, kin, left_behind_child

PLACES = ["150902001001", "150902001002", "150902002001", "140202001001"]
SEATS = [*(("community_worker", code) for code in PLACES), ("street_officer", "150902001"), ("administrator", "150902")]
SEATS += [("federation_officer", "150902"), ("counsellor", "150902001"), ("counsellor", "150902")]
SIZES = st.integers(1, 2)
PICK = st.integers(0, 11)


@dataclass
class File:
    """What the plain model knows of a child."""

    place: str
    home: int
    is_open: bool = True


@dataclass
class Offer:
    sender: int
    source: str
    target: str
    files: list
    state: str = "offered"


@dataclass
class Person:
    role: str
    code: str
    is_posted: bool = True
    referred: set = field(default_factory=set)  # files that were referred to this counsellor

    def finds(self, key, place):
        """Whether this person finds the file: where they are posted, or where it was referred to them as well."""
        if self.role == "counsellor":
            return self.is_posted and key in self.referred and place.startswith(self.code)
        return self.reaches(place)

    def reaches(self, *codes):
        sees = self.is_posted and self.role in ("community_worker", "street_officer")
        return sees and any(code.startswith(self.code) for code in codes)


@dataclass
class World:
    files: dict = field(default_factory=dict)
    offers: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    homes: int = 0

    def offered(self, key):
        return any(o.state == "offered" and key in o.files for o in self.offers.values())


class Transfers(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = World()
        self.today = timezone.localdate()
        for code in ["150902", "150902001", "150902002", "140202", "140202001", *PLACES]:
            level = {6: "district", 9: "street", 12: "community"}[len(code)]
            above = {6: None, 9: code[:6], 12: code[:9]}[len(code)]
            Division.objects.create(code=code, name=code, level=level, parent_id=above)
        for number, (role, code) in enumerate(SEATS):
            user = User.objects.create_user(f"person-{number}", f"person-{number}")
            self._post(user, role, code)
            self.world.people[user.pk] = Person(role, code)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def _post(self, user, role, code):
        Posting.objects.create(user=user, role=role, division_id=code, starts_on=self.today - dt.timedelta(days=1))

    def _one(self, rows, pick):
        return list(rows)[pick % len(rows)] if rows else None

    def _actor(self, code):
        """Somebody whom the rules let act there, if anybody is posted."""
        return next((key for key, person in self.world.people.items() if person.reaches(code)), None)

    # What people do ---------------------------------------------------------------------------------------------------

    @rule(where=st.sampled_from(PLACES), how_many=SIZES)
    def register(self, where, how_many):
        place = Division.objects.get(pk=where)
        first = left_behind_child(place)
        brood = [first, *(a_child(place, first.household) for _n in range(how_many - 1))]
        for sibling in brood[1:]:
            for kinship in list(first.kinships.all()):
                kin(sibling, kinship.adult, kinship.relation, cares=kinship.is_caregiver)
        for child in brood:
            Consent.objects.create(
                child=child, community=place, purpose="photo", given_by="王秀英", given_on=self.today
            )
            self.world.files[child.pk] = File(where, self.world.homes)
        self.world.homes += 1

    @rule(pick=PICK, to=st.sampled_from(PLACES), whole=st.booleans())
    def offer(self, pick, to, whole):
        key = self._one(self.world.files, pick)
        if key is None:
            return
        file = self.world.files[key]
        sender = self._actor(file.place)
        if sender is None:
            return
        family = [k for k, f in self.world.files.items() if f.home == file.home and (f.is_open or k == key)]
        chosen = family if whole else [key]
        allowed = to != file.place and file.is_open and not any(map(self.world.offered, chosen))
        children = list(Child.objects.filter(pk__in=chosen))
        try:
            with transaction.atomic():
                made = transfer.offer(
                    children,
                    Division.objects.get(pk=to),
                    reason="moved",
                    moves_on=self.today,
                    contact="x",
                    by=User.objects.get(pk=sender),
                )
        except Refused:
            assert not allowed
            return
        assert allowed
        self.world.offers[made.pk] = Offer(sender, file.place, to, chosen)

    @rule(pick=PICK, who=PICK, what=st.sampled_from(["accept", "accept", "refuse", "withdraw"]))
    def answer(self, pick, who, what):
        key = self._one(self.world.offers, pick)
        if key is None:
            return
        offer = self.world.offers[key]
        user_key = self._one(self.world.people, who)
        person = self.world.people[user_key]
        user = User.objects.get(pk=user_key)
        side, action = (offer.source, "change") if what == "withdraw" else (offer.target, "decide")
        found = Transfer.objects.visible_to(user, action).filter(pk=key).first()
        assert (found is not None) == person.reaches(side)
        if found is None:
            return
        allowed = offer.state == "offered" and not (what == "accept" and user_key == offer.sender)
        try:
            with transaction.atomic():
                if what == "refuse":
                    transfer.refuse(found, answer="no", by=user)
                else:
                    getattr(transfer, what)(found, by=user)
        except Refused:
            assert not allowed
            return
        assert allowed
        offer.state = {"accept": "accepted", "refuse": "refused", "withdraw": "withdrawn"}[what]
        if what == "accept":
            self._moved(offer)

    def _moved(self, offer):
        home = self.world.files[offer.files[0]].home
        if any(f.home == home and k not in offer.files for k, f in self.world.files.items()):
            home = self.world.homes
            self.world.homes += 1
        for key in offer.files:
            self.world.files[key].place, self.world.files[key].home = offer.target, home

    @rule(pick=PICK)
    def leave_or_return(self, pick):
        key = self._one(self.world.files, pick)
        if key is None or (actor := self._actor(self.world.files[key].place)) is None:
            return
        file, child, user = self.world.files[key], Child.objects.get(pk=key), User.objects.get(pk=actor)
        if file.is_open:
            closing.leave_register(child, on=self.today, reason="moved_out", by=user)
            for offer in self.world.offers.values():
                if offer.state == "offered" and key in offer.files:
                    offer.state = "withdrawn"
        else:
            closing.return_to_register(child, by=user)
        file.is_open = not file.is_open

    @rule(pick=PICK, which=st.integers(0, 1))
    def refer(self, pick, which):
        key = self._one(self.world.files, pick)
        if key is None or (actor := self._actor(self.world.files[key].place)) is None:
            return
        user_key, person = [(k, p) for k, p in self.world.people.items() if p.role == "counsellor"][which]
        place = self.world.files[key].place
        allowed = person.is_posted and place.startswith(person.code) and key not in person.referred
        child, counsellor = Child.objects.get(pk=key), User.objects.get(pk=user_key)
        try:
            with transaction.atomic():
                referring.refer(child, counsellor, by=User.objects.get(pk=actor))
        except Refused:
            assert not allowed
            return
        assert allowed
        person.referred.add(key)

    @rule(who=PICK)
    def end_or_renew_a_posting(self, who):
        key = self._one(self.world.people, who)
        person = self.world.people[key]
        if person.is_posted:
            Posting.objects.filter(user=key).update(ends_on=self.today - dt.timedelta(days=1))
        else:
            self._post(User.objects.get(pk=key), person.role, person.code)
        person.is_posted = not person.is_posted

    # What must hold ---------------------------------------------------------------------------------------------------

    @invariant()
    def everybody_sees_exactly_what_the_model_says(self):
        files, offers = self.world.files, self.world.offers
        for key, person in self.world.people.items():
            user = User.objects.get(pk=key)
            mine = {k for k, f in files.items() if person.finds(k, f.place)}
            homes = {files[k].home for k in mine}
            assert set(Child.objects.visible_to(user).values_list("pk", flat=True)) == mine
            if person.role == "counsellor":
                assert not Transfer.objects.visible_to(user).exists()
                assert set(Kinship.objects.visible_to(user).values_list("child", flat=True)) <= mine
                continue
            for model, path in ((Kinship, "child"), (Consent, "child"), (Household, "children")):
                rows = model.objects.visible_to(user)
                assert set(rows.values_list(path, flat=True)) == mine, model
            assert Adult.objects.visible_to(user).count() == 3 * len(homes)
            assert Away.objects.visible_to(user).count() == 2 * len(homes)
            known = {k for k, o in offers.items() if person.reaches(o.source, o.target)}
            assert set(Transfer.objects.visible_to(user).values_list("pk", flat=True)) == known
            assert set(TransferLine.objects.visible_to(user).values_list("transfer", flat=True)) == known

    @invariant()
    def nothing_is_lost_and_nothing_stands_elsewhere(self):
        files = self.world.files
        assert dict(Child.objects.values_list("pk", "community")) == {k: f.place for k, f in files.items()}
        assert Kinship.objects.count() == 3 * len(files)
        assert Consent.objects.count() == len(files)
        assert Household.objects.count() == len({f.home for f in files.values()})
        assert moving.misplaced() == {}

    @invariant()
    def every_offer_stands_as_the_model_says(self):
        assert dict(Transfer.objects.values_list("pk", "status")) == {k: o.state for k, o in self.world.offers.items()}


@pytest.mark.django_db
def test_nothing_is_lost_and_nothing_is_visible_to_both():
    run_state_machine_as_test(
        Transfers,
        settings=settings(
            max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
