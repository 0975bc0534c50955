"""Views that people keep: choices under a name, one's own or shared, and never more than the reader may see."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from communities.models import Posting
from records.measures import Period
from reports.models import SavedView
from tests.reports.reported import A, cells, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

Q3 = Period.quarter(2026, 3)
REGISTER, COMPARE = "children_on_register", "/reports/district/compare/"


@pytest.fixture
def colleague(make_user, places):
    return make_user("federation_officer", places[0].parent.parent, "colleague")


@pytest.fixture
def neighbour(make_user, places):
    return make_user("federation_officer", places[3].parent.parent, "neighbour")


@pytest.fixture
def keep(browser, once):
    def keep(name="流动儿童", *, shared=False, **choices):
        written = urlencode({"page": "district_compare", "level": "community", **choices}, doseq=True)
        sent = {"name": name, **({"is_shared": "on"} if shared else {}), **once()}
        return browser.post(f"/reports/district/views/save/?{written}", sent)

    return keep


def test_it_holds_the_choices_and_leads_to_the_page(browser, keep):
    report(A, Q3, {"migrant_children": 12})
    answer = keep(figure="migrant_children", quarter="2026Q3", sort="-1", place="1 OR 1")
    view = SavedView.objects.get()
    assert view.choices == "district=150902&figure=migrant_children&quarter=2026Q3&level=community&sort=-1"
    assert answer.url == f"{COMPARE}?{view.choices}"
    assert browser.get(f"/reports/district/views/{view.pk}/").url == answer.url
    assert [f"区划{A}", "12"] in cells(browser.get(answer.url))


def test_one_of_a_name_and_what_was_typed_stays(keep):
    keep()
    answer = keep()
    assert "You already keep a view of this name." in answer.content.decode()
    assert "流动儿童" in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_a_private_one_is_ones_own_and_a_shared_one_the_districts(keep, colleague, neighbour, signed_in, once):
    keep()
    view = SavedView.objects.get()
    path = f"/reports/district/views/{view.pk}/"
    assert signed_in(colleague).get(path).status_code == 404
    SavedView.objects.update(is_shared=True)
    assert signed_in(colleague).get(path).status_code == 302
    assert "流动儿童" in signed_in(colleague).get("/reports/district/views/").content.decode()
    assert signed_in(neighbour).get(path).status_code == 404
    assert "流动儿童" not in signed_in(neighbour).get("/reports/district/views/").content.decode()
    for act in ("share", "away"):
        assert signed_in(colleague).post(f"{path}{act}/", once()).status_code == 404


def test_it_shows_no_more_than_the_reader_may_see_that_day(keep, colleague, neighbour, signed_in):
    """The address of another's view opens nothing; and a posting that ends takes one's own views along."""
    report(A, Q3, {REGISTER: 31})
    keep(figure=REGISTER, shared=True)
    view = SavedView.objects.get()
    assert signed_in(neighbour).get(view.address).status_code == 404
    Posting.objects.filter(user=colleague).update(ends_on=dt.date(2026, 10, 1))
    assert signed_in(colleague).get(view.get_absolute_url()).status_code == 404
    assert signed_in(colleague).get(view.address).status_code == 404


def test_sharing_and_putting_away(browser, keep, once):
    keep()
    path = f"/reports/district/views/{SavedView.objects.get().pk}/"
    browser.post(f"{path}share/", once())
    assert SavedView.objects.get().is_shared
    browser.post(f"{path}share/", once())
    assert not SavedView.objects.get().is_shared
    browser.post(f"{path}away/", once())
    assert browser.get(path).status_code == 404
    assert "No view is kept" in browser.get("/reports/district/views/").content.decode()
    keep()
    assert SavedView.objects.count() == 2
