"""The public page behind the code of a pairing card says yes or no, and the workbooks hold what the list shows."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.children.pages import filled, words
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_child, a_helper, a_pairing, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def asked(client, code):
    return client.get(reverse("card_check", args=[code]))


def test_a_card_is_valid_while_the_helper_may_come(client, community, director, helper):
    pairing = a_pairing(a_child(community, name="陈小雨"), helper, director)
    page = asked(client, pairing.card_code).content.decode()
    assert "valid today" in page
    assert not any(word in page for word in ("陈小雨", helper.name, pairing.child.number, community.name))
    pairing.pause(reason="helper_ill", by=director)
    assert words(asked(client, pairing.card_code)) == words(asked(client, "ABCDEFGH"))
    pairing.resume(by=director)
    assert b"valid today" in asked(client, pairing.card_code).content
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    assert b"not valid" in asked(client, pairing.card_code).content


def test_no_card_is_valid_after_the_end(client, community, director, helper):
    pairing = a_pairing(a_child(community), helper, director)
    pairing.end(by=director)
    assert b"not valid" in asked(client, pairing.card_code).content


@pytest.mark.parametrize("size", ["pairing_card", "pairing_card_small"])
def test_the_card_is_printed_with_a_code_that_leads_to_no_file(signed_in, community, director, helper, size):
    pairing = a_pairing(a_child(community, name="陈小雨"), helper, director)
    page = signed_in(director).get(reverse("paper", args=[size, pairing.pk])).content.decode()
    assert "陈小雨" in page
    assert "<svg" in page


def fetched(client, name, params=""):
    address = reverse("records:export", args=[name]) + params
    page = client.get(address)
    assert page.status_code == 200
    answer = client.post(address, filled(page, reason="check", purpose="核对"))
    content = io.BytesIO(b"".join(answer.streaming_content))
    return [
        "|".join(map(str, row)) for row in CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    ]


def test_the_workbooks_hold_the_rows_on_screen(signed_in, community, director, helper):
    ended = a_pairing(a_child(community, name="周明"), helper, director)
    ended.end(by=director)
    a_pairing(a_child(community, name="陈小雨"), helper, director)
    a_helper(community, director, name="赵敏")
    staff = freshly_signed_in(signed_in(director))
    text = "\n".join(fetched(staff, "pairing_table", "?status__exact=active"))
    assert "陈小雨" in text
    assert "周明" not in text
    text = "\n".join(fetched(staff, "helper_roster"))
    assert "赵敏" in text
    assert "15412345678" in text


@pytest.mark.parametrize("name", ["pairing_table", "helper_roster"])
def test_the_workbooks_stop_at_the_community(signed_in, stranger, community, director, helper, name):
    a_pairing(a_child(community, name="陈小雨"), helper, director)
    text = "\n".join(fetched(freshly_signed_in(signed_in(stranger)), name))
    assert "陈小雨" not in text
    assert helper.name not in text
