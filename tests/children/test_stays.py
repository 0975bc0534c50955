import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import follow_ups as following
from children import stays, timeline
from children.models import Adult, Away, AwayRevision, Child, Kinship, ParentContact
from children.places import code_of, place_words
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, away, kin, left_behind_child
from tests.children.pages import filled, soup, words
from tests.records.threads import at_once

ONE = dt.timedelta(days=1)
JAN, MAY, AUG = dt.date(2025, 1, 1), dt.date(2025, 5, 1), dt.date(2025, 8, 1)


@pytest.fixture
def father(community):
    return an_adult(a_child(community), "father", name="陈建国")


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def follow_ups(child):
    return following.follow_ups(child, timezone.localdate())


def test_a_correction_keeps_what_was_said_before(father, director, supervisor):
    stay = stays.note_stay(Away(adult=father, since=JAN, place="广东东莞", phone="16100000001"), by=director)
    version = Adult.objects.get(pk=father.pk).version
    stay.place, stay.phone = "江苏省苏州市", "16100000002"
    stays.correct_stay(stay, ["place", "phone"], by=supervisor)
    before, now = AwayRevision.objects.get(), Away.objects.get()
    assert (before.place, before.place_code, before.phone, before.noted_by) == (
        "广东东莞",
        "4419",
        "16100000001",
        director,
    )
    assert (now.place, now.place_code, now.phone_last4, now.noted_by) == ("江苏省苏州市", "3205", "0002", supervisor)
    assert Adult.objects.get(pk=father.pk).version == version + 1
    stays.correct_stay(stay, [], by=director)
    assert AwayRevision.objects.count() == 1, "nothing changed, nothing kept"
    assert not [row for row in TrailEntry.objects.values() if "1610000" in str(row) or "苏州" in str(row)]


def test_who_goes_on_to_another_place_stays_away_in_a_row(father, director):
    first = stays.note_stay(Away(adult=father, since=JAN, place="北京市"), by=director)
    second = stays.note_stay(Away(adult=father, since=AUG, place="天津市"), moved_on=True, by=director)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.until, second.gone_since, second.gone_far_since) == (AUG, JAN, JAN)
    assert first.revisions.get().until is None


def test_what_does_not_fit_is_refused_in_words(father, director):
    stay = stays.note_stay(Away(adult=father, since=JAN, until=AUG), by=director)
    with pytest.raises(Refused, match="overlaps with the stay"):
        stays.note_stay(Away(adult=father, since=MAY), by=director)
    with pytest.raises(Refused, match="already ended"):
        stays.end_stay(stay, on=AUG, by=director)
    with pytest.raises(Refused, match="already ended"):
        stays.verify_stay(stay, by=director)
    going_on = stays.note_stay(Away(adult=father, since=AUG), by=director)
    with pytest.raises(Refused, match="before leaving"):
        stays.end_stay(going_on, on=MAY, by=director)
    with pytest.raises(Refused, match="future"):
        stays.end_stay(going_on, on=timezone.localdate() + ONE, by=director)
    with pytest.raises(Refused, match="future"):
        stays.log_contact(father, on=timezone.localdate() + ONE, reached=True, by=director)
    assert Away.objects.filter(until=None).get() == going_on
    assert AwayRevision.objects.count() == 0


def test_the_database_refuses_what_overlaps_too(father):
    away(father, JAN, until=AUG)
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        away(father, MAY, until=dt.date(2025, 6, 1))
    away(father, AUG)
    away(an_adult(a_child(father.community), "father"), MAY)
    assert Away.objects.count() == 3


