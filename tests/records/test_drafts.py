import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from records import views
from records.drafts import MAX_BYTES, MAX_PER_PERSON, Draft
from records.once import UsedToken
from tests.records.threads import at_once

KEY = "contact:12"


def test_a_draft_comes_back_to_its_writer_only(worker, colleague):
    Draft.keep(worker, KEY, {"note": "孩子很好", "topics": ["study", "law"]})
    Draft.keep(worker, KEY, {"note": "孩子很好 <b>"})
    assert Draft.find(worker, KEY) == {"note": "孩子很好 <b>"}
    assert Draft.find(colleague, KEY) is None
    Draft.drop(colleague, KEY)
    assert Draft.find(worker, KEY)
    Draft.drop(worker, KEY)
    assert Draft.find(worker, KEY) is None


def test_the_database_holds_no_plain_draft(worker):
    Draft.keep(worker, KEY, {"note": "secret words"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM records_draft")
        assert "secret" not in cursor.fetchone()[0]


def test_size_and_number_are_limited(worker):
    with pytest.raises(ValidationError, match="too long"):
        Draft.keep(worker, KEY, {"note": "x" * MAX_BYTES})
    for n in range(MAX_PER_PERSON + 2):
        Draft.keep(worker, str(n), {})
    assert Draft.objects.count() == MAX_PER_PERSON
    assert Draft.find(worker, "0") is None


@pytest.mark.django_db(transaction=True)
def test_two_tabs_keep_one_draft(worker):
    at_once(*[lambda n=n: Draft.keep(worker, KEY, {"n": n}) for n in range(4)])
    assert Draft.objects.count() == 1


def sent(user, *args, **kwargs):
    request = RequestFactory().post(f"/drafts/{KEY}/", *args, **kwargs)
    request.user = user
    return views.draft(request, KEY)


def test_the_page_keeps_a_form_without_tokens_and_passwords(worker):
    form = {"note": "a", "topics": ["x", "y"], "csrfmiddlewaretoken": "t", "once_token": "t", "new_Password1": "p"}
    answer = sent(worker, form)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (204, True)
    assert Draft.find(worker, KEY) == {"note": "a", "topics": ["x", "y"]}
    assert sent(worker, json.dumps({"note": "b"}), content_type="application/json").status_code == 204
    assert Draft.find(worker, KEY) == {"note": "b"}


@pytest.mark.parametrize(
    ("body", "status"),
    [("null", 400), ("[]", 400), ("{", 400), ("[" * 90_000, 400), ('{"a": "\\ud800"}', 400), ('{"a": NaN}', 204),
     (json.dumps({"a": "x" * MAX_BYTES}), 413), (json.dumps({"a": "x" * 3 * MAX_BYTES}), 413)],
)  # fmt: skip
def test_junk_is_refused_never_a_fault(worker, body, status):
    assert sent(worker, body, content_type="application/json").status_code == status


def test_old_drafts_and_tokens_go(worker):
    Draft.keep(worker, "old", {})
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=31))
    Draft.keep(worker, "new", {})
    UsedToken.objects.create(token="0" * 32, used_at=timezone.now() - timedelta(days=31))
    UsedToken.objects.create(token="1" * 32)
    call_command("clear_drafts", stdout=StringIO())
    assert list(Draft.objects.values_list("key", flat=True)) == ["new"]
    assert UsedToken.objects.count() == 1
