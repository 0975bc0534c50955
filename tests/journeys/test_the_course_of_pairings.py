"""The course of pairings, in Chinese: the term is reviewed in one act; a helper stands in for another for some days; a
pairing ends with a kept promise, a farewell letter, words for the next helper, and what everyone says. The helper is at
a phone, the office at a desk."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.journeys.browser import Person
from volunteers import renewing
from volunteers.models import ChildLetter, CloseOut, Deputy, Feedback, Pairing, Renewal, Volunteer
from volunteers.models.deputy import who_may_stand_in
from volunteers.seen import given_name

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LANGUAGE, SCREEN = "zh-hans", 390
PROMISE, LETTER = "一起去一次图书馆", "和你一起读书的日子我会记得，祝你快快长大。"
WORKS_WELL, CHILD_SAYS = "先下一盘跳棋再写作业。", "阿姨说到做到。"


@pytest.fixture(scope="module")
def so_far(told):
    """The helper with an account, and of whose community the director is."""
    helper = Volunteer.objects.get(user__username="volunteer")
    return SimpleNamespace(helper=helper, community=helper.community_id)


@pytest.fixture
def sure(somebody):
    """sure("director", 1280): that person; at the end nothing went wrong in the browser."""
    people = []

    def sign_in(username, width):
        people.append(somebody(username, LANGUAGE, width))
        return people[-1]

    yield sign_in
    for person in people:
        assert (person.faults, person.asked_elsewhere) == ([], [])


@pytest.fixture
def director(sure):
    return sure("director", 1280)


@pytest.fixture
def volunteer(sure):
    return sure("volunteer", SCREEN)


def fits_the_screen(person: Person):
    assert person.page.evaluate("document.documentElement.scrollWidth") <= SCREEN


# The review of the term -----------------------------------------------------------------------------------------------


def test_all_pairings_of_the_term_are_reviewed_in_one_act(director, so_far):
    term = renewing.term_under_review(so_far.community)
    lines = renewing.lines_of(Pairing.objects.filter(community=so_far.community), term)
    waiting = [line.pairing for line in lines if not (line.is_decided or line.is_to_end or line.barred)]
    everyone = [pairing.pk for pairing in waiting]
    to_pause = next(p.pk for p in waiting if p.status == "active" and p.volunteer_id != so_far.helper.pk)
    director.open("/pairings/renewals/")
    director.page.select_option(f"select[name=decision_{to_pause}]", Renewal.Decision.PAUSE)
    director.page.select_option(f"select[name=reason_{to_pause}]", "helper_away")
    director.page.select_option(f"select[name=family_{to_pause}]", Renewal.Wish.GO_ON)
    director.press("Confirm all")
    one, many = "%(count)d pairing is reviewed.", "%(count)d pairings are reviewed."
    assert director.count(one, many, len(everyone), count=len(everyone)) in director.text()
    decided = dict(Renewal.objects.filter(term=term, pairing__in=everyone).values_list("pairing", "decision"))
    assert decided == {**dict.fromkeys(everyone, "go_on"), to_pause: "pause"}
    assert Pairing.objects.get(pk=to_pause).status == "paused"


# A deputy -------------------------------------------------------------------------------------------------------------


def test_another_helper_stands_in_for_some_days(director, so_far):
    page, today = director.page, timezone.localdate()
    holding = Pairing.objects.filter(community=so_far.community, status__in=Pairing.HOLDING, deputies=None)
    holding = holding.select_related("child").order_by("-status", "pk")  # those that rest first
    so_far.resting = next(p for p in holding if so_far.helper in who_may_stand_in(p))
    director.open(f"/admin/volunteers/pairing/{so_far.resting.pk}/change/")
    director.follow("Deputy…")
    page.select_option("#id_volunteer", str(so_far.helper.pk))
    page.fill("#id_until_day", str(today + dt.timedelta(days=5)))
    page.fill("#id_guardian", "王秀英")
    director.press("Name the deputy")
    director.reads("The deputy sees the child on these days, and not before or after.")
    deputy = so_far.deputy = Deputy.objects.get(pairing=so_far.resting, volunteer=so_far.helper)
    assert (deputy.from_day, deputy.until_day, deputy.guardian) == (today, today + dt.timedelta(days=5), "王秀英")


def test_the_deputy_sees_the_child_until_it_is_ended(volunteer, director, so_far):
    child, page = so_far.resting.child, volunteer.page
    volunteer.open("/portal/")
    with page.expect_navigation():
        page.locator(f"main a[href='/portal/children/{child.pk}/']").first.click()
    assert given_name(child.name) in volunteer.main()
    assert child.name not in volunteer.text()
    fits_the_screen(volunteer)
    director.open(f"/pairings/{so_far.resting.pk}/deputy/")
    director.press("End it now")
    director.reads("Ended. The deputy sees nothing of the child any more.")
    assert page.goto(volunteer.site + f"/portal/children/{child.pk}/").status == 404
    volunteer.faults.clear()  # the browser notes the 404
    volunteer.open("/portal/")
    assert not page.locator(f"main a[href='/portal/children/{child.pk}/']").count()


# The end of a pairing -------------------------------------------------------------------------------------------------


def test_the_helper_promises_and_says_goodbye(volunteer, so_far):
    pairing = Pairing.objects.current().filter(volunteer=so_far.helper, promises=None).order_by("pk").first()
    so_far.pairing, page = pairing, volunteer.page
    volunteer.open(f"/portal/children/{pairing.child_id}/")
    page.get_by_text(volunteer.say("Note a promise"), exact=True).click()
    page.fill("input[name=text]", PROMISE)
    page.fill("input[name=due_on]", str(timezone.localdate() + dt.timedelta(days=7)))
    volunteer.press("Note the promise")
    volunteer.reads("Your promise is noted. Tick it off when it is kept.")
    volunteer.follow("If the pairing is to end: saying goodbye")
    fits_the_screen(volunteer)
    page.fill("textarea[name=works_well]", WORKS_WELL)
    page.locator("input[name=ticks][value=got_on]").check(force=True)
    page.fill("textarea[name=words]", "看着她长大，很值得。")
    volunteer.press("Give it to the office")
    volunteer.reads("Thank you. The office has it.")
    volunteer.follow("Write the farewell letter")
    fits_the_screen(volunteer)
    page.fill("textarea[name=text]", LETTER)
    volunteer.press("Give it to the office")
    letter = so_far.letter = ChildLetter.objects.get(pairing=pairing, is_farewell=True)
    assert letter.text == LETTER
    said = Feedback.objects.get(pairing=pairing, side="helper")
    assert (said.ticks, said.words) == (["got_on"], "看着她长大，很值得。")


def test_the_office_ends_the_pairing_and_the_helper_sees_it_no_more(director, volunteer, so_far):
    pairing, page = so_far.pairing, director.page
    director.open(f"/admin/volunteers/pairing/{pairing.pk}/change/")
    director.press("End…")
    page.select_option("select[name=reason]", index=0)
    for box in page.locator("input[type=checkbox][name=seen]").all():
        box.check(force=True)
    director.press("Confirm")
    pairing.refresh_from_db()
    assert pairing.status == "ended"
    assert volunteer.page.goto(f"{volunteer.site}/portal/goodbye/{pairing.pk}/").status == 404
    volunteer.faults.clear()  # the browser notes the 404


def test_the_office_closes_it_out(director, so_far):
    pairing, page = so_far.pairing, director.page
    where = f"/pairings/{pairing.pk}/close-out/"
    director.open(where)
    director.press("Kept")
    assert [(one.text, one.kept_on) for one in pairing.promises.all()] == [(PROMISE, timezone.localdate())]
    assert WORKS_WELL in director.main()
    director.press("Read and fit: pass it on")
    director.reads("The next helper can read it while the pairing holds.")
    for side, tick, words in (("child", None, CHILD_SAYS), ("guardian", "kept", "")):
        form = page.locator("form", has=page.locator(f"input[name=side][value={side}]"))
        page.locator("details", has=form).last.locator("summary").click()
        if tick:
            form.locator(f"input[name=ticks][value={tick}]").check(force=True)
        form.locator("textarea[name=words]").fill(words)
        with page.expect_navigation():
            form.get_by_role("button", name=director.say("Put it on file")).click()
    closed = CloseOut.objects.get(pairing=pairing)
    assert (closed.done_on, closed.missing_steps()) == (timezone.localdate(), [])
    assert CHILD_SAYS in director.main()
    director.open(so_far.letter.get_absolute_url())
    director.press("It may go to the child")
    director.press("The child has it")
    assert ChildLetter.objects.get(pk=so_far.letter.pk).status == "delivered"
    director.open(f"/papers/hand_over/{pairing.pk}/")
    assert WORKS_WELL in director.text()
    for said in (CHILD_SAYS, LETTER):
        assert said not in director.text()
