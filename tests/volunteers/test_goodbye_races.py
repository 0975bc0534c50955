"""A helper sends something from the portal while the office ends it: after the end nothing is written any more."""

from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, days
from tests.volunteers.test_portal import token_of
from volunteers.models import ChildLetter, CloseOut, Deputy, Feedback, Pairing, Promise, Renewal

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def pairing(community, director, helper, district):
    a_term(starts=-30)
    return a_pairing(a_child(community, name="陈小雨"), helper, director)


def sent_while_it_ends(portal, end, url, data, page=None):
    """Send `data` once `end` has been done and is not yet seen by others; it becomes visible once the helper waits."""
    token = {"once_token": token_of(portal.get(page))} if page else {}
    has_ended = Event()

    def ending():
        with transaction.atomic(), connection.cursor() as cursor:
            end()
            has_ended.set()
            until = monotonic() + 5
            while monotonic() < until and not _counted(cursor):
                sleep(0.02)

    def sending():
        has_ended.wait(10)
        return portal.post(url, {**token, **data})

    return at_once(ending, sending)[1]


def _counted(cursor):
    cursor.execute(WAITS)
    return cursor.fetchone()[0]


def _promise(pairing):
    page = reverse("portal:child", args=[pairing.child_id])
    return reverse("portal:promise", args=[pairing.child_id]), {"text": "去公园", "due_on": str(days(3))}, page


def _wish(pairing):
    return reverse("portal:wish", args=[pairing.pk]), {"wish": "go_on"}, None


def _words(pairing):
    page = reverse("portal:goodbye", args=[pairing.pk])
    return page, {"works_well": "先陪她画画", "ticks": ["got_on"], "words": "很舍不得"}, page


def _letter(pairing):
    page = reverse("portal:letter_new") + "?farewell=1"
    return page, {"child": pairing.child_id, "text": "谢谢你陪我", "farewell": "1"}, page


@pytest.mark.parametrize("act", [_promise, _wish, _words, _letter])
@pytest.mark.parametrize("way", ["the pairing", "the record check"])
def test_nothing_is_written_after_the_end(act, way, portal, pairing, helper, director):
    def end():
        if way == "the pairing":
            Pairing.objects.get(pk=pairing.pk).end(by=director)
        else:
            helper.record_check(checked_on=days(0), result="not_clear", by=director)

    sent_while_it_ends(portal, end, *act(pairing))
    for model in (Promise, Feedback, ChildLetter):
        assert not model.objects.exists(), model
    assert not Renewal.objects.exclude(helper_wish="").exists()
    assert not any(one.written_by_id for one in CloseOut.objects.all())
    assert portal.get(reverse("portal:child", args=[pairing.child_id])).status_code != 200


@pytest.mark.parametrize("way", ["the pairing", "the deputy"])
def test_no_promise_is_ticked_off_after_the_end(way, portal, pairing, helper, community, director):
    own = pairing
    if way == "the deputy":
        own = a_pairing(a_child(community, name="周明"), a_helper(community, director, name="赵敏"), director)
        span = {"from_day": days(0), "until_day": days(6), "guardian": "李红"}
        deputy = Deputy.name(own, volunteer=helper, by=director, **span)
    promise = Promise.give(own, text="去公园", due_on=days(3), by=director)
    end = (lambda: deputy.end(by=director)) if way == "the deputy" else (lambda: own.end(by=director))
    sent_while_it_ends(portal, end, reverse("portal:keep_promise", args=[promise.pk]), {})
    promise.refresh_from_db()
    assert promise.kept_on is None


def test_the_child_is_not_shown_again_with_what_could_not_be_written(portal, pairing, director):
    answer = sent_while_it_ends(portal, lambda: Pairing.objects.get().end(by=director), *_promise(pairing))
    assert answer.status_code == 404
    assert "no longer accompany" in portal.get(reverse("portal:children")).content.decode()