spans = st.tuples(st.none() | st.integers(0, 40), st.none() | st.integers(0, 40))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(spans, min_size=1, max_size=8))
def test_no_two_stays_ever_share_a_day_and_the_row_is_recounted(father, director, tries):
    first = dt.date(2025, 1, 1)
    with transaction.atomic():
        taken = set()
        for since, length in tries:
            begins = None if since is None else first + since * ONE
            until = None if length is None or since is None else begins + length * ONE
            start = begins or timezone.localdate()
            wanted = {start + n * ONE for n in range(((until or dt.date(2030, 1, 1)) - start).days)}
            try:
                with transaction.atomic():
                    stays.note_stay(Away(adult=father, since=begins, until=until), by=director)
            except Refused:
                assert wanted & taken
            else:
                assert not wanted & taken
                taken |= wanted
        for stay in Away.objects.filter(adult=father).exclude(since=None).exclude(until=F("since")):
            day = stay.since
            while day - ONE in taken:
                day -= ONE
            assert stay.gone_since == day
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_people_noting_at_the_same_time_make_one_stay(father, director):
    def act():
        try:
            stays.note_stay(Away(adult=father, since=JAN), by=director)
        except Refused as refusal:
            return refusal.message[:20]
        return "noted"

    assert sorted(at_once(act, act)) == ["This overlaps with t", "noted"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("广东省东莞市长安镇", "4419"), ("广东 深圳", "4403"), ("内蒙古呼和浩特", "1501"), ("浙江省义乌市", "33")],
        *[("吉林市", "2202"), ("吉林", "22"), ("延边", "2224"), ("北京市朝阳区", "11"), ("海南三亚", "4602")],
        *[("家里", ""), ("", ""), ("<b>", "")],
    ],
)
def test_a_place_is_read_from_its_words(text, code):
    assert code_of(text) == code
    assert code == "" or code_of(place_words(code)) == code


# What follows ------------------------------------------------------------------------------------------------------


def test_both_parents_silent_for_sixty_days(community, director):
    long_ago = timezone.localdate() - dt.timedelta(days=60)
    child, other = left_behind_child(community), left_behind_child(community, name="别人")
    Away.objects.filter(adult__household=child.household_id).update(verified_on=long_ago)
    assert "unreachable" in follow_ups(child)
    assert "unreachable" not in follow_ups(other)
    mother = child.household.adults.get(name="李红")
    stays.log_contact(mother, on=timezone.localdate(), reached=False, by=director)
    assert "unreachable" in follow_ups(child)
    stays.log_contact(mother, on=long_ago + ONE, reached=True, by=director)
    assert "unreachable" not in follow_ups(child)
    ParentContact.objects.filter(reached=True).update(tried_on=long_ago)
    assert "unreachable" in follow_ups(child)
    stays.verify_stay(mother.aways.get(), by=director)
    assert "unreachable" not in follow_ups(child)
    mother.aways.update(verified_on=long_ago)
    stays.end_stay(mother.aways.get(), on=timezone.localdate(), by=director)
    assert "unreachable" not in follow_ups(child), "she is at home"


def test_an_expected_return_that_has_passed_and_a_place_nobody_verified(community, settings):
    settings.STAYS_VERIFIED_MONTHS = 2
    today = timezone.localdate()
    child = left_behind_child(community)
    father = Away.objects.filter(adult__name="陈建国")
    father.update(expected_back_on=today)
    assert follow_ups(child) == []
    father.update(expected_back_on=today - ONE, verified_on=today - dt.timedelta(days=63))
    assert follow_ups(child) == ["expected", "unverified"]
    Child.objects.filter(pk=child.pk).update(left_on=today, left_reason="moved_out")
    child.refresh_from_db()
    assert follow_ups(child) == []


def test_the_time_between_stays_is_at_home(father):
    away(father, JAN, until=MAY, place="北京市")
    away(father, AUG, until=dt.date(2025, 9, 1))
    found = timeline.stretches_of(father.aways.all(), dt.date(2025, 10, 1))
    assert [(s.start, s.end, bool(s.stay)) for s in found] == [
        (dt.date(2025, 9, 1), None, False),
        (AUG, dt.date(2025, 9, 1), True),
        (MAY, AUG, False),
        (JAN, MAY, True),
    ]
    lines, years = timeline.lines_of(Kinship.objects.all(), dt.date(2025, 12, 31))
    assert lines[0].stay_now is None
    assert [year for _x, year in years] == [2024, 2025]


