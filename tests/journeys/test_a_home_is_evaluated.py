"""A Home's year on a phone, in both languages: it checks itself, a gap is repaired, it is inspected and has to be
rectified, is looked at again, and is found rectified."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from homes.models import Evaluation, Home, Inspection, Repair
from tests.homes.factories import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ENHE = "150902001001"
SECTIONS = ["hardware", "software", "operation"]
CLICK = "e => e.click()"  # the bar at the foot may lie above what is scrolled to


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request):
    return request.param


@pytest.fixture(scope="module")
def so_far(told):
    return SimpleNamespace()


@pytest.fixture
def phone(somebody, telling):
    people = []

    def sign_in(username):
        people.append(somebody(username, telling, 390))
        return people[-1]

    yield sign_in
    for person in people:
        too_wide = person.page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
        assert (person.faults, person.asked_elsewhere, too_wide) == ([], [], 0)


def the_home():
    return Home.objects.get(community=ENHE)


def its_evaluation():
    return Evaluation.objects.filter(home=the_home()).latest("year__year")


def open_check(person, words):
    person.open(the_home().get_absolute_url())
    person.press(words, within="main")
    return person.page.url


def answer_everything_well(person, url):
    """Section by section: the best of what is asked by hand; a photo does not apply today."""
    page = person.page
    for section in SECTIONS:
        person.open(url.removeprefix(person.site) + f"{section}/")
        for item in page.locator(".requirement").all():
            for best in ("True", "0"):
                choice = item.locator(f"input[type=radio][value='{best}']")
                if choice.count():
                    choice.first.evaluate(CLICK)
            if item.locator("input[type=number]").count():
                item.locator("input[type=number]").fill("999")
            if item.locator("input[type=file]").count():
                item.locator("summary").click()
                item.locator("input[type=checkbox][name$=not_applicable]").evaluate(CLICK)
                item.locator("textarea").fill("下次再拍")
        with page.expect_navigation():
            page.locator("main button[data-kind=primary]").last.click()


def test_the_director_checks_the_home_and_finds_a_gap(phone, so_far, tmp_path):
    director = phone("director")
    page, photo = director.page, tmp_path / "room.jpg"
    photo.write_bytes(picture().read())
    url = open_check(director, "Self-check")
    director.open(url.removeprefix(director.site) + "hardware/")
    page.locator("#H02 input[type=radio][value=False]").check(force=True)
    page.locator("#H04 input[type=file]").set_input_files(photo)
    page.locator("#H04 input[name$=nobody_shown]").check(force=True)
    with page.expect_navigation():
        page.locator("main button[name=stay]").click()
    assert page.locator("#H04 img").count() == 1
    director.open(url.removeprefix(director.site))
    director.press("Submit", within="main")
    director.reads("Submitted. These are the score and the gaps.")
    so_far.check = the_home().inspections.filter(kind="self_check").latest("pk")
    assert page.locator("#gaps .gap", has_text="H02").count() == 1
    with page.expect_navigation():
        page.locator("#gaps .gap", has_text="H02").get_by_role("link").click()
    page.fill("[name=what]", "换一盏灯，遮住插座")
    page.fill("[name=owner]", "王敏")
    page.fill("[name=due_on]", str(timezone.localdate() + dt.timedelta(days=10)))
    director.press("Make it a task")
    page.fill("[name=text]", "已经换好")
    director.press("Report it")
    assert Repair.objects.get(home=the_home(), code="H02", status="reported").home == the_home()


def test_the_supervisor_confirms_inspects_and_drafts(phone, so_far):
    supervisor = phone("supervisor")
    page = supervisor.page
    supervisor.open(Repair.objects.get(home=the_home(), code="H02").get_absolute_url())
    supervisor.press("Confirm")
    url = open_check(supervisor, "Inspection")
    supervisor.open(url.removeprefix(supervisor.site) + "hardware/")
    page.locator("#H02 input[type=radio][value=True]").check(force=True)
    page.locator("#H01 input[type=number]").fill("22")
    with page.expect_navigation():
        page.locator("main button[name=stay]").click()
    supervisor.open(url.removeprefix(supervisor.site))
    supervisor.press("Submit", within="main")
    check = the_home().inspections.filter(kind="inspection").latest("pk")
    assert check.grade == Inspection.Grade.RECTIFY
    supervisor.by_menu("Yearly evaluation")
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    with page.expect_navigation():
        page.locator(f"main a[href='{its_evaluation().get_absolute_url()}']").click()
    supervisor.press("Keep the draft")
    supervisor.reads("The verdict is drafted. Read it through, then let the community be heard.")
    supervisor.press("Send it to the community")
    assert its_evaluation().status == Evaluation.Status.HEARING


def test_the_director_comments(phone):
    director = phone("director")
    director.reads("Evaluation: draft verdicts to comment on")
    director.open(its_evaluation().get_absolute_url())
    director.page.fill("[name=statement]", "活动室正在扩建。")
    director.press("Say it")
    director.reads("Your words stand beside the verdict.")
    assert its_evaluation().rulings.get().statement == "活动室正在扩建。"


def test_the_federation_decides_and_prints(phone):
    federation = phone("federation")
    page = federation.page
    federation.open(reverse("admin:index"))
    federation.reads("Evaluation: verdicts to be decided")
    federation.open(its_evaluation().get_absolute_url())
    assert "活动室正在扩建。" in federation.main()
    page.fill("[name=decision-rectify_by]", str(timezone.localdate() + dt.timedelta(days=40)))
    federation.press("Decide on the verdict")
    federation.reads("Decided. Print the decision.")
    now = its_evaluation()
    assert (now.status, now.due_on) == (Evaluation.Status.RECTIFY, timezone.localdate() + dt.timedelta(days=40))
    federation.open(reverse("paper", args=["home_decision", now.rulings.get().pk]))
    assert "活动室正在扩建。" in federation.main()
    assert page.locator("article[lang='zh-hans'] tbody tr").count() == page.locator("article[lang=en] tbody tr").count()
    federation.open(now.get_absolute_url())


def test_it_is_looked_at_again_and_found_rectified(phone):
    supervisor = phone("supervisor")
    url = open_check(supervisor, "Inspection")
    answer_everything_well(supervisor, url)
    supervisor.open(url.removeprefix(supervisor.site))
    supervisor.press("Submit", within="main")
    supervisor.open(its_evaluation().get_absolute_url())
    supervisor.press("Keep the draft")
    supervisor.press("Send it to the community")
    director = phone("director")
    director.open(its_evaluation().get_absolute_url())
    director.page.fill("[name=statement]", "已全部整改。")
    director.press("Say it")
    federation = phone("federation")
    federation.open(its_evaluation().get_absolute_url())
    federation.press("Decide on the verdict")
    now = its_evaluation()
    assert now.status == Evaluation.Status.MET
    assert list(now.rulings.values_list("decided", flat=True)) == ["rectify", "qualified"]
    director.page.reload()
    director.reads("rectified")
    assert "活动室正在扩建。" in director.main() and "已全部整改。" in director.main()
