"""Roll call in a real browser at a phone's width and in both languages, with the line cut in the middle."""

import pytest

from activities.models import Attendance
from tests.activities.factories import make_activity
from tests.journeys.on_a_phone import LANGUAGES, on_a_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=LANGUAGES)
def worker(request, chromium, live_server, monkeypatch, settings, director):
    kept = {"chromium": chromium, "live_server": live_server, "monkeypatch": monkeypatch, "settings": settings}
    with on_a_phone(director, request.param, **kept) as person:
        yield person


def test_taps_made_while_the_line_is_cut_arrive_later(worker, director, community, make_child):
    club = make_activity(community, director)
    first, second = make_child(community, name="包金山"), make_child(community, name="陈小雨")
    for child in (first, second):
        club.enrol(child, by=director)
    page = worker.page
    worker.open(f"/activities/session/{club.sessions.get().pk}/roll/")
    present, absent = (worker.label(mark) for mark in (Attendance.Mark.PRESENT, Attendance.Mark.ABSENT))

    page.locator(f"#child-{first.pk}").get_by_role("button", name=present).click()
    page.locator(f"#child-{first.pk}[data-mark=present]").wait_for()
    assert page.locator("#roll-count strong").inner_text() == worker.say("%(n)s of %(total)s", n=1, total=2)
    assert worker.faults == []

    worker.context.set_offline(True)
    page.locator(f"#child-{second.pk}").get_by_role("button", name=absent).click()
    page.locator(f"#child-{second.pk} .unsaved").wait_for()
    worker.context.set_offline(False)
    page.locator(f"#child-{second.pk}[data-mark=absent]").wait_for(timeout=15_000)

    page.locator(f"#child-{first.pk}").get_by_role("button", name=present).click()
    page.locator(f"#child-{first.pk}:not([data-mark])").wait_for()
    assert dict(Attendance.objects.values_list("child", "mark")) == {first.pk: "unmarked", second.pk: "absent"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
