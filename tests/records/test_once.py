import uuid

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import Context, Template
from django.test import RequestFactory

from records import once
from records.once import UsedToken
from tests.records.threads import at_once

TOKEN = str(uuid.UUID(int=7))


def posted(user, token=TOKEN):
    request = RequestFactory().post("/visits/new/?child=1", {} if token is None else {"once_token": token})
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    return request


@pytest.fixture
def make(samples):
    """A view that makes one shelf for each form that counts."""

    def view(request, valid=True, fails=False, before=lambda: None):
        with transaction.atomic(), once.claim(request) as claim:
            if claim.repeated:
                return redirect(claim.result_url)
            if not valid:
                return HttpResponse("please correct")
            before()
            shelf = samples.Shelf.objects.create(title="one")
            if fails:
                raise ZeroDivisionError
            claim.result_url = f"/shelves/{shelf.pk}/"
            return redirect(claim.result_url)

    return view


def said(request):
    return [str(message) for message in request._messages]


def test_the_tag_gives_every_form_a_token_of_its_own():
    first, second = (Template("{% load once %}{% once_token %}").render(Context()) for _ in range(2))
    assert first != second
    assert uuid.UUID(first.split('"')[-2])


def test_a_second_submit_is_led_to_what_the_first_made(make, worker, samples):
    first = make(posted(worker))
    again = posted(worker)
    second = make(again)
    assert first.url == second.url
    assert samples.Shelf.objects.count() == 1
    assert said(again) == ["This form had already been sent. This is what came of it."]


def test_after_an_error_in_the_form_the_same_token_still_counts(make, worker, samples):
    make(posted(worker), valid=False)
    assert not UsedToken.objects.exists()
    make(posted(worker))
    assert samples.Shelf.objects.count() == 1


def test_a_failed_act_leaves_the_token_unused(make, worker, samples):
    with pytest.raises(ZeroDivisionError):
        make(posted(worker), fails=True)
    make(posted(worker))
    assert samples.Shelf.objects.count() == 1


@pytest.mark.parametrize("token", [None, "", "junk", "7", "\x00", "é", "x" * 9999])
def test_a_form_without_a_token_is_led_back_to_itself_in_words(make, worker, samples, token):
    request = posted(worker, token)
    assert make(request).url == "/visits/new/?child=1"
    assert said(request) == ["This form could not be recognised. Please check it and send it again."]
    assert samples.Shelf.objects.count() == 0


def test_somebody_elses_token_tells_nothing(make, worker, colleague, samples):
    made = make(posted(worker))
    assert make(posted(colleague)).url != made.url
    assert samples.Shelf.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_row(make, worker, samples):
    def click():
        return make(posted(worker), before=lambda: connection.cursor().execute("SELECT pg_sleep(0.3)")).url

    assert len(set(at_once(click, click, click))) == 1
    assert samples.Shelf.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_click_counts_when_the_first_fails(make, worker, samples):
    def click(fails):
        def act():
            try:
                return make(posted(worker), fails=fails).url
            except ZeroDivisionError:
                return None

        return act

    at_once(click(True), click(False))
    assert samples.Shelf.objects.count() == 1
