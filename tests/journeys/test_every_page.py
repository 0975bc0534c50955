"""As each of the six people of the demo through the menu and what its pages lead to, in both languages: every page is
sound, readable by everyone, light, and in the person's language."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.page_checks import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PEOPLE = ("director", "supervisor", "federation", "volunteer", "counsellor", "administrator")
PAGES_AT_MOST = 40
STEPS_AT_MOST = 2
DOWNLOADS = ("reports:workbook", "children:import_report", "children:import_returned", "portal:child_photo")
DOWNLOADS += ("portal:entry_photo", "records:attachment", "mfa_download_recovery_codes", "account_logout")
LINKS = "all => all.map(a => a.getAttribute('href'))"


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)], ids=["chinese", "english"])
@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_that_a_person_meets(somebody, username, language, width):
    person = somebody(username, language, width)
    start = urlsplit(person.page.url)
    waiting, met, faults = [(start.path, 0)], set(), {}
    while waiting and len(met) < PAGES_AT_MOST:
        path, steps = waiting.pop(0)
        kind = _kind(path)
        if kind is None or kind in met:
            continue
        met.add(kind)
        answer = person.page.goto(person.site + path)
        if found := faults_of(person, answer):
            faults[f"{kind[0]} {path}"] = found
        if steps < STEPS_AT_MOST:
            menu = person.page.locator("nav.menu a, nav.portal-bar a, .popover a").evaluate_all(LINKS)
            inside = person.page.locator("main a[href]").evaluate_all(LINKS)
            waiting += [(link, 0) for link in menu] + [(_whole(link, path), steps + 1) for link in inside]
    assert len(met) >= {"volunteer": 8, "counsellor": 8, "federation": 8}.get(username, 15), met
    assert faults == {}, "\n" + "\n".join(f"{page}: {one}" for page, all_ in faults.items() for one in all_)


def _whole(link, path):
    return urlsplit(path).path + link if link.startswith("?") else link


def _kind(link):
    """Pages of one route, and tab or paper, are of one kind; None for what is no page of ours."""
    parts = urlsplit(link)
    if parts.scheme or not parts.path.startswith("/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return (f"nothing at {parts.path}", "")
    tab = re.search(r"\b(tab|show)=(\w+)", parts.query)
    which = match.kwargs.get("name") or (tab[2] if tab else "")  # a paper's name, or a tab
    return None if match.view_name in DOWNLOADS else (match.view_name, which)
