"""The pages: who sees what, what they tell, how many questions each asks the database, what prints."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Division
from homes import checking
from homes.models import Home, Inspection
from tests.homes.factories import fill_in, make_home, managed, standard_in_force, submitted_check, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def home(community, district, director):
    standard_in_force(district)
    home = make_home(community)
    managed(home, director)
    return home


@pytest.fixture
def check(home, director):
    return checking.begin(home, "self_check", by=director)


def section_url(check, section="hardware"):
    return reverse("homes:section", args=[check.pk, section])


# Who sees which Home -------------------------------------------------------------------------------------------------


def test_each_sees_the_homes_of_their_divisions(
    home, sister_community, far_community, director, supervisor, federation, stranger, signed_in
):
    make_home(sister_community, name="体育场之家")
    make_home(far_community, name="龙湾之家")
    outside = Division.objects.create(code="150903", name="外区", level="district")
    Division.objects.create(code="150903001", name="外街", level="street", parent=outside)
    other = Division.objects.create(code="150903001001", name="外社区", level="community", parent_id="150903001")
    make_home(other, name="外区之家")
    seen = {
        user.username: set(re.findall("儿童之家|体育场之家|龙湾之家|外区之家", _text(signed_in(user), "homes:list")))
        for user in (director, supervisor, federation, stranger)
    }
    assert seen == {
        "director": {"儿童之家"},
        "supervisor": {"儿童之家", "体育场之家"},
        "federation": {"儿童之家", "体育场之家", "龙湾之家"},
        "stranger": {"龙湾之家"},
    }


def _text(client, name, *args):
    page = BeautifulSoup(client.get(reverse(name, args=args)).content, "html.parser")
    return page.main.text


def test_out_of_scope_is_as_if_it_never_was(home, check, stranger, signed_in):
    client = signed_in(stranger)
    urls = [
        (reverse("homes:home", args=[home.pk]), reverse("homes:home", args=[999999])),
        (reverse("homes:inspection", args=[check.pk]), reverse("homes:inspection", args=[999999])),
        (section_url(check), reverse("homes:section", args=[999999, "hardware"])),
    ]
    for real, none in urls:
        answers = [client.get(url) for url in (real, none)]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].content.replace(real.encode(), b"") == answers[1].content.replace(none.encode(), b"")
    for name in ("begin", "measure", "submit"):
        key = home.pk if name == "begin" else check.pk
        assert client.post(reverse(f"homes:{name}", args=[key]), {"kind": "self_check"}).status_code == 404


@pytest.mark.parametrize("role", ["counsellor", "administrator"])
def test_roles_without_homes_find_no_page(home, role, request, signed_in):
    client = signed_in(request.getfixturevalue(role))
    assert client.get(reverse("homes:list")).status_code == 404
    assert client.get(reverse("homes:home", args=[home.pk])).status_code == 404


def test_the_manager_in_office_is_named_to_those_who_may_know(home, director, supervisor, federation, signed_in):
    for who in (director, supervisor):
        page = _text(signed_in(who), "homes:home", home.pk)
        assert "王丽" in page and "16112345678" not in page, who
    page = _text(signed_in(federation), "homes:home", home.pk)
    assert "王丽" not in page and "no manager entered" not in page
    home.holders.get().end(by=director)
    home.holders.update(until=today() - dt.timedelta(days=1))
    assert "no manager entered" in _text(signed_in(director), "homes:home", home.pk)
    assert "no manager entered" not in _text(signed_in(federation), "homes:home", home.pk)


def test_nobody_inspects_their_own_home(home, director, supervisor, federation, signed_in):
    url = reverse("homes:begin", args=[home.pk])
    expected = {
        (director, "self_check"): 302,
        (director, "inspection"): 404,
        (supervisor, "self_check"): 404,
        (supervisor, "inspection"): 302,
        (federation, "self_check"): 404,
        (federation, "inspection"): 302,
    }
    for (user, kind), status in expected.items():
        assert signed_in(user).post(url, {"kind": kind}).status_code == status, (user, kind)
    assert Inspection.objects.count() == 2  # supervisor and federation go on with the same inspection
    inspection = Inspection.objects.get(kind="inspection")
    assert signed_in(director).get(section_url(inspection)).status_code == 404
    assert signed_in(director).get(inspection.get_absolute_url()).status_code == 200
    assert signed_in(supervisor).get(section_url(Inspection.objects.get(kind="self_check"))).status_code == 404


def test_acts_are_by_post_only(home, check, director, signed_in):
    client = signed_in(director)
    for name, key in (("begin", home.pk), ("measure", check.pk), ("submit", check.pk)):
        assert client.get(reverse(f"homes:{name}", args=[key])).status_code == 405


@pytest.mark.parametrize("junk", ["?grade=nonsense", "?page=0", "?page=99999999999999999999", "?q=%27%25_" + "x" * 300])
def test_junk_in_the_address_does_no_harm(home, director, signed_in, junk):
    assert signed_in(director).get(reverse("homes:list") + junk).status_code == 200


def test_unknown_sections_and_kinds(home, check, director, signed_in):
    client = signed_in(director)
    assert client.get(reverse("homes:section", args=[check.pk, "cellar"])).status_code == 404
    assert client.post(reverse("homes:begin", args=[home.pk]), {"kind": "raid"}).status_code == 404
    assert client.post(reverse("homes:begin", args=[home.pk])).status_code == 404


# Score and gaps --------------------------------------------------------------------------------


def test_from_open_to_gaps(home, supervisor, federation, signed_in):
    client = signed_in(supervisor)
    client.post(reverse("homes:begin", args=[home.pk]), {"kind": "inspection"})
    check = Inspection.objects.get()
    fill_in(check, supervisor, but={"H01", "H02"})
    assert "not answered yet" in _text(client, "homes:inspection", check.pk)
    client.post(reverse("homes:submit", args=[check.pk]))
    check.refresh_from_db()
    page = _text(client, "homes:inspection", check.pk)
    assert str(check.score) in page
    assert "“Excellent” is barred" in page
    assert "at least 30\u00a0m²" in page
    for reader in (supervisor, federation):
        text = _text(signed_in(reader), "homes:home", home.pk)
        assert str(check.score) in text
        assert "H02" in text


def test_the_trend_shows_with_the_second_check(home, supervisor, director, signed_in):
    submitted_check(home, supervisor, on=today() - dt.timedelta(days=300), but={"H01", "S01"})
    client = signed_in(director)
    assert "<svg viewBox" not in client.get(home.get_absolute_url()).content.decode()
    submitted_check(home, director, kind="self_check")
    page = BeautifulSoup(client.get(home.get_absolute_url()).content, "html.parser")
    assert [p["data-kind"] for p in page.select(".trend-point")] == ["inspection", "self_check"]


def test_the_list_is_filtered_and_begins_with_the_neediest(home, sister_community, supervisor, signed_in):
    other = make_home(sister_community, name="体育场之家")
    submitted_check(home, supervisor)
    submitted_check(other, supervisor, but={f"H{n:02}" for n in range(1, 18)})
    client = signed_in(supervisor)

    def shown(query=""):
        page = BeautifulSoup(client.get(reverse("homes:list") + query).content, "html.parser")
        return [link.text for link in page.select("tbody a")]

    assert shown() == ["体育场之家", "儿童之家"]
    assert shown("?grade=rectify") == ["体育场之家"]
    assert shown("?grade=excellent") == []
    assert shown("?grade=unchecked") == ["体育场之家", "儿童之家"]
    assert shown("?q=体育") == ["体育场之家"]


# Speed --------------------------------------------------------------------------------


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_lists_ask_the_same_for_1_3_and_30_homes(district, street, supervisor, signed_in):
    standard_in_force(district)
    client = signed_in(supervisor)
    pages = [reverse("homes:list"), reverse("admin:homes_home_changelist")]
    counts = []
    for more in (1, 2, 27):
        start = Division.objects.filter(level="community").count()
        for n in range(start, start + more):
            code = f"{street.pk}{900 + n}"
            place = Division.objects.create(code=code, name=f"社区{n}", level="community", parent=street)
            submitted_check(make_home(place, name=f"之家{n}"), supervisor, but={"H01"})
        counts.append([_queries(client, page) for page in pages])
    assert counts[0] == counts[1] == counts[2]


def test_a_home_asks_the_same_for_2_and_8_checks(home, supervisor, signed_in):
    client = signed_in(supervisor)
    counts = []
    for rounds in (2, 6):
        for n in range(rounds):
            check = submitted_check(home, supervisor, on=today() - dt.timedelta(days=30 * n))
        counts.append([_queries(client, url) for url in (home.get_absolute_url(), check.get_absolute_url())])
    assert counts[0] == counts[1]


# Paper --------------------------------------------------------------------------------


def test_the_blank_checklist_prints_every_requirement(home, federation, signed_in):
    response = signed_in(federation).get(reverse("paper", args=["home_checklist", home.pk]))
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.select("tbody tr")) == 49
    assert page.select(".box")


def test_the_filled_checklist_prints_what_was_found(home, supervisor, stranger, signed_in):
    check = submitted_check(home, supervisor, but={"H01"})
    url = reverse("paper", args=["home_check", check.pk])
    text = BeautifulSoup(signed_in(supervisor).get(url).content, "html.parser").text
    assert str(check.score) in text
    assert "not answered" in text
    assert signed_in(stranger).get(url).status_code == 404


def test_a_check_under_way_prints_only_for_those_who_fill_it_in(check, director, supervisor, signed_in):
    url = reverse("paper", args=["home_check", check.pk])
    assert signed_in(director).get(url).status_code == 200
    assert signed_in(supervisor).get(url).status_code == 404


def test_several_sheets_ask_once_for_what_they_share(home, sister_community, supervisor, signed_in):
    other = make_home(sister_community, name="体育场之家")
    url = reverse("papers", args=["home_checklist"])
    response = signed_in(supervisor).get(url, {"keys": f"{home.pk},{other.pk}"})
    assert len(BeautifulSoup(response.content, "html.parser").select("article")) == 2


def test_paper_says_when_no_standard_is_in_force(community, director, signed_in):
    home = make_home(community)
    text = signed_in(director).get(reverse("paper", args=["home_checklist", home.pk])).content.decode()
    assert "No standard is in force" in text


# Staff pages --------------------------------------------------------------------------------


def test_the_director_enters_and_closes_the_home(community, director, signed_in):
    client = signed_in(director)
    page = BeautifulSoup(client.get(reverse("admin:homes_home_add")).content, "html.parser")
    data = {
        "name": "新家",
        "address": "3 号楼",
        "area": "35",
        "opened_on": "2026-01-05",
        "once_token": page.select_one("[name=once_token]")["value"],
    }
    assert client.post(reverse("admin:homes_home_add"), data).status_code == 302
    home = Home.objects.get()
    assert home.community == community
    assert client.get(reverse("admin:homes_home_change", args=[home.pk])).status_code == 200
    client.post(reverse("admin:homes_home_changelist"), {"action": "close_today", "_selected_action": [home.pk]})
    home.refresh_from_db()
    assert home.closed_on == today()


def test_the_federation_reads_homes_and_changes_none(home, federation, signed_in):
    client = signed_in(federation)
    url = reverse("admin:homes_home_change", args=[home.pk])
    page = client.get(url)
    assert page.status_code == 200
    assert "王丽" not in page.content.decode()
    assert client.post(url, {"name": "x"}).status_code == 403
    assert client.get(reverse("admin:homes_home_add")).status_code == 403