def test_a_stay_is_noted_verified_corrected_and_ended_on_its_pages(client, father, director):
    child = Child.objects.get()
    url = f"/children/adults/{father.pk}/stay/"
    sent = filled(client.get(url), **{"stay-since": "2025-01-01", "stay-place": "广东省东莞市", "stay-work": "factory"})
    assert client.post(url, sent).url == f"/children/{child.pk}/?tab=family"
    assert client.post(url, sent).status_code == 302, "sent twice, noted once"
    stay = Away.objects.get()
    Away.objects.update(verified_on=JAN)
    file = client.get(f"/children/{child.pk}/?tab=family")
    assert "广东省东莞市" in words(file) and "Still so today" in words(file)
    client.post(f"/children/stays/{stay.pk}/verify/")
    stay.refresh_from_db()
    assert (stay.verified_on, stay.verified_by, stay.work) == (timezone.localdate(), director, "factory")
    page = client.get(f"/children/stays/{stay.pk}/")
    client.post(f"/children/stays/{stay.pk}/", filled(page, **{"stay-place": "上海市"}))
    again = words(client.get(f"/children/stays/{stay.pk}/"))
    assert "上海市" in again and "广东省东莞市" in again
    client.post(f"/children/stays/{stay.pk}/back/", {"on": "2024-01-01"})
    assert Away.objects.get().until is None
    client.post(f"/children/stays/{stay.pk}/back/", {"on": "2026-01-01"})
    assert Away.objects.get().until == dt.date(2026, 1, 1)


