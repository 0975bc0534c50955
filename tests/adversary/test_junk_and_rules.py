"""What a hostile or clumsy person sends ends in words or in a 4xx, never in an error page."""

import datetime as dt
import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from communities.models import ClosedDay, Posting
from homes.models import Home
from tests.conftest import freshly_signed_in
from tests.homes.factories import make_home
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def once():
    return {"once_token": str(uuid.uuid4())}


def test_a_posting_that_would_end_before_it_began_is_refused_in_words(signed_in, administrator, director):
    posting = director.postings.get()
    page = freshly_signed_in(signed_in(administrator)).post(
        reverse("admin:communities_posting_change", args=[posting.pk]), {"ends_on": "2000-01-01"}
    )
    assert "A posting cannot end before it starts." in page.content.decode()
    posting.refresh_from_db()
    assert posting.ends_on is None


def test_a_posting_yet_to_begin_is_not_ended_today(signed_in, administrator, director, sister_community):
    coming = Posting.objects.create(
        user=director,
        division=sister_community,
        role="community_worker",
        starts_on=timezone.localdate() + dt.timedelta(days=5),
    )
    answer = freshly_signed_in(signed_in(administrator)).post(
        reverse("admin:communities_posting_changelist"),
        {"action": "end_today", "_selected_action": [coming.pk], "index": "0"},
    )
    assert answer.status_code == 302
    coming.refresh_from_db()
    assert coming.ends_on is None


def test_a_rule_over_a_fixed_column_is_said_on_the_form(signed_in, administrator, district):
    ClosedDay.objects.create(district=district, day=dt.date(2031, 1, 1), name="元旦")
    other = ClosedDay.objects.create(district=district, day=dt.date(2031, 1, 2), name="元旦")
    page = freshly_signed_in(signed_in(administrator)).post(
        reverse("admin:communities_closedday_change", args=[other.pk]), {"day": "2031-01-01", "name": "元旦"}
    )
    assert "This day already has an entry." in page.content.decode()


def test_a_rule_over_the_place_of_a_new_row_is_said_on_the_form(signed_in, director, community):
    make_home(community)
    typed = {"name": "又一家", "address": "路", "area": "30", "opened_on": "2024-01-01"}
    page = signed_in(director).post(reverse("admin:homes_home_add"), {**typed, **once()})
    assert "This community already has an open Home." in page.content.decode()
    assert Home.objects.count() == 1


def test_two_helpers_with_one_id_number_are_refused_in_words(signed_in, director, community):
    client = signed_in(director)
    number = "11010519491231002X"
    typed = {"name": "刘芳", "sex": "F", "kinds": ["tutor"], "capacity": "1", "joined_on": "2024-01-01"}
    typed |= {"id_number": number}
    client.post(reverse("admin:volunteers_volunteer_add"), {**typed, **once()})
    page = client.post(reverse("admin:volunteers_volunteer_add"), {**typed, **once()})
    assert "This community already has a helper with this ID number." in page.content.decode()
    assert Volunteer.objects.count() == 1


def test_a_nul_in_the_community_of_a_report_is_no_error(signed_in, director):
    sent = {"quarter": "2024Q3", "community": "1509\x00"}
    assert signed_in(director).post(reverse("reports:open"), sent).status_code == 404


@pytest.mark.parametrize("key", ["9" * 40, "9" * 5000, "٣", "²"])
def test_any_child_in_the_address_of_a_new_pairing_is_no_error(signed_in, director, key):
    page = signed_in(director).get(reverse("admin:volunteers_pairing_add"), {"child": key})
    assert page.status_code == 200


@pytest.mark.parametrize("page", ["volunteers_volunteer", "communities_leadinggroupmember"])
@pytest.mark.parametrize("key", ["\x00", "x", "9999-12-31", "9" * 5000])
def test_an_action_on_what_is_no_row_is_no_error(signed_in, director, page, key):
    action = {"volunteers_volunteer": "leave_service"}.get(page, "none")
    sent = {"action": action, "_selected_action": [key], "index": "0"}
    assert signed_in(director).post(reverse(f"admin:{page}_changelist"), sent).status_code in (200, 302, 400)


def test_nothing_tells_whether_a_row_out_of_scope_exists(signed_in, director, far_community):
    home = make_home(far_community)
    kind = ContentType.objects.get_for_model(Home).pk
    client = signed_in(director)
    hidden, absent = client.get(f"/admin/r/{kind}/{home.pk}/"), client.get(f"/admin/r/{kind}/999999999/")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404
