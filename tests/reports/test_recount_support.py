"""Applications for support and payments recounted."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.utils import timezone

from children.models import Child
from communities.models import Division
from support.models import Application, Payment
from tests.children.factories import a_child
from tests.reports.recounting import SEEDS, a_day, all_communities, compare_all, inside, recounts
from tests.support.factories import a_kind
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["support_applied", "support_approved", "spring_bud_applied", "spring_bud_approved"]
KEYS += ["support_children_helped", "support_payments_made"]
TITLES = ["春蕾计划", "阳光助学", "中国春蕾女童"]
SENT = ["submitted", "checked", "on_notice", "approved", "declined"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director, supervisor, federation):
    """Applications of every state for the Spring Bud and for another kind; payments planned, made, cancelled and taken
    back."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    kinds = {place.pk[:6]: [] for place in places}
    for code, own in kinds.items():
        own += [a_kind(Division.objects.get(pk=code), title_zh=title) for title in TITLES]
    for place in places:
        children = [a_child(place) for _n in range(8)]
        Child.objects.filter(pk=children[0].pk).update(left_on=days(-10), left_reason="moved_out")
        for child in children:
            for kind in kinds[place.pk[:6]]:
                for status in [chance.choice(Application.Status.values), "approved", "withdrawn"]:
                    _an_application(chance, child, kind, status, (director, supervisor, federation))
    return places


def at_night(day):
    """Late in the day, when it is another one elsewhere."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))


def _an_application(chance, child, kind, status, people):
    worker, officer, federation = people
    submitted = a_day(chance, -230, 0)
    facts = {}
    if status in SENT or status == "returned" or (status == "withdrawn" and chance.random() < 0.7):
        facts = {"submitted_by": worker, "submitted_at": at_night(submitted)}
    if status == "on_notice":
        facts |= {"notice_from": days(-3), "notice_until": days(3)}
    if status in ("approved", "declined"):
        facts |= {"checked_by": officer, "decided_by": federation, "decided_at": at_night(a_day(chance, -230, 0))}
        facts |= {"granted": Decimal(500)} if status == "approved" else {}
    application = Application.objects.create(
        **{"community_id": child.community_id, "child": child, "kind": kind, "rules": {}, "status": status},
        **{"amount": Decimal(500), "prepared_by": worker, **facts},
    )
    for _n in range(chance.randint(0, 2) if status == "approved" else 0):
        _a_payment(chance, application, worker)


def _a_payment(chance, application, by):
    status = chance.choice(["paid", "confirmed", *Payment.Status.values])
    facts = {"community_id": application.community_id, "application": application, "noted_by": by}
    on = a_day(chance, -230, 0)
    paid = {"paid_on": on, "method": "bank"} if status in ("paid", "confirmed") else {}
    received = {"received_on": on} if status == "confirmed" else {}
    made = Payment.objects.create(status=status, planned_on=on, amount=Decimal("99.50"), **paid, **received, **facts)
    if status in ("paid", "confirmed") and chance.random() < 0.3:
        back = {"paid_on": a_day(chance, -60, 0), "corrects": made, "why": "付错了"}
        Payment.objects.create(status="paid", planned_on=on, amount=Decimal("-99.50"), **back, **facts)


def on_day(moment):
    return moment and timezone.localdate(moment)


@recounts("support_applied")
def support_applied(period):
    sent = [one for one in Application.objects.select_related("kind") if inside(on_day(one.submitted_at), period)]
    return [one for one in sent if one.status != "withdrawn"]


@recounts("support_approved")
def support_approved(period):
    decided = [one for one in Application.objects.select_related("kind") if inside(on_day(one.decided_at), period)]
    return [one for one in decided if one.status == "approved"]


def of_the_spring_bud(rows):
    return lambda period: [one for one in rows(period) if "春蕾" in one.kind.title_zh]


recounts("spring_bud_applied")(of_the_spring_bud(support_applied))
recounts("spring_bud_approved")(of_the_spring_bud(support_approved))


@recounts("support_payments_made")
def support_payments_made(period):
    payments = list(Payment.objects.select_related("application"))
    taken_back = {one.corrects_id for one in payments if one.corrects_id}
    made = [one for one in payments if one.status in ("paid", "confirmed") and not one.corrects_id]
    return [one for one in made if one.pk not in taken_back and inside(one.paid_on, period)]


@recounts("support_children_helped")
def support_children_helped(period):
    helped = {one.application.child_id for one in support_payments_made(period)}
    return [child for child in Child.objects.all() if child.pk in helped]


def test_applications_and_payments_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)
