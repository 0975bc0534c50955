"""Looks at a child's file leave a trace also where the page stayed closed; numbers of people stand in no address."""

import pytest
from django.urls import reverse

from records.measures import Period
from records.trail import TrailEntry
from reports.models import QuarterlyReport

pytestmark = pytest.mark.django_db

LIST = reverse("admin:children_child_changelist")
NUMBER = "11010519491231002X"


@pytest.mark.parametrize("who", ["federation", "administrator", "volunteer"])
def test_a_closed_file_notes_who_tried_to_open_it(request, signed_in, make_user, make_child, community, who):
    child = make_child(community)
    user = make_user("volunteer", community) if who == "volunteer" else request.getfixturevalue(who)
    for method in ("get", "head", "post"):
        assert getattr(signed_in(user), method)(f"/children/{child.pk}/").status_code == 404
    tried = TrailEntry.objects.about(child)
    assert [(e.actor, e.refused, e.page) for e in tried] == [(user, True, "children:file")] * 3


def test_the_portal_notes_staff_who_try_its_pages(signed_in, director, make_child, community):
    child = make_child(community)
    assert signed_in(director).get(f"/portal/children/{child.pk}/").status_code == 404
    assert TrailEntry.objects.about(child).get().refused


@pytest.mark.parametrize("page", ["leave", "concern", "edit"])
def test_pages_beside_the_file_are_looks_as_well(signed_in, director, make_child, community, page):
    child = make_child(community)
    assert signed_in(director).get(f"/children/{child.pk}/{page}/").status_code == 200
    assert TrailEntry.objects.about(child).reads().count() == 1


def test_a_number_is_searched_for_without_standing_in_an_address(signed_in, director, make_child, community):
    child = make_child(community, id_number=NUMBER)
    client = signed_in(director)
    page = client.post(LIST, {"q": "1101 0519 4912 3100 2x"})
    assert page.status_code == 200
    assert child.number in page.content.decode()
    hrefs = [part.split('"')[0] for part in page.content.decode().split('href="')[1:]]
    assert not [href for href in hrefs if "11010519" in href or "1101+0519" in href or "1101%200519" in href]
    assert TrailEntry.objects.about(child).reads().count() == 1


def test_other_words_are_searched_for_at_an_address_with_the_filters(signed_in, director, community):
    answer = signed_in(director).post(f"{LIST}?sex__exact=F", {"q": "小雨"})
    assert answer.url == f"{LIST}?sex__exact=F&q=%E5%B0%8F%E9%9B%A8"


def test_the_search_box_is_posted(signed_in, director, community):
    box = signed_in(director).get(LIST).content.decode().split('id="changelist-search"')[1][:80]
    assert 'method="post"' in box


def test_what_is_written_in_a_report_is_an_act(signed_in, director, community):
    report = QuarterlyReport.open_for(community, Period.quarter(2025, 1), by=director)
    signed_in(director).post(f"/reports/{report.pk}/", {"done": "走访", "seen_version": report.version})
    entry = TrailEntry.objects.about(report).first()
    assert (entry.verb, entry.fields, entry.actor) == ("changed", ["done"], director)