def test_the_second_who_corrects_a_stay_sees_both_values(client, father, supervisor, signed_in, director):
    stay = stays.note_stay(Away(adult=father, since=JAN, place="北京市"), by=director)
    url = f"/children/stays/{stay.pk}/"
    mine, theirs = filled(client.get(url)), filled(signed_in(supervisor).get(url))
    client.post(url, {**mine, "stay-employer": "一厂"})
    page = signed_in(supervisor).post(url, {**theirs, "stay-employer": "二厂"})
    assert "Stored now: 一厂" in words(page)
    signed_in(supervisor).post(url, filled(page))
    assert list(AwayRevision.objects.values_list("employer", flat=True)) == ["一厂", ""]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"stay-since": "2099-01-01"}, "This day lies in the future."),
        ({"stay-since": "0000-00-00"}, "Enter a valid date."),
        ({"stay-since": "2025-03-01", "stay-until": "2025-02-01"}, "The day of return lies before the day of leaving."),
        ({"stay-place": "北\u202e京"}, "invisible control characters"),
        ({"stay-phone": "12"}, "This is not a phone number"),
        ({"stay-since": "2025-02-01"}, "This overlaps with the stay"),
        ({"stay-moved_on": "on"}, "Say on which day they went on."),
        ({"stay-work": "king"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_stay_is_said(client, father, typed, said):
    away(father, JAN)
    url = f"/children/adults/{father.pk}/stay/"
    page = client.post(url, filled(client.get(url), **typed), follow=True)
    assert said in page.content.decode()
    assert Away.objects.count() == 1


def test_tries_to_reach_a_parent_are_listed(client, father, director):
    url = f"/children/adults/{father.pk}/contact/"
    assert "Nobody has noted a try yet." in words(client.get(url))
    client.post(url, filled(client.get(url), reached="no", note="关机"))
    one = ParentContact.objects.get()
    assert (one.reached, one.note, one.tried_by) == (False, "关机", director)
    assert "关机" in words(client.get(url)) and "not reached" in words(client.get(url))


def test_nobody_out_of_scope_reaches_a_stay(client, father, stranger, counsellor, federation, signed_in):
    stay = away(father, JAN)
    paths = [f"adults/{father.pk}/stay/", f"adults/{father.pk}/contact/", f"stays/{stay.pk}/"]
    for user in (stranger, counsellor, federation):
        web = signed_in(user)
        for path in [*paths, f"stays/{stay.pk}/back/", f"stays/{stay.pk}/verify/"]:
            assert web.post(f"/children/{path}", {"on": "2025-05-01"}).status_code == 404, path
        assert [web.get(f"/children/{path}").status_code for path in paths] == [404] * 3
    assert [Away.objects.get().until, AwayRevision.objects.count()] == [None, 0]


def test_the_timeline_costs_the_same_for_many_stays(client, father, django_assert_max_num_queries):
    url = f"/children/{Child.objects.get().pk}/?tab=family"
    away(father, JAN, until=MAY)
    client.get(url)
    with django_assert_max_num_queries(24) as first:
        client.get(url)
    away(father, AUG, until=AUG + 9 * ONE)
    away(father, AUG + 20 * ONE)
    with django_assert_max_num_queries(24) as second:
        assert len(soup(client.get(url)).select(".timeline li")) == 5
    assert len(first) == len(second)


def test_the_timeline_says_when_a_stay_was_last_verified_and_where_nobody_did(client, father, director):
    ended = away(father, JAN, until=MAY, place="北京市")
    Away.objects.filter(pk=ended.pk).update(verified_on=dt.date(2025, 3, 1), verified_by=director)
    away(father, AUG, place="天津市")
    child = Child.objects.get()

    def told():
        rows = soup(client.get(f"/children/{child.pk}/?tab=family")).select("ol.timeline > li[data-kind=away]")
        return [" ".join(row.get_text(" ").split()) for row in rows]

    now, before = told()
    assert "verified on" in now and "not verified yet" not in now
    assert f"verified on March 1, 2025 by {director.name}" in before
    Away.objects.update(verified_on=None, verified_by=None)
    now, before = told()
    assert "not verified yet" in now
    assert "verified" not in before, "nobody verifies what is over"


def test_all_tries_are_read_page_by_page_and_printed(client, father, director, stranger, signed_in):
    for number in range(53):
        stays.log_contact(father, on=JAN + number * ONE, reached=False, note=f"第{number}次", by=director)
    stays.strike_contact(ParentContact.objects.get(note="第7次"), because="打错了", by=director)
    url, paper = f"/children/adults/{father.pk}/contact/", f"/papers/parent_contacts/{father.pk}/"
    first, second = client.get(url), client.get(url + "?page=2")
    assert [len(soup(page).main.select("ul.rows > li")) for page in (first, second)] == [50, 3]
    assert "第0次" in words(second) and "第0次" not in words(first)
    assert soup(first).find("a", href=paper)
    sheet = soup(client.get(paper))
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in sheet.select("tbody tr")]
    assert [len(rows), rows[0][:3], rows[0][4]] == [53, ["2025-01-01", "phone", "no"], "第0次"]
    assert "Struck out on" in rows[7][4] and "打错了" in rows[7][4]
    assert TrailEntry.objects.filter(verb="printed parent_contacts", actor=director).count() == 1
    assert signed_in(stranger).get(paper).status_code == 404


def test_who_prints_the_tries_has_read_of_each_child(client, father, director, far_community):
    child = father.kinships.get().child
    sister, elsewhere = a_child(father.community, child.household, name="陈小雪"), a_child(far_community)
    mother = an_adult(sister, "mother", name="李红")
    kin(sister, father, "father")
    kin(elsewhere, father, "")
    reads = TrailEntry.objects.filter(verb="read", model_label="children.child", actor=director).order_by("pk")
    assert client.get(f"/papers/parent_contacts/?keys={father.pk},{mother.pk}").status_code == 200
    told = [(entry.object_key, entry.page) for entry in reads]
    assert told == [(str(child.pk), "papers"), (str(sister.pk), "papers")]


def test_the_page_of_tries_takes_as_many_queries_for_one_as_for_three(client, father, director):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/children/adults/{father.pk}/contact/")
        return len(queries)

    stays.log_contact(father, on=JAN, reached=True, by=director)
    cost()
    one = cost()
    for _number in range(2):
        stays.log_contact(father, on=JAN, reached=True, by=director)
    assert cost() == one
