"""School with its history, and moving up a grade: once for each child, whoever presses and however often."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from children import schooling
from children.grades import school_year_start
from children.models import Child, SchoolPeriod
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child
from tests.children.pages import filled, soup, words
from tests.records.threads import at_once

MOVE_UP = "/children/move-up/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def start(today):
    return school_year_start(today)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def a_pupil(community, grade="G3", **details):
    return a_child(community, **{"grade": grade, "school": "万春小学", "class_teacher": "刘老师", **details})


def test_a_change_of_school_keeps_the_one_before(client, community, today):
    child = a_pupil(community, class_teacher_phone="15412345699")
    url = f"/children/{child.pk}/school/"
    sent = filled(client.get(url), 0, **{"child-school": "二小", "child-what": "changed"})
    assert "Give the first day in the new class." in words(client.post(url, sent))
    sent["child-since"] = str(today + dt.timedelta(1))
    page = client.post(url, sent)
    assert "lies in the future" in words(page)
    assert filled(page, 0)["child-school"] == "二小", "what was typed is still there"
    sent["child-since"] = str(today)
    assert client.post(url, sent).status_code == 302
    child.refresh_from_db()
    before = SchoolPeriod.objects.get()
    assert (child.school, child.school_since, child.class_teacher_phone) == ("二小", today, "15412345699")
    assert (before.school, before.since, before.until) == ("万春小学", None, today - dt.timedelta(1))
    assert before.class_teacher_phone == "15412345699"
    page = client.get(f"/children/{child.pk}/?tab=school")
    assert "万春小学" in words(page)
    assert "15412345699" not in page.content.decode()


def test_a_correction_leaves_no_history(client, community):
    child = a_pupil(community)
    url = f"/children/{child.pk}/school/"
    assert client.post(url, filled(client.get(url), 0, **{"child-school": "二小"})).status_code == 302
    child.refresh_from_db()
    assert child.school == "二小"
    assert not SchoolPeriod.objects.exists()


def test_the_household_form_keeps_the_class_before(client, community, today):
    child = a_pupil(community)
    url = f"/children/household/{child.household_id}/"
    assert client.post(url, filled(client.get(url), **{f"child{child.pk}-grade": "G4"})).status_code == 302
    child.refresh_from_db()
    assert (child.grade, child.school_since) == ("G4", today)
    assert SchoolPeriod.objects.get().grade == "G3"


def test_dropping_out_is_said_only_at_compulsory_age(client, community, today):
    child = a_pupil(community, birth_date=today - dt.timedelta(days=17 * 366))
    url = f"/children/{child.pk}/school/"
    page = client.post(url, filled(client.get(url), 0, **{"child-grade": "OUT"}))
    assert "Only a child of compulsory school age" in words(page)
    young = a_pupil(community, birth_date=today - dt.timedelta(days=10 * 366), grade="NIS")
    assert "out of school at compulsory age" in words(client.get(f"/children/{young.pk}/?tab=school"))


def test_dropping_out_is_asked_about_in_the_household_form(client, community, today):
    old = a_pupil(community, birth_date=today - dt.timedelta(days=17 * 366), grade="G9")
    gone = a_pupil(community, birth_date=today - dt.timedelta(days=17 * 366), grade="OUT")
    url = f"/children/household/{old.household_id}/"
    page = client.post(url, filled(client.get(url), **{f"child{old.pk}-grade": "OUT"}))
    assert "Only a child of compulsory school age" in words(page)
    old.refresh_from_db()
    assert old.grade == "G9"
    url = f"/children/household/{gone.household_id}/"
    answer = client.post(url, filled(client.get(url), **{"home-note": "老人照看"}))
    assert answer.status_code == 302, "what was right when it was noted stands in nobody's way"


@pytest.mark.parametrize(("years", "out"), [(17, "G9"), (10, "OUT")])
def test_dropping_out_is_asked_about_when_all_move_up(client, community, today, years, out):
    child = a_pupil(community, "G9", birth_date=today - dt.timedelta(days=years * 366))
    page = client.post(MOVE_UP, filled(client.get(MOVE_UP), **{f"c{child.pk}-grade": "OUT"}), follow=True)
    assert ("Only a child of compulsory school age" in words(page)) == (years == 17)
    child.refresh_from_db()
    assert child.grade == out


def test_an_earlier_school_is_added_and_taken_back(client, community, today):
    child = a_pupil(community, school_since=today - dt.timedelta(30))
    url = f"/children/{child.pk}/school/"
    sent = filled(client.get(url), **{"past-school": "老家小学", "past-until": str(today)})
    assert "already in its present class" in words(client.post(url, sent))
    sent["past-until"] = "2024-07-10"
    assert client.post(url, sent).status_code == client.post(url, sent).status_code == 302
    period = SchoolPeriod.objects.get()
    assert "老家小学" in words(client.get(url))
    client.post(reverse("children:strike_school", args=[period.pk]))
    assert "老家小学" not in words(client.get(url))
    assert SchoolPeriod.objects.get().struck_on == today, "nothing is deleted"


def test_all_move_up_once_and_repeaters_stay(client, community, far_community, start, today):
    third, sixth, repeater = a_pupil(community), a_pupil(community, "G6"), a_pupil(community, "G2")
    last = a_pupil(community, "G12")
    new = a_pupil(community, "G1", registered_on=start)
    moved = a_pupil(community, "G5", school_since=start)
    elsewhere = a_pupil(far_community)
    page = client.get(MOVE_UP)
    assert f"c{new.pk}-grade" not in page.content.decode()
    sent = filled(page, **{f"c{repeater.pk}-grade": "G2", f"c{sixth.pk}-school": "集宁七中"})
    sent[f"c{elsewhere.pk}-grade"], sent[f"c{elsewhere.pk}-seen"] = "G4", "G3"
    answer = client.post(MOVE_UP, sent, follow=True)
    assert "4 pupils are in their new grades" in words(answer)
    client.post(MOVE_UP, sent)
    client.post(MOVE_UP, {**sent, "once_token": str(uuid.uuid4())})
    grades = dict(Child.objects.values_list("pk", "grade"))
    expected = {third: "G4", sixth: "G7", repeater: "G2", last: "NIS", new: "G1", moved: "G5", elsewhere: "G3"}
    assert grades == {child.pk: grade for child, grade in expected.items()}
    sixth.refresh_from_db()
    assert (sixth.school, sixth.class_teacher, sixth.school_since) == ("集宁七中", "", start)
    assert {p.until for p in SchoolPeriod.objects.all()} == {start - dt.timedelta(1)}
    assert SchoolPeriod.objects.count() == TrailEntry.objects.filter(verb="moved up a grade").count() == 4
    assert "All pupils are in the grade" in words(client.get(MOVE_UP))


def test_a_grade_changed_meanwhile_is_shown_again(client, community):
    child = a_pupil(community)
    sent = filled(client.get(MOVE_UP))
    Child.objects.filter(pk=child.pk).update(grade="G5")
    client.post(MOVE_UP, sent)
    child.refresh_from_db()
    assert child.grade == "G5"
    assert f"c{child.pk}-grade" in client.get(MOVE_UP).content.decode()


def test_one_child_is_moved_back_by_correcting_it(client, community, director, start, today):
    child = a_pupil(community)
    rows = Child.objects.all()
    assert schooling.move_up({child.pk: ("G3", "G4", "")}, children=rows, by=director) == 1
    assert schooling.move_up({child.pk: ("G3", "G4", "")}, children=rows, by=director) == 0
    child.refresh_from_db()
    child.grade = "G3"
    schooling.correct_class(child, by=director)
    assert (child.grade, child.school_since) == ("G3", None)
    assert not SchoolPeriod.objects.filter(struck_on=None).exists()
    with pytest.raises(Refused, match="future"):
        schooling.change_class(child, since=today + dt.timedelta(1), by=director)


def test_the_page_asks_as_much_for_three_as_for_one(client, community, django_assert_max_num_queries):
    a_pupil(community)
    with django_assert_max_num_queries(12) as first:
        client.get(MOVE_UP)
    a_pupil(community, "G6"), a_pupil(community, "K3")
    with django_assert_max_num_queries(len(first)):
        client.get(MOVE_UP)


def test_nobody_else_opens_the_page(community, supervisor, federation, counsellor, signed_in):
    for user in (supervisor, federation, counsellor):
        assert signed_in(user).get(MOVE_UP).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_people_move_the_same_pupils_up_once(director, community):
    pupils = [a_pupil(community) for _n in range(3)]
    decisions = {child.pk: ("G3", "G4", "") for child in pupils}
    moved = at_once(*[lambda: schooling.move_up(decisions, children=Child.objects.all(), by=director)] * 3)
    assert sorted(moved) == [0, 0, 3]
    assert set(Child.objects.values_list("grade", flat=True)) == {"G4"}
    assert SchoolPeriod.objects.count() == 3


def test_one_whose_past_reaches_into_the_new_year_is_named_and_holds_nobody_up(client, community, start):
    others, barred = [a_pupil(community), a_pupil(community, "G5")], a_pupil(community, "G2", name="周明")
    until = start + dt.timedelta(days=4)
    period = SchoolPeriod.objects.create(
        child=barred, community=community, grade="G1", school="老家小学", since=None, until=until
    )
    page = client.get(MOVE_UP)
    link = soup(page).find("a", href=reverse("children:school", args=[barred.pk]) + "#past")
    assert str(until) in link.text
    assert len(soup(page).select("a[href$='#past']")) == 1
    answer = client.post(MOVE_UP, filled(page), follow=True)
    assert "2 pupils are in their new grades" in words(answer)
    assert dict(Child.objects.values_list("pk", "grade")) == {others[0].pk: "G4", others[1].pk: "G6", barred.pk: "G2"}
    assert soup(answer).find("a", href=link["href"]) and "周明" in words(answer)
    client.post(reverse("children:strike_school", args=[period.pk]))
    client.post(MOVE_UP, filled(client.get(MOVE_UP)))
    assert Child.objects.get(pk=barred.pk).grade == "G3"
