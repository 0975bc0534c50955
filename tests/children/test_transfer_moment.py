"""What is written about a child while its file is handed over goes with the file, or is not written at all."""

import datetime as dt
import threading
import time
import uuid

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from children import moving, referring, stays, transfer
from children.consenting import give_consent
from children.leaving import what_ends
from children.merging import merge
from children.models import (
    Adult,
    Away,
    Child,
    Concern,
    Consent,
    GrowthNote,
    Kinship,
    Need,
    ParentContact,
    Referral,
    Transfer,
)
from communities.following import NAME
from counselling.models import Case
from guardianship import issuing
from guardianship.models import Card, Letter
from records import once
from records.lifecycle import Refused
from records.versions import stored_for_update
from tests.children.factories import a_child, left_behind_child, offered
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper
from volunteers.models import Pairing

FOLLOWING = [(Child, ("children_household", "household_id")), (Adult, ("children_household", "household_id"))]
FOLLOWING += [
    (model, (on[0]._meta.db_table, model._meta.get_field(on[1]).column))
    for model, on in moving.reached().items()
    if on and moving.moves(model)
]


def watching(model):
    """(base, key, what then) of the trigger on the model's table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [NAME, model._meta.db_table],
        )
        found = cursor.fetchone()
    key, base, then = found[0].split("\\000")[:3] if found else ("", "", "")
    return base, key, then


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "hangs_on"), FOLLOWING, ids=lambda it: getattr(it, "__name__", None))
def test_every_table_about_a_child_looks_again(model, hangs_on):
    base, key, _then = watching(model)
    assert (base, key) == hangs_on, f"{model._meta.label}: a migration says goes_after() or begins_again() of it."


@pytest.mark.django_db
def test_what_a_transfer_ends_is_not_begun_while_it_is_accepted():
    ends = {rows.model for rows in what_ends([], moving_to=None)} | {Letter, Case}
    assert {model for model in ends if watching(model)[2] != "begin again"} == set()


# Two sessions ---------------------------------------------------------------------------------------------------------


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def while_accepting(made, write, *, by):
    """What `write` gives (or the refusal it meets) when it begins once the acceptance is done but not yet kept."""
    accepted = threading.Event()

    def accept():
        try:
            with transaction.atomic():
                transfer.accept(Transfer.objects.get(pk=made.pk), by=by)
                accepted.set()
                until = time.monotonic() + 3
                while not somebody_waits() and time.monotonic() < until:
                    time.sleep(0.02)
        finally:
            accepted.set()

    def meanwhile():
        assert accepted.wait(20)
        try:
            with transaction.atomic():
                return write()
        except (Refused, OperationalError) as refusal:
            return refusal

    return at_once(accept, meanwhile)[1]


def mother(child):
    return Adult.objects.get(kinships__child=child, name="李红")


MOTHERS: dict[int, Adult] = {}


def loaded(child):
    """The child and its mother as somebody has them who opened the file before."""
    MOTHERS[child.pk] = mother(child)
    return Child.objects.get(pk=child.pk)


def on_the_mother(act):
    return lambda child, by: act(MOTHERS[child.pk], by)


TODAY = timezone.localdate
GOES = {
    Concern: lambda child, by: Concern.raise_for(child, what="手臂有伤", by=by),
    Consent: lambda child, by: give_consent(child, "photo", given_by="李红", on=TODAY(), by=by),
    GrowthNote: lambda child, by: GrowthNote.objects.create(
        child=child, community_id=child.community_id, day=TODAY(), title="会骑车了", written_by=by
    ),
    Need: lambda child, by: Need.objects.create(
        child=child, community_id=child.community_id, topic="study", noted_on=TODAY()
    ),
    ParentContact: on_the_mother(lambda adult, by: stays.log_contact(adult, on=TODAY(), reached=True, by=by)),
    Away: on_the_mother(
        lambda adult, by: stays.note_stay(
            Away(adult=adult, since=dt.date(2020, 1, 1), until=dt.date(2020, 2, 1), place="广东省"), by=by
        )
    ),
    Card: lambda child, by: issuing.issue([child], ["phone"], by=by),
}


@pytest.fixture
def child(community):
    return left_behind_child(community)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", GOES, ids=lambda model: model.__name__)
def test_what_is_written_meanwhile_goes_with_the_file(model, child, director, stranger, far_community):
    stale, before = loaded(child), model.objects.count()
    made = offered([child], far_community, by=director)
    said = while_accepting(made, lambda: GOES[model](stale, director), by=stranger)
    assert not isinstance(said, Exception), said
    assert model.objects.count() == before + 1
    assert set(model.objects.values_list("community", "district")) == {(far_community.pk, "150902")}
    assert moving.misplaced() == {}
    assert not model.objects.visible_to(director).exists()


@pytest.fixture
def nearby(make_user, street):
    return make_user("counsellor", street, "nearby")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "begin"),
    [
        (Referral, lambda child, world: referring.refer(child, world["nearby"], by=world["by"])),
        (
            Pairing,
            lambda child, world: Pairing.propose(
                child=child, volunteer=world["helper"], kind="tutor", by=world["by"]
            ),
        ),
        (
            Child,
            lambda child, world: a_child(child.community, child.household, name="陈小弟"),
        ),
        (
            Kinship,
            lambda child, world: Kinship.objects.create(
                child=child,
                community_id=child.community_id,
                relation="uncle_aunt",
                adult=Adult.objects.create(household=child.household, community=child.community, name="陈姨"),
            ),
        ),
        (
            Case,
            lambda child, world: Case.objects.create(
                child=child, community_id=child.community_id, counsellor=world["nearby"]
            ),
        ),
    ],
    ids=lambda it: getattr(it, "__name__", None) if isinstance(it, type) else None,
)  # fmt: skip
def test_what_a_transfer_would_end_is_not_begun(
    model, begin, child, director, stranger, community, far_community, nearby
):
    world = {"by": director, "nearby": nearby, "helper": a_helper(community, director)}
    stale = Child.objects.select_related("household", "community").get(pk=child.pk)
    before = set(model.objects.values_list("pk", flat=True))
    said = while_accepting(offered([child], far_community, by=director), lambda: begin(stale, world), by=stranger)
    assert isinstance(said, OperationalError), said
    assert said.__cause__.sqlstate == "40001"
    assert set(model.objects.values_list("pk", flat=True)) == before
    assert moving.misplaced() == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Concern, Consent, Away], ids=lambda model: model.__name__)
def test_what_is_being_written_when_the_file_is_taken_over_goes_too(model, child, director, stranger, far_community):
    """The other order: the row is there but not yet kept, and the acceptance waits for it or sees it."""
    stale, before = loaded(child), model.objects.count()
    made = offered([child], far_community, by=director)
    written = threading.Event()

    def write():
        with transaction.atomic():
            GOES[model](stale, director)
            written.set()
            time.sleep(0.4)

    def accept():
        assert written.wait(20)
        transfer.accept(Transfer.objects.get(pk=made.pk), by=stranger)

    at_once(write, accept)
    assert model.objects.count() == before + 1
    assert set(model.objects.values_list("community", flat=True)) == {far_community.pk}
    assert moving.misplaced() == {}


@pytest.mark.django_db(transaction=True)
def test_who_saves_what_was_loaded_before_does_not_bring_it_back(child, director, stranger, community, far_community):
    Consent.objects.create(child=child, community=community, purpose="photo", given_by="李红", given_on=TODAY())
    loaded_before = [model.objects.first() for model in (Child, Kinship, Consent, Away)]
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    for row in loaded_before:
        row.save()
    assert moving.misplaced() == {}
    assert Child.objects.get().community == far_community


@pytest.mark.django_db(transaction=True)
def test_on_the_page_the_file_is_gone_like_one_that_never_was(
    child, director, stranger, far_community, nearby, signed_in
):
    browser = signed_in(director)
    made = offered([child], far_community, by=director)
    url = reverse("children:refer", args=[child.pk])
    typed = {"counsellor": nearby.pk, once.FIELD: str(uuid.uuid4())}
    answer = while_accepting(made, lambda: browser.post(url, typed), by=stranger)
    never = browser.post(reverse("children:refer", args=[child.pk + 999]), typed)
    assert (answer.status_code, never.status_code) == (404, 404)
    assert not Referral.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_has_a_file_open_to_save_it_holds_up_no_concern(child, director):
    held, raised = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            stored_for_update(child)
            held.set()
            return raised.wait(10)

    def worry():
        assert held.wait(20)
        Concern.raise_for(child, what="手臂有伤", by=director)
        raised.set()

    assert at_once(save, worry)[0] is True


def test_an_offer_whose_children_are_of_several_households_by_now_is_not_accepted(
    community, far_community, director, stranger
):
    """One of them was merged into a file of another household: each household goes with its own offer."""
    kept = a_child(community, name="另一")
    one = left_behind_child(community)
    two, _three = (a_child(community, one.household) for _ in range(2))
    made = offered([one, two], far_community, by=director)
    merge(kept, two, by=director)
    with pytest.raises(Refused, match="of several households"):
        transfer.accept(Transfer.objects.get(pk=made.pk), by=stranger)
    assert set(Child.objects.values_list("community", flat=True)) == {community.pk}
    transfer.withdraw(Transfer.objects.get(pk=made.pk), by=director)
    for child in (one, kept):
        transfer.accept(offered([child], far_community, by=director), by=stranger)
    assert moving.misplaced() == {}
