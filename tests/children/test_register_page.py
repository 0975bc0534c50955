import datetime as dt

import pytest
from django.urls import reverse

from children.models import Concern
from tests.children.factories import a_child, an_adult, id_number, left_behind_child, migrant_child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in

LIST = "/admin/children/child/"
BORN = dt.date(2016, 5, 1)


def names(response):
    return {row.find("a").text for row in soup(response).select("#result_list tbody tr")}


@pytest.fixture
def rows(community, sister_community, far_community):
    for place, mark in ((community, "甲"), (sister_community, "乙"), (far_community, "丙")):
        left_behind_child(place, name=f"陈{mark}", guardianship_quality="poor", grade="G3", school="万春小学")
        migrant_child(place, name=f"单{mark}", sex="M")
        a_child(place, name=f"王{mark}", id_number=id_number(BORN), birth_date=BORN)
        a_child(place, name=f"走{mark}", left_on=dt.date(2026, 9, 1), left_reason="moved_out")


def test_each_sees_the_register_of_their_place(
    rows, director, supervisor, stranger, federation, administrator, signed_in
):
    assert names(signed_in(director).get(LIST)) == {"陈甲", "单甲", "王甲"}
    assert names(signed_in(supervisor).get(LIST)) == {"陈甲", "单甲", "王甲", "陈乙", "单乙", "王乙"}
    assert names(signed_in(stranger).get(LIST)) == {"陈丙", "单丙", "王丙"}
    for user in (federation, administrator):
        assert signed_in(user).get(LIST).status_code in (403, 404)


def test_a_search_shows_so_many_and_a_file_holds_all(community, director, signed_in, monkeypatch):
    for number in range(5):
        a_child(community, name=f"陈小{number}", sex="M" if number == 4 else "F")
    monkeypatch.setattr("children.admin.child.FOUND_AT_MOST", 3)
    client = freshly_signed_in(signed_in(director))
    page = client.get(LIST, {"q": "陈小"})
    assert len(names(page)) == 4 and "More than 3 Write more, to find fewer." in words(page)
    assert "More than" not in words(client.get(LIST, {"q": "陈小4"}))
    assert names(client.get(LIST, {"q": "陈小", "sex__exact": "M"})) == {"陈小4"}
    export = client.get(reverse("records:export", args=["register"]) + "?q=陈小")
    assert export.context["sheet"].count == 5


def test_a_row_shows_what_it_counts_as_and_leads_to_the_file(rows, director, signed_in):
    page = soup(signed_in(director).get(LIST))
    row = next(r for r in page.select("#result_list tbody tr") if "陈甲" in r.text)
    text = " ".join(row.get_text(" ").split())
    assert "left behind" in text
    assert "priority child" in text
    assert "万春小学 · grade 3" in text
    assert "王秀英 (grandmother (father's side))" in text
    assert row.find("a")["href"].startswith("/children/")
    assert page.select_one('a[href^="/admin/children/child/add/"]')


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=left_behind", {"陈甲"}),
        ("status=migrant", {"单甲"}),
        ("status=neither", {"王甲"}),
        ("open=left", {"走甲"}),
        ("open=all", {"陈甲", "单甲", "王甲", "走甲"}),
        ("sex__exact=M", {"单甲"}),
        ("age=6_13", {"陈甲", "单甲", "王甲"}),
        ("age=14_15", set()),
        ("age=turning_16", set()),
        ("schooling=primary", {"陈甲"}),
        ("schooling=unknown", {"单甲", "王甲"}),
        ("care=grandparent", {"陈甲"}),
        ("care=nobody", {"王甲"}),
        ("guardianship_quality__exact=poor", {"陈甲"}),
        ("complete=no", {"陈甲", "单甲", "王甲"}),
        ("complete=yes", set()),
        ("complete=identity", {"陈甲", "单甲"}),
        ("q=chen", {"陈甲"}),
        ("q=走甲", {"走甲"}),
        (f"q={id_number(BORN)}", {"王甲"}),
        (f"q={id_number(BORN)[-4:]}", {"王甲"}),
        ("q=%E2%80%AE&status=migrant", {"单甲"}),
        ("status=junk", {"陈甲", "单甲", "王甲"}),
    ],
)
def test_the_register_is_narrowed(rows, director, signed_in, query, found):
    response = signed_in(director).get(f"{LIST}?{query}")
    assert names(response) == found


@pytest.mark.parametrize(
    "query", ["id_number_last4__startswith=1", "name__startswith=陈", "household__id__gt=0", "p=x"]
)
def test_a_lookup_that_is_not_offered_tells_nothing(rows, director, signed_in, query):
    assert signed_in(director).get(f"{LIST}?{query}").status_code in (200, 302, 400)


def test_the_counsellors_list_has_no_column_or_filter_beyond_the_role(community, director, counsellor, signed_in):
    from children.referring import refer

    one = left_behind_child(community, name="陈甲", id_number=id_number(BORN), birth_date=BORN)
    refer(one, counsellor, by=director)
    web = signed_in(counsellor)
    assert names(web.get(LIST)) == {"陈甲"}
    for hidden in (id_number(BORN), id_number(BORN)[-4:]):
        assert not names(web.get(f"{LIST}?q={hidden}"))
    assert "Completeness" not in words(web.get(LIST))
    assert not soup(web.get(LIST)).select('a[href^="/admin/children/child/add/"]')


def test_the_register_costs_the_same_for_one_three_and_thirty(
    community, director, signed_in, django_assert_max_num_queries
):
    web, counts = signed_in(director), []
    for wanted in (1, 3, 30):
        from children.models import Child

        for n in range(wanted - Child.objects.count()):
            child = left_behind_child(community, name=f"陈{n}", grade="G3")
            an_adult(child, "uncle_aunt")
        web.get(LIST)
        with django_assert_max_num_queries(12) as queries:
            assert len(names(web.get(LIST))) >= 1
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_a_look_at_the_admins_own_address_leads_to_the_file(rows, community, director, stranger, signed_in):
    child = left_behind_child(community)
    assert signed_in(director).get(f"{LIST}{child.pk}/change/").url == f"/children/{child.pk}/"
    away, nowhere = (signed_in(stranger).get(f"{LIST}{pk}/change/") for pk in (child.pk, 999999))
    assert away.status_code == nowhere.status_code == 302
    assert away.url == nowhere.url


def test_concerns_are_listed_for_those_who_may_see_them(
    rows, community, far_community, director, stranger, counsellor, signed_in
):
    Concern.raise_for(a_child(community), what="淤青", by=director)
    Concern.raise_for(a_child(far_community), what="别处", by=stranger)
    page = signed_in(director).get("/admin/children/concern/")
    assert len(soup(page).select("#result_list tbody tr")) == 1
    assert "淤青" not in page.content.decode()
    own = signed_in(counsellor).get("/admin/children/concern/")
    assert not soup(own).select("#result_list tbody tr")
