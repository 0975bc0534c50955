"""What goes to the printer at the end of a year, in both languages: the year book, and a certificate of commendation,
which a stranger then checks."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from appraisal.models import Nomination, YearBook
from tests.journeys.browser import Person
from tests.journeys.printed import Printed

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ENHE, DISTRICT = "150902001001", "150902"
A4, A4_ACROSS = (595, 842), (842, 595)


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request):
    return request.param


@pytest.fixture(scope="module")
def so_far(told):
    return SimpleNamespace()


@pytest.fixture
def person(somebody, telling):
    return lambda username: somebody(username, telling, 1280)


def printed(person):
    """What the page that is open would print."""
    return Printed(person.page.pdf(prefer_css_page_size=True, print_background=True))


def test_the_director_prints_the_year_book(person):
    director, year = person("director"), timezone.localdate().year
    director.by_menu("Year book")
    book = YearBook.objects.get(division=ENHE, year=year)
    with director.page.expect_navigation():
        director.page.locator(f"main a[href='{book.get_absolute_url()}']").click()
    paper = printed(director)
    assert paper.sizes == {A4}
    assert len(paper.pages) >= 3
    for words in (str(year), "恩和路社区" if director.language == "zh-hans" else "Enhe Road Community"):
        assert paper.says(words), words
    for words in ("Care of left-behind and migrant children", "Meetings and supervision", "Children on the register"):
        assert paper.says(director.say(words)), words
    child = Nomination.objects.awarded().get(community=ENHE, child__isnull=False)
    assert paper.says(child.title)


def test_the_federation_prints_the_book_of_its_district_and_no_child_is_in_it(person):
    federation = person("federation")
    federation.by_menu("Year book")
    book = YearBook.objects.get(division=DISTRICT)
    with federation.page.expect_navigation():
        federation.page.locator(f"main a[href='{book.get_absolute_url()}']").click()
    paper = printed(federation)
    assert len(paper.pages) >= 2
    assert paper.says("四点半课堂")
    for award in Nomination.objects.awarded().exclude(child=None).select_related("child"):
        assert not paper.says(award.child.name)


def test_the_federation_prints_a_certificate(person, so_far):
    federation = person("federation")
    so_far.award = Nomination.objects.awarded().get(title="四点半课堂")
    federation.open(so_far.award.get_absolute_url())
    federation.follow("Print the certificate")
    paper = printed(federation)
    assert (len(paper.pages), paper.sizes) == (1, {A4_ACROSS})
    for words in ("荣誉证书", "Certificate of commendation", "四点半课堂", "创新案例", so_far.award.shown_number):
        assert paper.says(words), words
    assert paper.says(federation.site + so_far.award.check_url)


def test_a_stranger_checks_the_certificate(so_far, browser, site, telling):
    stranger = Person(browser, site, telling, 390)
    stranger.open(so_far.award.check_url)
    stranger.reads("Yes, this certificate is valid.")
    assert "四点半课堂" in stranger.main() and so_far.award.shown_number in stranger.main()
    assert so_far.award.nominated_by.name not in stranger.text()
    assert (stranger.faults, stranger.asked_elsewhere) == ([], [])
    stranger.page.fill("#number", "2345-6789-ABCD-EFGH")
    stranger.press("Look up")
    assert stranger.say("There is no certificate with this number.", "award") in stranger.main()
    stranger.context.close()
