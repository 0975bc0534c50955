"""One act behind a button: done once, refused in words, and nothing typed is lost."""

import uuid

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from records.acting import act_once
from records.lifecycle import Refused
from records.once import FIELD, UsedToken

pytestmark = pytest.mark.django_db


class WhyForm(forms.Form):
    why = forms.CharField()


@pytest.fixture
def send(rf, director):
    """Post `data`, do `act`, and answer (status, where to or what is drawn, what is said)."""

    def send(act, form=WhyForm, token=None, to="/there/", **data):
        request = rf.post("/here/", {FIELD: token or uuid.uuid4(), **data})
        request.user, request.session = director, {}
        request._messages = FallbackStorage(request)
        sent = form and form(request.POST)
        again = lambda: HttpResponse(sent.data.get("why", ""))  # noqa: E731
        answer = act_once(request, act, to=to, said="Done.", form=sent, again=again)
        where = answer.url if answer.status_code == 302 else answer.content.decode()
        return answer.status_code, where, [str(message) for message in get_messages(request)]

    return send


def refuse(_data):
    UsedToken.objects.create(token=uuid.UUID(int=1))
    raise Refused("Not today.")


def spoil(_data):
    raise ValidationError("This is no picture.")


def test_an_act_is_done_once_with_what_was_typed(send):
    done, token = [], uuid.uuid4()
    assert send(done.append, token=token, why="ill") == (302, "/there/", ["Done."])
    status, where, said = send(done.append, token=token, why="ill")
    assert (status, where, len(said)) == (302, "/there/", 1)
    assert done == [{"why": "ill"}]


def test_where_nothing_else_is_said_it_leads_to_what_was_made(send):
    made, token = iter(["/made/1/", "/made/2/"]), uuid.uuid4()
    for _click in range(2):
        assert send(lambda _data: next(made), token=token, to=None, why="ill")[:2] == (302, "/made/1/")


@pytest.mark.parametrize(("act", "words"), [(refuse, "Not today."), (spoil, "This is no picture.")])
def test_what_is_refused_is_said_undone_and_typed_again(act, words, send):
    token = uuid.uuid4()
    assert send(act, token=token, why="ill") == (200, "ill", [words])
    assert send(act, form=None) == (302, "/there/", [words])
    assert not UsedToken.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"token": "none", "why": "ill"}])
def test_a_form_that_is_not_right_does_nothing_and_comes_back(sent, send):
    done = []
    assert send(done.append, **sent)[:2] == (200, sent.get("why", ""))
    assert done == []
