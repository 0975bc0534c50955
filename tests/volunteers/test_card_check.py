"""The public page behind the code of a pairing card says yes or no, and the workbooks hold what the list shows."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.children.pages import filled, words
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_child, a_helper, a_pairing, asks, days
from volunteers.models.record_check import months_after
from volunteers.models.requirement import Asked

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


def test_the_roster_tells_the_check_apart_from_all_that_is_asked(
    signed_in, district, community, director, helper, django_assert_num_queries
):
    """Training that ended closes the way though the check still runs; a check that found something has no end."""
    staff = freshly_signed_in(signed_in(director))
    fetched(staff, "helper_roster")  # what is looked up once and kept
    with CaptureQueriesContext(connection) as one:
        fetched(staff, "helper_roster")
    asks(district, Asked.TRAINING)
    helper.show("training", done_on=days(-40), valid_until=days(-10), by=director)
    found_out = a_helper(community, director, name="赵敏", sex="M", kinds=["tutor"])
    found_out.record_check(checked_on=days(-1), result="not_clear", by=director)
    a_helper(community, director, name="周平", kinds=["tutor"], checked=False)
    with django_assert_num_queries(len(one)):
        rows = fetched(staff, "helper_roster")
    check_ends, joined = months_after(days(-100), 12), f"{days(-300)}"
    place, phone = str(community), "15412345678"
    roles = "loving mother, tutor, acting parent"
    heads, *lines = [row.split("|") for row in rows if "|" in row and row.split("|")[1]]
    assert heads == [
        *["#", "name", "sex", "phone", "can help as", "children now", "children at most", "joined on"],
        *["record check valid until", "cleared until", "community"],
    ]
    assert lines == [
        ["1", "周平", "woman", phone, "tutor", "0", "1", joined, "", "", place],
        ["2", "王爱华", "woman", phone, roles, "0", "5", joined, f"{check_ends}", f"{days(-10)}", place],
        ["3", "赵敏", "man", phone, "tutor", "0", "1", joined, "", "", place],
    ]


@pytest.mark.parametrize("name", ["pairing_table", "helper_roster"])
def test_the_workbooks_stop_at_the_community(signed_in, stranger, community, director, helper, name):
    a_pairing(a_child(community, name="陈小雨"), helper, director)
    text = "\n".join(fetched(freshly_signed_in(signed_in(stranger)), name))
    assert "陈小雨" not in text
    assert helper.name not in text
