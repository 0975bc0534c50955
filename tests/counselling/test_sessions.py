"""Sessions noted and corrected: numbers, days, drafts, two at once, and what leads to a concern."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from children import referring
from children.models import Concern, Referral
from counselling import caring
from counselling.case_list import cases_of
from counselling.models import Case, CaseWords, CounsellingSession, SessionWords
from records import measures
from records.drafts import Draft
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import left_behind_child
from tests.children.pages import filled, soup
from tests.counselling.factories import COURSE, WORDS, a_case, a_session
from tests.records.threads import at_once

WAITING = [
    "Children referred, no case opened",
    "Counselling sessions due within a week",
    "Counselling cases without a session for a month",
]


@pytest.fixture
def web(counsellor, signed_in):
    return signed_in(counsellor)


def note(web, case, **typed):
    url = f"/counselling/cases/{case.pk}/session/"
    return web.post(url, filled(web.get(url), 0, **typed))


def test_a_concern_from_the_words_of_a_case_keeps_them(case, web, child):
    address = f"/counselling/cases/{case.pk}/words/"
    led = web.post(address, filled(web.get(address), aim="愿意说出是谁打的", concern=child.pk))
    assert led.url.startswith(f"/counselling/cases/{case.pk}/concern/?next=")
    web.post(led.url, filled(web.get(led.url), what="手臂有伤"))
    assert Concern.objects.get().child == child
    assert Draft.objects.get().key.startswith(f"counselling.{child.pk}."), "what is erased with the file"
    again = web.get(address)
    assert filled(again)["aim"] == "愿意说出是谁打的"
    assert web.post(address, filled(again)).url == f"/counselling/cases/{case.pk}/"
    assert CaseWords.objects.get(case=case).aim == "愿意说出是谁打的"
    assert not Draft.objects.exists()


def drafts_read(web, address):
    with CaptureQueriesContext(connection) as queries:
        web.get(address)
    return sum('FROM "records_draft"' in query["sql"] for query in queries)


def test_drafts_are_read_where_a_session_can_be_written_only(case, web, counsellor):
    session = f"/counselling/sessions/{SessionWords.objects.get(session__case=case).pk}/"
    own = f"/counselling/cases/{case.pk}/"
    assert [drafts_read(web, address) for address in (session, f"{own}session/", own)] == [1, 1, 0]
    case.close(by=counsellor)
    assert [drafts_read(web, address) for address in (session, f"{own}session/", own)] == [0, 0, 0]


def test_a_session_may_be_noted_with_nothing_but_its_day(case, web):
    assert note(web, case).url == f"/counselling/cases/{case.pk}/"
    newest = SessionWords.objects.order_by("pk").last()
    assert (newest.session.number, newest.session.held_on) == (2, timezone.localdate())
    assert [newest.course, newest.risk, newest.form] == ["", "", ""]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"facts-held_on": str(timezone.localdate() + dt.timedelta(days=1))}, "lies in the future"),
        ({"facts-next_on": "2020-01-01"}, "cannot lie before this one"),
        ({"facts-minutes": "481"}, "480 minutes at most"),
        ({"facts-held_on": "0000-00-00"}, "Enter a valid date"),
        ({"words-risk": "terrible"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(case, web, typed, words):
    page = note(web, case, **{"words-course": "写了很多", **typed})
    assert words in page.content.decode()
    assert soup(page).find("textarea", attrs={"name": "words-course"}).text.strip() == "写了很多"
    assert CounsellingSession.objects.filter(case=case).count() == 1


def test_a_double_click_notes_one_session(case, web):
    url = f"/counselling/cases/{case.pk}/session/"
    sent = filled(web.get(url), 0)
    assert web.post(url, sent).url == web.post(url, sent).url
    assert CounsellingSession.objects.filter(case=case).count() == 2


def test_an_acute_risk_leads_at_once_to_the_concern_which_shows_no_word_of_it(case, web, director, signed_in):
    answer = note(web, case, **{"words-course": COURSE, "words-risk": "acute"})
    assert answer.url.startswith(f"/counselling/cases/{case.pk}/concern/?next=")
    raised = web.post(answer.url, filled(web.get(answer.url), 0))
    concern = Concern.objects.get()
    assert (concern.what, concern.raised_by.username) == ("", "counsellor")
    text = signed_in(director).get(raised.url.partition("?")[0]).content.decode()
    assert not [word for word in [*WORDS, "acute"] if word in text]
    newest = SessionWords.objects.order_by("pk").last()
    url = f"/counselling/sessions/{newest.pk}/"
    again = web.post(url, filled(web.get(url), 0, **{"words-course": "改一个字"}))
    assert again.url == f"/counselling/cases/{case.pk}/", "asked once, not with every correction"


def test_a_concern_raised_from_a_form_that_is_not_right_yet_loses_nothing(case, web):
    answer = note(web, case, **{"facts-minutes": "9999", "words-course": "写到一半", "concern": "yes"})
    assert answer.url.startswith(f"/counselling/cases/{case.pk}/concern/?next=")
    web.post(answer.url, filled(web.get(answer.url), 0))
    assert Concern.objects.count() == 1
    page = web.get(f"/counselling/cases/{case.pk}/session/")
    assert soup(page).find("textarea", attrs={"name": "words-course"}).text.strip() == "写到一半"
    web.post(page.request["PATH_INFO"], filled(page, 0, **{"facts-minutes": "40"}))
    assert SessionWords.objects.order_by("pk").last().course == "写到一半"
    assert not Draft.objects.exists()


def test_a_concern_from_a_form_that_is_right_keeps_the_session_too(case, web):
    assert "/concern/" in note(web, case, **{"words-course": "说完了", "concern": "yes"}).url
    assert SessionWords.objects.order_by("pk").last().course == "说完了"


def test_who_corrects_second_sees_that_something_else_is_stored(case, web):
    notes = SessionWords.objects.get()
    url = f"/counselling/sessions/{notes.pk}/"
    one, two = web.get(url), web.get(url)
    web.post(url, filled(one, 0, **{"words-course": "第一稿"}))
    page = web.post(url, filled(two, 0, **{"words-course": "第二稿"}))
    assert "Something else is stored here now" in page.content.decode()
    assert SessionWords.objects.get().course == "第一稿"
    web.post(url, filled(page, 0))
    assert SessionWords.objects.get().course == "第二稿"


def test_a_closed_case_takes_nothing_until_it_is_opened_again(case, counsellor):
    caring.close(case, by=counsellor)
    with pytest.raises(Refused, match="Open it again first"):
        a_session(case)
    with pytest.raises(Refused):
        caring.close(case, by=counsellor)
    caring.reopen(case, by=counsellor)
    assert a_session(case).number == 2
    with pytest.raises(Refused, match="already an open case"):
        caring.open_case(case.child, CaseWords(), by=counsellor)


def test_who_is_not_referred_to_opens_no_case(case, second):
    with pytest.raises(Refused, match="not referred to you"):
        caring.open_case(case.child, CaseWords(), by=second)


@pytest.mark.django_db(transaction=True)
def test_two_sessions_noted_at_once_get_two_numbers(case):
    at_once(lambda: a_session(case), lambda: a_session(case))
    assert sorted(CounsellingSession.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_open_one_case(case, counsellor):
    caring.close(case, by=counsellor)

    def opening():
        try:
            return caring.open_case(case.child, CaseWords(), by=counsellor).pk
        except (Refused, IntegrityError):
            return None

    assert sorted(bool(found) for found in at_once(opening, opening)) == [False, True]


def test_the_list_shows_who_waits_what_comes_and_what_lies_too_long(case, elsewhere, counsellor, director, web):
    CounsellingSession.objects.update(held_on=timezone.localdate() - dt.timedelta(days=30))
    text = web.get("/counselling/").content.decode()
    assert "no session for 30 days" in text
    assert "next on" in text
    assert elsewhere.child.name not in text
    CounsellingSession.objects.update(held_on=timezone.localdate() - dt.timedelta(days=29))
    assert "no session for 30 days" not in web.get("/counselling/").content.decode()
    caring.close(case, by=counsellor)
    assert f"/counselling/children/{case.child_id}/open/" in web.get("/counselling/").content.decode()


def test_the_counsellor_reads_why_a_child_was_referred(counsellor, director, community, signed_in, web):
    child, why = left_behind_child(community, name="欧阳静"), "上课发呆，不愿说话"
    staff = signed_in(director)
    page = staff.get(f"/children/{child.pk}/?tab=care")
    form = next(
        n for n, one in enumerate(soup(page).find("main").find_all("form")) if "/refer/" in one.get("action", "")
    )
    staff.post(f"/children/{child.pk}/refer/", filled(page, form, counsellor=counsellor.pk, reason=why))
    assert why in staff.get(f"/children/{child.pk}/?tab=care").content.decode()
    assert why in web.get("/counselling/").content.decode()
    case = caring.open_case(child, CaseWords(complaint="不说话", aim="说话"), by=counsellor)
    assert why not in web.get("/counselling/").content.decode()
    assert why in web.get(f"/counselling/cases/{case.pk}/").content.decode()


def test_the_list_asks_the_database_as_often_for_three_cases_as_for_one(case, counsellor, director, web, community):
    web.get("/counselling/")
    with CaptureQueriesContext(connection) as one:
        web.get("/counselling/")
    for name in ("甲甲甲", "乙乙乙"):
        a_session(a_case(left_behind_child(community, name=name), counsellor, by=director))
    with CaptureQueriesContext(connection) as three:
        web.get("/counselling/")
    assert len(three) == len(one)


def test_the_figures_count_children_and_sessions_of_the_period(case, elsewhere, community, far_community):
    today = Period.day(timezone.localdate())
    then = Period.day(timezone.localdate() - dt.timedelta(days=3))
    here = Scope.of(community.pk)

    def count(key, scope, period):
        return measures.get(key).count(scope, period)

    assert count("children_in_counselling", here, today) == 1
    assert count("children_in_counselling", Scope.of(community.pk, far_community.pk), today) == 2
    assert count("counselling_sessions_held", here, then) == 1
    assert count("counselling_sessions_held", here, today) == 0


def test_the_first_page_tells_counsellors_what_waits_for_them_alone(
    case, elsewhere, community, counsellor, second, director, signed_in
):
    def desk(person):
        page = signed_in(person).get("/admin/").content.decode()
        return [words for words in WAITING if words in page]

    assert desk(counsellor) == ["Counselling sessions due within a week"]
    referring.refer(left_behind_child(community, name="新来的"), second, until=None, by=director)
    assert desk(counsellor) == ["Counselling sessions due within a week"]
    assert desk(second) == ["Children referred, no case opened", "Counselling sessions due within a week"]
    assert desk(director) == []
    client = signed_in(second)
    line = next(a for a in soup(client.get("/admin/")).select("a") if a.text.strip() == WAITING[0])
    assert "新来的" in client.get(line["href"]).content.decode()


def test_a_case_lies_quiet_after_a_month_and_a_session_that_was_held_is_due_no_more(case, counsellor, community):
    def keys(name, day):
        return set(measures.get(name).rows(Scope.of(community.pk), Period.day(day)).values_list("pk", flat=True))

    today = timezone.localdate()
    agreed = case.sessions.get()
    assert keys("counselling_sessions_due", today) == {agreed.pk}
    assert keys("counselling_sessions_due", today - dt.timedelta(days=3)) == set()
    CounsellingSession.objects.filter(pk=agreed.pk).update(held_on=today - dt.timedelta(days=30))
    Case.objects.filter(pk=case.pk).update(opened_on=today - dt.timedelta(days=30))
    assert keys("counselling_cases_quiet", today) == {case.pk}
    assert keys("counselling_cases_quiet", today - dt.timedelta(days=1)) == set()
    a_session(case, days_ago=29)
    assert keys("counselling_cases_quiet", today) == set()
    assert agreed.pk not in keys("counselling_sessions_due", today)


def test_with_the_last_day_of_the_referral_a_case_counts_no_more(case, community):
    """Closed or not: it is in no later quarter's figure, and asks for nothing on the first page."""
    today, here = timezone.localdate(), Scope.of(community.pk)
    Case.objects.filter(pk=case.pk).update(opened_on=today - dt.timedelta(days=60))
    CounsellingSession.objects.update(held_on=today - dt.timedelta(days=59), next_on=today - dt.timedelta(days=52))
    ended = today - dt.timedelta(days=2)
    Referral.objects.update(starts_on=today - dt.timedelta(days=60), ends_on=ended)

    def counted(day):
        keys = ("children_in_counselling", "counselling_sessions_due", "counselling_cases_quiet")
        return [measures.get(key).count(here, Period.day(day)) for key in keys]

    assert counted(ended) == [1, 1, 1]
    assert counted(ended + dt.timedelta(days=1)) == counted(today) == [0, 0, 0]
    Referral.objects.update(ends_on=None)
    assert counted(today) == [1, 1, 1]


def test_the_next_session_is_the_one_agreed_last(case, community, counsellor):
    """The session of the day that counts, not the one noted last."""
    today, here = timezone.localdate(), Scope.of(community.pk)
    a_session(case, days_ago=9)
    sooner = a_session(case, days_ago=2)
    CounsellingSession.objects.filter(pk=sooner.pk).update(next_on=today + dt.timedelta(days=1))
    noted_late = a_session(case, days_ago=5)
    CounsellingSession.objects.filter(pk=noted_late.pk).update(next_on=None)
    due = measures.get("counselling_sessions_due").rows(here, Period.day(today))
    assert set(due.values_list("pk", flat=True)) == {sooner.pk}
    assert [one.next_on for one in cases_of(counsellor)] == [today + dt.timedelta(days=1)]
    CounsellingSession.objects.filter(pk=sooner.pk).update(next_on=None)
    assert [one.next_on for one in cases_of(counsellor)] == [None]
